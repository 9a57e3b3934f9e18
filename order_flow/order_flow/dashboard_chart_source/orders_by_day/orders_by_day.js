frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Orders by Day"] = {
	method: "order_flow.order_flow.dashboard_chart_source.orders_by_day.orders_by_day.get",
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
};
