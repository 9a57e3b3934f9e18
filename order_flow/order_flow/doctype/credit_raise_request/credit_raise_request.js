// A request's form: refusing asks for the reason first; the server checks every step.

frappe.ui.form.on("Credit Raise Request", {
	before_workflow_action(frm) {
		if (frm.selected_workflow_action !== "Refuse Limit" || frm.doc.refusal_reason) {
			return;
		}
		frappe.dom.unfreeze();
		return new Promise((go_on) => {
			frappe.prompt(
				{
					fieldname: "reason",
					fieldtype: "Small Text",
					label: __("Reason of the Refusal"),
					reqd: 1,
				},
				({ reason }) => {
					frm.doc.refusal_reason = reason;
					go_on();
				},
				__("Refuse Limit"),
			);
		});
	},
});
