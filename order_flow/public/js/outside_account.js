// The forms of all kinds of outside accounts: whether it is paused, and what an operator may start by hand.

for (const doctype of ["WDT Account", "U8 Account", "Tracking Account", "Messaging Account"]) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.is_new()) {
				return;
			}
			if (frm.doc.paused) {
				const reason = frm.doc.pause_reason || __("The account is paused.");
				frm.dashboard.set_headline(frappe.utils.escape_html(reason), "red");
			}
			if (frappe.user.has_role(["System Manager", "Order Integration"])) {
				add_operator_buttons(frm);
			}
		},
	});
}

function add_operator_buttons(frm) {
	const { doctype, name, paused, resting_until } = frm.doc;
	const account = { account_type: doctype, account: name };
	if (paused || resting_until) {
		const method = "order_flow.order_flow.doctype.sync_outbox.sync_outbox.resume";
		frm.add_custom_button(__("Resume"), () => call(frm, method, account, __("The account calls again.")));
	}
	if (doctype === "WDT Account") {
		frm.add_custom_button(__("Read Now"), () =>
			call(frm, "order_flow.api.sync.read_now", { wdt_account: name }, __("Reading has started.")),
		);
		frm.add_custom_button(__("Read Stock Now"), () =>
			call(frm, "order_flow.api.sync.read_stock_now", { wdt_account: name }, __("Reading has started.")),
		);
		frm.add_custom_button(__("Read Goods Now"), () =>
			call(frm, "order_flow.api.sync.read_goods_now", { wdt_account: name }, __("Reading has started.")),
		);
	}
	if (doctype === "Tracking Account") {
		frm.add_custom_button(__("Read Now"), () =>
			call(frm, "order_flow.api.sync.read_tracking_now", { tracking_account: name }, __("Reading has started.")),
		);
	}
	if (!["WDT Account", "U8 Account"].includes(doctype)) {
		return;
	}
	frm.add_custom_button(__("Compare Orders"), () =>
		call(
			frm,
			"order_flow.api.sync.reconcile_account",
			account,
			__("Comparing has started; what differs appears as Sync Discrepancy."),
		),
	);
}

function call(frm, method, args, done) {
	frappe.call({ method, type: "POST", args, freeze: true }).then(() => {
		frappe.show_alert({ message: done, indicator: "green" });
		frm.reload_doc();
	});
}
