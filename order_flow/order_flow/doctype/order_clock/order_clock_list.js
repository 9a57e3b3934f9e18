frappe.listview_settings["Order Clock"] = {
	add_fields: ["state", "is_late", "kind", "due_at"],
	get_indicator({ state, is_late }) {
		if (state === "Running" && is_late) {
			return [__("Late"), "red", "is_late,=,1|state,=,Running"];
		}
		const colors = { Running: "blue", Paused: "orange", Met: "green", Missed: "red", Void: "gray" };
		return [__(state), colors[state], `state,=,${state}`];
	},
};
