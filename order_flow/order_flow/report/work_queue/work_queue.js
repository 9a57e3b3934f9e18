// Filters of the work queue.
frappe.query_reports["Work Queue"] = {
	filters: [
		{ fieldname: "channel", label: __("Sales Channel"), fieldtype: "Link", options: "Sales Channel" },
		{ fieldname: "sales_rep", label: __("Sales Representative"), fieldtype: "Link", options: "User" },
	],
};
