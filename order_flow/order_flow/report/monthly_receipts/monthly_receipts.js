// Money confirmed in a month: filters.

frappe.query_reports["Monthly Receipts"] = {
	filters: [
		{
			fieldname: "month",
			label: __("A Day of the Month"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "sales_rep", label: __("Sales Representative"), fieldtype: "Link", options: "User" },
	],
};
