// A credit note's form: finance decides about a proposal; the server checks who asks.

(() => {
	const API = "order_flow.api.credit_notes.";

	frappe.ui.form.on("Credit Note", {
		refresh(frm) {
			if (frm.is_new()) {
				frm.add_custom_button(__("Take Lines of the Order"), () => take_lines(frm));
				return;
			}
			// A proposal stays as it was made.
			frm.disable_save();
			const undecided = frm.doc.note_state === "Proposed";
			if (!undecided || !frappe.user.has_role("Finance") || frm.doc.proposed_by === frappe.session.user) {
				return;
			}
			frm.add_custom_button(__("Approve Credit Note"), () =>
				frappe.confirm(__("Lower what the customer owes by this credit note?"), () =>
					decide(frm, "approve", {}, __("The credit note is approved.")),
				),
			).addClass("btn-primary");
			frm.add_custom_button(__("Reject Credit Note"), () =>
				order_flow.step_dialog({
					title: __("Reject Credit Note"),
					fields: [{ fieldname: "remark", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
					run: (values) => decide(frm, "reject", values, __("The credit note is rejected.")),
				}),
			);
		},
	});

	// What has left, each line with its pieces; who proposes takes out what is not credited.
	async function take_lines(frm) {
		if (!frm.doc.order_id) {
			frappe.msgprint(__("Choose the order first."));
			return;
		}
		const order = await frappe.db.get_doc("Order", frm.doc.order_id);
		const left = order.items.filter((line) => flt(line.shipped_quantity) > 0);
		if (!left.length) {
			frappe.msgprint(__("Nothing of this order has left yet: change the order instead."));
			return;
		}
		frm.clear_table("items");
		for (const line of left) {
			frm.add_child("items", {
				order_item: line.name,
				product: line.product,
				product_name: line.product_name,
				quantity: line.shipped_quantity,
			});
		}
		frm.refresh_field("items");
	}

	function decide(frm, method, values, done) {
		return order_flow.call_step(frm, API + method, { credit_note: frm.doc.name, ...values }, done);
	}
})();
