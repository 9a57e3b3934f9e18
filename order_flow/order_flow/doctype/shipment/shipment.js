// A shipment's form: its lines are picked from what is open of the order, its state follows the table on the server.

frappe.ui.form.on("Shipment", {
	setup(frm) {
		frm.set_query("order_id", () => ({ filters: { workflow_state: ["in", ["Confirmed", "Paid"]] } }));
	},

	order_id(frm) {
		return fill_open_lines(frm);
	},
});

function fill_open_lines(frm) {
	if (!frm.is_new() || !frm.doc.order_id) {
		return;
	}
	return frappe
		.call({ method: "order_flow.desk.order_form", type: "GET", args: { order: frm.doc.order_id } })
		.then(({ message }) => {
			frm.clear_table("items");
			for (const { order_item, product, product_name, quantity } of message.open_lines) {
				frm.add_child("items", { order_item, product, product_name, quantity });
			}
			frm.refresh_field("items");
		});
}
