frappe.ui.form.on("Product", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		frm.set_query("brand", () => ({ filters: { disabled: 0 } }));
		frm.set_query("category", () => ({ filters: { disabled: 0 } }));
		const readers = ["System Manager", "Order Integration", "Order Desk", "Warehouse", "Planning", "Purchasing"];
		if (frappe.user.has_role(readers)) {
			frm.add_custom_button(__("Read from WDT"), () => read_from_wdt([frm.doc.name]));
		}
	},
});

function read_from_wdt(products) {
	return frappe
		.call({ method: "order_flow.api.sync.read_products", type: "POST", args: { products }, freeze: true })
		.then(() => frappe.show_alert({ message: __("Reading has started."), indicator: "green" }));
}
