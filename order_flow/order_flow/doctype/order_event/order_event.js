// One event of an order's life; its words are stored in English and shown in the reader's language.

frappe.ui.form.on("Order Event", {
	setup(frm) {
		for (const field of ["step", "state_before", "state_after", "origin"]) {
			frm.get_docfield(field).formatter = (value) => frappe.utils.escape_html(__(value || ""));
		}
	},
	refresh(frm) {
		frm.disable_save();
	},
});
