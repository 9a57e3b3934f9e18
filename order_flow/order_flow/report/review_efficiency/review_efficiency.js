frappe.query_reports["Review Efficiency"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -1),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "by",
			label: __("Group By"),
			fieldtype: "Select",
			options: "Department\nQuestion",
			default: "Department",
			reqd: 1,
		},
	],
};
