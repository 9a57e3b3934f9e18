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

order_flow.list_views("Change Notice", [
	[__("Everything"), []],
	[__("Being Written"), [["change_state", "=", "Draft"]]],
	[__("Waiting for Answers"), [["change_state", "=", "Under Review"]]],
	[__("To Be Applied"), [["change_state", "=", "Approved"]]],
	[__("Applied"), [["change_state", "=", "Applied"]]],
]);
