frappe.ui.form.on("Open Point", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Open" || !frm.perm[0].write) {
			return;
		}
		frm.add_custom_button(__("Settle"), () =>
			frappe.prompt(
				{ fieldname: "answer", fieldtype: "Small Text", label: __("How It Was Settled"), reqd: 1 },
				({ answer }) =>
					frappe
						.call({
							method: "order_flow.api.reviews.settle_point",
							type: "POST",
							args: { point: frm.doc.name, answer },
							freeze: true,
						})
						.then(() => frm.reload_doc()),
				__("Settle"),
			),
		);
	},
});
