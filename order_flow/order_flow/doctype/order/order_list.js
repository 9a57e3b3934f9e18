// The list of orders. The state's colour comes from the workflow; what needs an eye stands beside the delivery.

frappe.listview_settings["Order"] = {
	add_fields: ["on_hold", "cancel_requested", "promised_date", "delivery_status", "payment_status"],
	hide_name_column: false,
	onload(listview) {
		// A dozen filters would fill a phone's screen before the first order.
		listview.page.wrapper.find(".standard-filter-section").addClass("hidden-xs");
	},
	formatters: {
		delivery_status(value, df, doc) {
			const marks = [
				[doc.on_hold, "orange", __("On Hold")],
				[doc.cancel_requested, "red", __("Cancel Requested")],
				[is_late(doc), "red", __("Late")],
			];
			const pills = marks
				.filter(([shown]) => shown)
				.map(([, color, label]) => `<span class="indicator-pill no-indicator-dot ${color}">${label}</span>`);
			return [frappe.utils.escape_html(__(value || "")), ...pills].join(" ");
		},
	},
};

function is_late(doc) {
	return (
		doc.promised_date &&
		doc.docstatus !== 2 &&
		doc.delivery_status !== "Shipped" &&
		doc.workflow_state !== "Voided" &&
		doc.promised_date < frappe.datetime.get_today()
	);
}
