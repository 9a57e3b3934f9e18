frappe.listview_settings["Sync Discrepancy"] = {
	add_fields: ["state", "kind"],
	filters: [["state", "=", "Open"]],
	get_indicator: (doc) => [
		__(doc.state),
		{ Open: "red", Resolved: "green", Dismissed: "gray" }[doc.state],
		`state,=,${doc.state}`,
	],
};
