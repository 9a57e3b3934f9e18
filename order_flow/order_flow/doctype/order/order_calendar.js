// The calendar of orders by promised and by planned ship date. Dates are moved on the order, where rules hold.

// The framework's calendar knows no Chinese names of months and days by itself.
const CHINESE = {
	titleFormat: "YYYY年M月",
	columnFormat: "dddd",
	dayNames: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
	dayNamesShort: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
	firstDay: 1,
};

frappe.views.calendar["Order"] = {
	field_map: {
		id: "name",
		start: "start",
		end: "end",
		title: "title",
		allDay: "all_day",
		color: "color",
		convertToUserTz: "no",
	},
	get_events_method: "order_flow.api.desk.order_calendar",
	options: (frappe.boot.lang || "").startsWith("zh") ? CHINESE : {},
};
