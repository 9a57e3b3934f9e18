// The list of orders. The state's colour comes from the workflow; what needs an eye stands beside the delivery.

frappe.listview_settings["Order"] = {
	add_fields: ["on_hold", "cancel_requested", "promised_date", "delivery_status", "payment_status"],
	hide_name_column: false,
	before_render() {
		// A phone shows one column: the number tells a customer's orders apart.
		if (!frappe.is_mobile()) {
			return;
		}
		for (const order of cur_list.data) {
			if (!order.customer_name.startsWith(order.name)) {
				order.customer_name = `${order.name} ${order.customer_name}`;
			}
		}
	},
	formatters: {
		// Who may not see prices gets no sum with the row; the framework would show a zero.
		total: (value, df, doc) =>
			frappe.perm.has_perm("Order", 1, "read") ? frappe.format(value, df, { inline: 1 }, doc) : "–",
		delivery_status(value, df, doc) {
			const marks = marks_of(doc);
			if (!marks.length) {
				return frappe.utils.escape_html(__(value || ""));
			}
			// The column is narrow: the most urgent mark is shown, all of them on pointing at it.
			const [color, label] = marks[0];
			const all = [...marks.map((mark) => mark[1]), __(value || "")].join(" · ");
			return `<span class="indicator-pill no-indicator-dot ${color}" title="${all}">${label}</span>`;
		},
	},
};

function marks_of(doc) {
	return [
		[doc.cancel_requested, "red", __("Cancel Requested")],
		[doc.on_hold, "orange", __("On Hold")],
		[is_late(doc), "red", __("Late")],
	]
		.filter(([applies]) => applies)
		.map(([, color, label]) => [color, label]);
}

function is_late(doc) {
	return (
		doc.promised_date &&
		doc.docstatus !== 2 &&
		doc.delivery_status !== "Shipped" &&
		doc.workflow_state !== "Voided" &&
		doc.promised_date < frappe.datetime.get_today()
	);
}

const STILL_TO_SHIP = [
	["workflow_state", "in", ["Confirmed", "Paid"]],
	["delivery_status", "!=", "Shipped"],
];

order_flow.list_views("Order", [
	[__("Everything"), []],
	[__("To Confirm"), [["workflow_state", "in", ["Unconfirmed", "Under Review"]]]],
	[
		__("To Be Paid"),
		[
			["workflow_state", "=", "Confirmed"],
			["payment_family", "=", "Pay First"],
		],
	],
	[__("Not Shipped Yet"), STILL_TO_SHIP],
	[
		__("Late"),
		[
			...STILL_TO_SHIP,
			// Without this an older release takes an order without a date for a late one.
			["promised_date", "is", "set"],
			["promised_date", "<", frappe.datetime.get_today()],
		],
	],
	[__("Not Received Yet"), [["workflow_state", "=", "Shipped"]]],
	[__("On Hold"), [["on_hold", "=", 1]]],
	[__("Cancel Requested"), [["cancel_requested", "=", 1]]],
]);
