// While an order is written: what follows from the channel, the customer and the product, and its total.

(() => {
	const STANDS = ["workflow_state", "payment_status", "delivery_status", "settlement_status", "order_number"];

	frappe.ui.form.on("Order", {
		setup(frm) {
			frm.set_query("channel", () => ({ filters: { enabled: 1 } }));
			frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
			frm.set_query("product", "items", () => ({ filters: { disabled: 0 } }));
			frm.set_query("customer_address", () =>
				party_query(frm, "frappe.contacts.doctype.address.address.address_query"),
			);
			frm.set_query("contact", () => party_query(frm, "frappe.contacts.doctype.contact.contact.contact_query"));
		},

		refresh(frm) {
			// The link above shows the name already; lists and exports need the field.
			frm.toggle_display("customer_name", false);
			// Of a new order they say nothing yet, and stand between the clerk and the lines.
			frm.toggle_display(STANDS, !frm.is_new());
			frm.get_field("items").grid.update_docfield_property("shipped_quantity", "hidden", frm.is_new() ? 1 : 0);
		},

		onload(frm) {
			if (frm.is_new()) {
				return take_the_only_channel(frm);
			}
		},

		channel(frm) {
			return take_over_channel(frm);
		},

		customer(frm) {
			return take_over_customer(frm);
		},

		customer_address(frm) {
			return take_over_address(frm);
		},

		contact(frm) {
			return take_over_contact(frm);
		},
	});

	frappe.ui.form.on("Order Item", {
		product(frm, cdt, cdn) {
			return take_over_product(frm, cdt, cdn);
		},
	});

	// Most sites sell through one channel; nobody should have to choose it for every order.
	async function take_the_only_channel(frm) {
		const channels = await frappe.db.get_list("Sales Channel", { filters: { enabled: 1 }, limit: 2 });
		if (channels.length === 1 && !frm.doc.channel) {
			await frm.set_value("channel", channels[0].name);
		}
	}

	async function take_over_channel(frm) {
		if (!frm.is_new() || !frm.doc.channel) {
			return;
		}
		const fields = ["default_payment_term", "currency", "tax_included"];
		const { message } = await frappe.db.get_value("Sales Channel", frm.doc.channel, fields);
		await frm.set_value({
			payment_term: frm.doc.payment_term || message.default_payment_term,
			currency: message.currency || frm.doc.currency,
			tax_included: message.tax_included,
		});
	}

	function party_query(frm, query) {
		return { query, filters: { link_doctype: "Customer", link_name: frm.doc.customer } };
	}

	async function take_over_customer(frm) {
		if (!frm.doc.customer) {
			return;
		}
		const fields = ["customer_name", "default_payment_term", "trade", "sales_rep"];
		const [{ message }, customer_address, contact] = await Promise.all([
			frappe.db.get_value("Customer", frm.doc.customer, fields),
			first_of(frm, "Address", "is_shipping_address desc, is_primary_address desc"),
			first_of(frm, "Contact", "is_primary_contact desc"),
		]);
		// A contact brings its own name and number, see take_over_contact.
		const person = contact ? {} : { contact_person: frm.doc.contact_person || message.customer_name };
		await frm.set_value({
			customer_address,
			contact,
			...person,
			payment_term: message.default_payment_term || frm.doc.payment_term,
			trade: message.trade || frm.doc.trade,
			sales_rep: message.sales_rep || frm.doc.sales_rep,
		});
		// Without an address of its own the customer's last receiver is the likeliest.
		if (frm.is_new() && !customer_address && !frm.doc.address_line) {
			frm.trigger("take_last_receiver");
		}
	}

	// The customer's usual address or contact; empty where there is none, or where the reader sees none.
	async function first_of(frm, doctype, order_by) {
		if (!frappe.model.can_read(doctype)) {
			return "";
		}
		const filters = [
			["Dynamic Link", "link_doctype", "=", "Customer"],
			["Dynamic Link", "link_name", "=", frm.doc.customer],
		];
		const [found] = await frappe.db.get_list(doctype, { filters, order_by, limit: 1 });
		return found ? found.name : "";
	}

	async function take_over_address(frm) {
		if (!frm.doc.customer_address) {
			return;
		}
		const fields = ["state", "city", "county", "address_line1", "address_line2", "pincode"];
		const { message } = await frappe.db.get_value("Address", frm.doc.customer_address, fields);
		await frm.set_value({
			province: message.state,
			city: message.city,
			district: message.county,
			address_line: [message.address_line1, message.address_line2].filter(Boolean).join(" "),
			postal_code: message.pincode,
		});
	}

	async function take_over_contact(frm) {
		if (!frm.doc.contact) {
			return;
		}
		const { message } = await frappe.db.get_value("Contact", frm.doc.contact, [
			"full_name",
			"first_name",
			"mobile_no",
			"phone",
		]);
		await frm.set_value({
			contact_person: message.full_name || message.first_name,
			mobile: message.mobile_no || frm.doc.mobile,
			phone: message.phone || frm.doc.phone,
		});
	}

	async function take_over_product(frm, cdt, cdn) {
		const line = locals[cdt][cdn];
		if (!line.product) {
			return;
		}
		const fields = ["product_name", "specification", "unit", "list_price", "tax_percent"];
		const { message } = await frappe.db.get_value("Product", line.product, fields);
		await frappe.model.set_value(cdt, cdn, {
			product_name: message.product_name,
			specification: message.specification,
			unit: message.unit,
			unit_price: line.unit_price || message.list_price,
			tax_percent: line.tax_percent || message.tax_percent,
		});
		frm.trigger("amounts_changed");
	}
})();
