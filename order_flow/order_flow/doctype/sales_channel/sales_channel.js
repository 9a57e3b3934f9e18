// A sales channel's form: WDT can go first only where the channel has a WDT account.

const LEADS_FIELDS = ["leads_confirm", "leads_ship", "leads_cancel"];

frappe.ui.form.on("Sales Channel", {
	refresh(frm) {
		show_leads(frm);
	},

	wdt_account(frm) {
		show_leads(frm);
	},
});

function show_leads(frm) {
	for (const fieldname of LEADS_FIELDS) {
		frm.toggle_enable(fieldname, Boolean(frm.doc.wdt_account));
	}
}
