frappe.ui.form.on("Open Point", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Open" || !frm.perm[0].write) {
			return;
		}
		frm.add_custom_button(__("Settle"), () =>
			order_flow.step_dialog({
				title: __("Settle"),
				fields: [{ fieldname: "answer", fieldtype: "Small Text", label: __("How It Was Settled"), reqd: 1 }],
				run: ({ answer }) =>
					order_flow.call_step(frm, "order_flow.api.reviews.settle_point", { point: frm.doc.name, answer }),
			}),
		);
	},
});
