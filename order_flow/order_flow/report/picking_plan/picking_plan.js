frappe.query_reports["Picking Plan"] = {
	filters: [
		{
			fieldname: "start",
			label: __("Picking Starts"),
			fieldtype: "Datetime",
			default: frappe.datetime.now_datetime(),
			reqd: 1,
		},
		{ fieldname: "pickers", label: __("People Who Pick"), fieldtype: "Int" },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.is_late ? `<span class="text-danger">${shown}</span>` : shown;
	},
};
