const CHANGE_COLORS = {
	Draft: "orange",
	"Under Review": "yellow",
	Approved: "blue",
	Applied: "green",
	Rejected: "red",
	Withdrawn: "gray",
};

frappe.listview_settings["Change Notice"] = {
	add_fields: ["change_state"],
	get_indicator({ change_state }) {
		return [__(change_state), CHANGE_COLORS[change_state], `change_state,=,${change_state}`];
	},
};
