// Filters of the dispatch schedule.
frappe.query_reports["Dispatch Schedule"] = {
	filters: [
		{
			fieldname: "until",
			label: __("Leaves Until"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), 14),
		},
		{ fieldname: "carrier", label: __("Carrier"), fieldtype: "Data" },
	],
};
