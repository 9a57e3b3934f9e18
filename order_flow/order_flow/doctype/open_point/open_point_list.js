frappe.listview_settings["Open Point"] = {
	add_fields: ["status", "settle_by"],
	get_indicator(doc) {
		const late = doc.status === "Open" && doc.settle_by && doc.settle_by < frappe.datetime.get_today();
		return late
			? [__("Late"), "red", `settle_by,<,Today|status,=,Open`]
			: [__(doc.status), doc.status === "Open" ? "orange" : "green", `status,=,${doc.status}`];
	},
};
