// A WDT account's form: says whether it is paused and lets it go on.

frappe.ui.form.on("WDT Account", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		if (frm.doc.paused) {
			frm.dashboard.set_headline(frappe.utils.escape_html(frm.doc.pause_reason || __("The account is paused.")), "red");
		}
		if ((frm.doc.paused || frm.doc.resting_until) && frappe.user.has_role(["System Manager", "Order Integration"])) {
			frm.add_custom_button(__("Resume"), () => resume(frm));
		}
	},
});

async function resume(frm) {
	await frappe.call({
		method: "order_flow.order_flow.doctype.sync_outbox.sync_outbox.resume",
		type: "POST",
		args: { account_type: frm.doc.doctype, account: frm.doc.name },
		freeze: true,
	});
	frappe.show_alert({ message: __("The account calls again."), indicator: "green" });
	await frm.reload_doc();
}
