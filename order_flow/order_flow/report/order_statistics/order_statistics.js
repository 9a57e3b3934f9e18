frappe.query_reports["Order Statistics"] = {
	filters: [
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.get_today(), -1), reqd: 1 },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today(), reqd: 1 },
		{
			fieldname: "by",
			label: __("Grouped by"),
			fieldtype: "Select",
			options: [
				{ value: "Day", label: __("Day") },
				{ value: "Week", label: __("Week") },
				{ value: "Month", label: __("Month") },
				{ value: "Product", label: __("Product") },
				{ value: "Category", label: __("Category") },
				{ value: "Product Type", label: __("Product Type") },
				{ value: "Customer", label: __("Customer") },
				{ value: "Channel", label: __("Channel") },
				{ value: "Sales Representative", label: __("Sales Representative") },
				{ value: "State", label: __("State") },
			],
			default: "Day",
			reqd: 1,
		},
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "product", label: __("Product"), fieldtype: "Link", options: "Product" },
		{ fieldname: "product_type", label: __("Product Type"), fieldtype: "Link", options: "Product Type" },
		{ fieldname: "channel", label: __("Channel"), fieldtype: "Link", options: "Sales Channel" },
	],
};
