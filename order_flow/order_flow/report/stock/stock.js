frappe.query_reports["Stock"] = {
	filters: [
		{ fieldname: "product", label: __("Product"), fieldtype: "Link", options: "Product" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "below_safety", label: __("Below Safety Stock Only"), fieldtype: "Check" },
	],
};
