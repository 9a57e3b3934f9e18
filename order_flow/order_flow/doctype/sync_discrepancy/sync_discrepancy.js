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
		frappe.prompt(
			{
				fieldname: "resolution",
				fieldtype: "Small Text",
				label: __("What was done, or why is it no problem?"),
				reqd: 1,
			},
			(values) => call(frm, method, { resolution: values.resolution }),
			__("Close Discrepancy"),
		);
	}

	function call(frm, method, args) {
		frappe
			.call({ method: `${METHODS}.${method}`, args: { name: frm.doc.name, ...args }, freeze: true })
			.then(({ message }) => {
				if (message) {
					frappe.show_alert({ message, indicator: "green" });
				}
				frm.reload_doc();
			});
	}
})();
