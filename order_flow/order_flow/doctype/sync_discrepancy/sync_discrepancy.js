// Repairs that the kind offers, and the two ways to close a discrepancy.

(() => {
	const METHODS = "order_flow.order_flow.doctype.sync_discrepancy.sync_discrepancy";
	const OPERATOR_ROLES = ["System Manager", "Order Integration"];

	frappe.ui.form.on("Sync Discrepancy", {
		refresh(frm) {
			frm.disable_save();
			const operator = OPERATOR_ROLES.some((role) => frappe.user.has_role(role));
			if (!operator || frm.doc.state !== "Open") {
				return;
			}
			const repairs = (frm.doc.__onload && frm.doc.__onload.repairs) || [];
			for (const repair of repairs) {
				frm.add_custom_button(
					__(repair.label),
					() => call(frm, "repair", { repair: repair.name }),
					__("Repair"),
				);
			}
			frm.add_custom_button(__("Resolve"), () => close(frm, "resolve"));
			frm.add_custom_button(__("Dismiss"), () => close(frm, "dismiss"));
		},
	});

	function close(frm, method) {
		order_flow.step_dialog({
			title: __("Close Discrepancy"),
			fields: [
				{
					fieldname: "resolution",
					fieldtype: "Small Text",
					label: __("What was done, or why is it no problem?"),
					reqd: 1,
				},
			],
			run: ({ resolution }) => call(frm, method, { resolution }),
		});
	}

	function call(frm, method, args) {
		return order_flow.call_step(frm, `${METHODS}.${method}`, { name: frm.doc.name, ...args }, (message) =>
			typeof message === "string" ? message : "",
		);
	}
})();
