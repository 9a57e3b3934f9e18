// A customer's form: the framework's own addresses and contacts.

frappe.ui.form.on("Customer", {
	refresh(frm) {
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
		} else {
			frappe.contacts.render_address_and_contact(frm);
		}
	},
});
