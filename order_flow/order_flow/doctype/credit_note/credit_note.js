// A credit note's form: finance decides about a proposal; the server checks who asks.

(() => {
	const API = "order_flow.credit_note_api.";

	frappe.ui.form.on("Credit Note", {
		refresh(frm) {
			const undecided = !frm.is_new() && frm.doc.note_state === "Proposed";
			if (!undecided || !frappe.user.has_role("Finance") || frm.doc.proposed_by === frappe.session.user) {
				return;
			}
			frm.add_custom_button(__("Approve Credit Note"), () =>
				frappe.confirm(__("Lower what the customer owes by this credit note?"), () =>
					decide(frm, "approve", {}, __("The credit note is approved.")),
				),
			).addClass("btn-primary");
			frm.add_custom_button(__("Reject Credit Note"), () =>
				frappe.prompt(
					{ fieldname: "remark", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
					(values) => decide(frm, "reject", values, __("The credit note is rejected.")),
					__("Reject Credit Note"),
				),
			);
		},
	});

	function decide(frm, method, values, done) {
		frappe
			.call({ method: API + method, type: "POST", args: { credit_note: frm.doc.name, ...values }, freeze: true })
			.then(() => {
				frappe.show_alert({ message: done, indicator: "green" });
				frm.reload_doc();
			});
	}
})();
