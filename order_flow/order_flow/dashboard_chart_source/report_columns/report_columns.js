frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Report Columns"] = {
	method: "order_flow.order_flow.dashboard_chart_source.report_columns.report_columns.get",
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
};
