frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Translated Groups"] = {
	method: "order_flow.order_flow.dashboard_chart_source.translated_groups.translated_groups.get",
	filters: [],
};
