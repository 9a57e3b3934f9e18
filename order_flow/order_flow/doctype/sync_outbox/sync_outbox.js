// What a person may do about a message: send it again, or say that it was done over there by hand.

(() => {
	const METHODS = "order_flow.order_flow.doctype.sync_outbox.sync_outbox";
	const OPERATOR_ROLES = ["System Manager", "Order Integration"];
	const RELEASABLE = ["Dead", "Waiting", "Unknown"];

	frappe.ui.form.on("Sync Outbox", {
		setup(frm) {
			frm.get_docfield("action").formatter = order_flow.outbox_action;
		},
		refresh(frm) {
			frm.disable_save();
			show_blocker(frm);
			if (!is_operator() || !RELEASABLE.includes(frm.doc.state)) {
				return;
			}
			frm.add_custom_button(__("Send again"), () => release(frm, "send_again", {}));
			frm.add_custom_button(__("Done outside"), () =>
				ask_reason((reason) => release(frm, "done_outside", { reason })),
			);
		},
	});

	function is_operator() {
		return OPERATOR_ROLES.some((role) => frappe.user.has_role(role));
	}

	function show_blocker(frm) {
		const blocker = frm.doc.__onload && frm.doc.__onload.blocker;
		if (!blocker) {
			return;
		}
		const link = frappe.utils.get_form_link("Sync Outbox", blocker.name, true);
		frm.set_intro(__("Waits for row {0} of the same document ({1}).", [link, __(blocker.state)]), "orange");
	}

	function ask_reason(then) {
		frappe.prompt(
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("What was done over there, and how did you check it?"),
				reqd: 1,
			},
			(values) => then(values.reason),
			__("Done outside"),
			__("Mark as Done"),
		);
	}

	function release(frm, method, args) {
		frappe
			.call({ method: `${METHODS}.${method}`, args: { names: [frm.doc.name], ...args }, freeze: true })
			.then(({ message }) => {
				const line = message[0];
				frappe.show_alert({ message: line.message, indicator: line.released ? "green" : "red" });
				frm.reload_doc();
			});
	}
})();
