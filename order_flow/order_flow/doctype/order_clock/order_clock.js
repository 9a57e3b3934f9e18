frappe.ui.form.on("Order Clock", {
	refresh(frm) {
		const { reference_type, reference_name } = frm.doc;
		if (reference_type && reference_name) {
			frm.add_custom_button(__(reference_type), () => frappe.set_route("Form", reference_type, reference_name));
		}
	},
});
