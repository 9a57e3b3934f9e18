// Recorded money: finance confirms or rejects it; the server checks who asks.

frappe.ui.form.on("Order Payment", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Recorded" || !frappe.user.has_role("Finance")) {
			return;
		}
		frm.add_custom_button(__("Confirm Payment"), () =>
			decide(frm, "confirm_payment", __("The payment is confirmed.")),
		).addClass("btn-primary");
		frm.add_custom_button(__("Reject Payment"), () =>
			frappe.confirm(__("Did this money never arrive? The record stays, marked as rejected."), () =>
				decide(frm, "reject_payment", __("The payment is rejected.")),
			),
		);
	},
});

function decide(frm, method, done) {
	frappe
		.call({
			method: `order_flow.api.orders.${method}`,
			type: "POST",
			args: { payment: frm.doc.name },
			freeze: true,
		})
		.then(() => {
			frappe.show_alert({ message: done, indicator: "green" });
			frm.reload_doc();
		});
}
