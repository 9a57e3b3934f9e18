// Shipments against their plan: filters, and what is late or incomplete in red.

frappe.query_reports["Order Status Tracking"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -30),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "workflow_state",
			label: __("State"),
			fieldtype: "Select",
			options: ["", "Confirmed", "Paid", "Shipped", "Received", "Completed"],
		},
		{ fieldname: "sales_rep", label: __("Sales Representative"), fieldtype: "Link", options: "User" },
		{ fieldname: "only_flagged", label: __("Only Late or Incomplete"), fieldtype: "Check" },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		const wrong = data?.flagged && ["missing", "recorded", "deviation"].includes(column.fieldname);
		return wrong ? `<span class="text-danger">${shown}</span>` : shown;
	},
};
