// What customers owe: filters.

frappe.query_reports["Customer Exposure"] = {
	filters: [
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "sales_rep", label: __("Sales Representative"), fieldtype: "Link", options: "User" },
		{ fieldname: "only_overdue", label: __("Only Overdue"), fieldtype: "Check" },
		{ fieldname: "only_over_limit", label: __("Only Over the Limit"), fieldtype: "Check" },
	],
};
