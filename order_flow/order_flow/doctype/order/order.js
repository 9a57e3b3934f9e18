// The order's form: says why the order does not move and asks the server for its steps.
// Which buttons appear is decided by order_flow.api.desk.order_form; whether they work, by the server.
/* global draw_clocks, draw_stages_and_sides, ship_date_dialog -- of public/js/order_*.js */

const API = "order_flow.api.orders.";
const REVIEW = "order_flow.api.reviews.";

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
		show_total_preview(frm);
		if (!frm.is_new()) {
			return show_standing(frm);
		}
	},

	before_workflow_action(frm) {
		return divert_workflow_action(frm);
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

	freight: (frm) => show_total_preview(frm),
	other_fees: (frm) => show_total_preview(frm),
	discount: (frm) => show_total_preview(frm),
	tax_included: (frm) => show_total_preview(frm),
});

frappe.ui.form.on("Order Item", {
	product(frm, cdt, cdn) {
		return take_over_product(frm, cdt, cdn);
	},
	quantity: (frm) => show_total_preview(frm),
	unit_price: (frm) => show_total_preview(frm),
	discount: (frm) => show_total_preview(frm),
	tax_percent: (frm) => show_total_preview(frm),
	items_remove: (frm) => show_total_preview(frm),
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

function show_standing(frm) {
	const order = frm.doc.name;
	return frappe
		.call({ method: "order_flow.api.desk.order_form", type: "GET", args: { order } })
		.then(({ message }) => {
			// Another order may have been opened meanwhile.
			if (frm.doc.name === order) {
				draw_standing(frm, message);
			}
		});
}

function draw_standing(frm, message) {
	frm.order_form = message;
	const text = frappe.utils.escape_html(frappe.utils.html2text(message.why.sentence));
	const color = message.why.reasons.length ? "yellow" : "blue";
	frm.dashboard.set_headline(`<span class="order-why">${text}</span>${review_line(message.review)}`, color);
	add_buttons(frm, message.actions);
	frm.trigger("standing_shown");
	// Drawn by public/js/order_standing.js and order_clocks.js, which the framework appends to this file.
	draw_stages_and_sides(frm, message);
	draw_clocks(frm, message.clocks);
}

function review_line(review) {
	if (!review) {
		return "";
	}
	const waiting = review.waiting_for.length
		? __("Waiting For") + ": " + review.waiting_for.map((word) => __(word)).join(", ")
		: "";
	const link = frappe.utils.get_form_link("Review Checklist", review.checklist, true);
	return `<div class="order-review">${link} ${__(review.status)} ${frappe.utils.escape_html(waiting)}</div>`;
}

const BUTTONS = {
	record_payment: [__("Record Payment"), (frm) => payment_dialog(frm, "Payment")],
	record_refund: [__("Record Refund"), (frm) => payment_dialog(frm, "Refund")],
	ship: [__("Ship"), (frm) => ship_dialog(frm)],
	instruct_dispatch: [__("Instruct Dispatch"), (frm) => frappe.new_doc("Shipment", { order_id: frm.doc.name })],
	confirm_receipt: [__("Confirm Receipt"), (frm) => confirm_receipt(frm)],
	change: [__("Change Order"), (frm) => write_change_notice(frm)],
	record_progress: [__("Record Progress"), (frm) => progress_dialog(frm)],
	start_review: [
		__("Start Review"),
		(frm) => call_method(frm, REVIEW + "start_review", {}, __("The departments are asked.")),
	],
	promise_date: [
		__("Promise Date"),
		(frm) => day_dialog(frm, __("Promise Date"), "promise_date", __("Promised Date")),
	],
	set_production_start: [
		__("Production Start"),
		(frm) => day_dialog(frm, __("Production Start"), "set_production_start", __("Production Start")),
	],
	decline: [__("Decline Order"), (frm) => decline_dialog(frm)],
	request_cancellation: [__("Request Cancellation"), (frm) => cancellation_dialog(frm)],
	set_ship_date: [__("Set Ship Date"), (frm) => ship_date_dialog(frm)],
	hold: [__("Hold"), (frm) => hold_dialog(frm)],
	release_hold: [__("Release Hold"), (frm) => call_step(frm, "release_hold", {}, __("The hold was released."))],
	delete: [__("Delete Order"), (frm) => delete_order(frm)],
};

function add_buttons(frm, actions) {
	for (const [label] of Object.values(BUTTONS)) {
		frm.remove_custom_button(label);
	}
	for (const action of actions) {
		const [label, act] = BUTTONS[action];
		frm.add_custom_button(label, () => act(frm));
	}
}

// The desk's menu of steps opens the same dialogs: these steps need facts, not only a click.
const DIALOG_OF_STEP = {
	Ship: (frm) => ship_dialog(frm),
	"Confirm Payment": (frm) => confirm_payment(frm),
	Cancel: (frm) => cancellation_dialog(frm),
};

function divert_workflow_action(frm) {
	const dialog = DIALOG_OF_STEP[frm.selected_workflow_action];
	if (!dialog || !frm.order_form) {
		return;
	}
	frappe.dom.unfreeze();
	frm.selected_workflow_action = null;
	dialog(frm);
	// Never settled on purpose: the framework would go on with the plain step, or report an error.
	return new Promise(() => {});
}

// Chained, not awaited: the framework has shown a refusal already, and a native promise would report it twice.
function call_step(frm, method, args, done) {
	return call_method(frm, API + method, args, done);
}

function call_method(frm, method, args, done) {
	return frappe
		.call({
			method,
			type: "POST",
			args: { order: frm.doc.name, ...args },
			freeze: true,
		})
		.then((answer) => {
			const message = typeof done === "function" ? done(answer.message || {}) : done;
			frappe.show_alert({ message, indicator: "green" });
			return frm.reload_doc();
		});
}

// Stays open on a refusal, so that nothing typed is lost.
function step_dialog({ title, fields, label, run }) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: label,
		primary_action(values) {
			dialog.disable_primary_action();
			run(values)
				.then(() => dialog.hide())
				.always(() => dialog.enable_primary_action());
		},
	});
	dialog.show();
	return dialog;
}

// Money that somebody wrote down is decided about; only where there is none is it written down here.
function confirm_payment(frm) {
	const recorded = frm.order_form.recorded_payments;
	if (!recorded.length) {
		return payment_dialog(frm, "Payment");
	}
	if (recorded.length === 1) {
		return frappe.set_route("Form", "Order Payment", recorded[0]);
	}
	return frappe.set_route("List", "Order Payment", { order_id: frm.doc.name, status: "Recorded" });
}

async function payment_dialog(frm, kind) {
	await frappe.model.with_doctype("Order Payment");
	const kinds = frappe.meta.get_docfield("Order Payment", "kind").options;
	const amount = kind === "Refund" ? frm.order_form.surplus : frm.order_form.outstanding;
	const title = kind === "Refund" ? __("Record Refund") : __("Record Payment");
	const recorded = frm.order_form.recorded_payments.length;
	const hint = recorded
		? [{ fieldname: "hint", fieldtype: "HTML", options: `<p class="text-warning">${waiting_words(recorded)}</p>` }]
		: [];
	step_dialog({
		title,
		label: title,
		fields: [
			...hint,
			{ fieldname: "kind", fieldtype: "Select", label: __("Kind"), options: kinds, default: kind, reqd: 1 },
			{
				fieldname: "amount",
				fieldtype: "Currency",
				label: __("Amount"),
				options: "currency",
				default: amount,
				reqd: 1,
			},
			{ fieldname: "column", fieldtype: "Column Break" },
			{
				fieldname: "received_on",
				fieldtype: "Datetime",
				label: __("Received On"),
				default: frappe.datetime.now_datetime(),
				reqd: 1,
			},
			{
				fieldname: "method",
				fieldtype: "Data",
				label: __("Method"),
				description: __("Bank, cash, Alipay, WeChat Pay ..."),
			},
			{ fieldname: "section", fieldtype: "Section Break" },
			{
				fieldname: "reference",
				fieldtype: "Data",
				label: __("Reference"),
				description: __(
					"The bank's or platform's own number. One order takes a reference once; a rejected record gives it free.",
				),
			},
		],
		run: (values) => call_step(frm, "record_payment", { reference: "", ...values }, __("The money is recorded.")),
	});
}

function waiting_words(count) {
	return __("{0} recorded payments wait for finance. Confirm or reject them before another one is recorded.", [
		count,
	]);
}

function day_dialog(frm, title, method, label) {
	step_dialog({
		title,
		label: title,
		fields: [{ fieldname: "day", fieldtype: "Date", label, reqd: 1 }],
		run: (values) => call_method(frm, REVIEW + method, values, __("The date is recorded.")),
	});
}

function decline_dialog(frm) {
	step_dialog({
		title: __("Decline Order"),
		label: __("Decline Order"),
		fields: [
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("Reason"),
				description: __("Why the company does not take the order; adjusting it with the customer comes first."),
				reqd: 1,
			},
		],
		run: (values) => call_method(frm, REVIEW + "decline_order", values, __("The order is declined.")),
	});
}

function ship_dialog(frm) {
	const dialog = step_dialog({
		title: __("Ship"),
		label: __("Ship"),
		fields: [
			{ fieldname: "carrier", fieldtype: "Data", label: __("Carrier") },
			{ fieldname: "column", fieldtype: "Column Break" },
			{ fieldname: "waybill_number", fieldtype: "Data", label: __("Waybill Number") },
			{ fieldname: "column2", fieldtype: "Column Break" },
			{ fieldname: "warehouse", fieldtype: "Data", label: __("Warehouse") },
			{ fieldname: "section", fieldtype: "Section Break" },
			{ fieldname: "lines", fieldtype: "HTML", options: quantities_table(frm.order_form.open_lines) },
		],
		run({ carrier = "", waybill_number = "", warehouse = "" }) {
			const items = typed_quantities(dialog);
			if (!items.length) {
				frappe.msgprint(
					__(
						"Nothing would be shipped: every quantity is zero. Enter the quantities that leave the warehouse.",
					),
				);
				return $.Deferred().reject();
			}
			return call_step(
				frm,
				"ship",
				{ carrier, waybill_number, warehouse, items },
				__("The shipment is recorded."),
			);
		},
	});
}

// A plain table: the framework's grid in a dialog loses what was typed when a row is left with the Tab key.
function quantities_table(lines, column = __("Open Quantity")) {
	const escape = frappe.utils.escape_html;
	const rows = lines.map(
		({ order_item, product, product_name, open, quantity, most = open }) => `<tr>
			<td>${escape(product)}<div class="text-muted small">${escape(product_name || "")}</div></td>
			<td class="text-right">${open}</td>
			<td><input type="number" class="form-control input-xs text-right" min="0" max="${most}" step="any"
				value="${quantity}" data-order-item="${escape(order_item)}" aria-label="${__("Quantity")}"></td>
		</tr>`,
	);
	return `<table class="table table-bordered order-open-lines">
		<thead><tr>
			<th>${__("Product")}</th>
			<th class="text-right">${column}</th>
			<th class="text-right" style="width: 30%">${__("Quantity")}</th>
		</tr></thead>
		<tbody>${rows.join("")}</tbody>
	</table>`;
}

function typed_quantities(dialog) {
	return all_quantities(dialog).filter(({ quantity }) => flt(quantity) !== 0);
}

function all_quantities(dialog) {
	return dialog.$wrapper
		.find("[data-order-item]")
		.toArray()
		.map((input) => ({ order_item: input.dataset.orderItem, quantity: input.value }));
}

function confirm_receipt(frm) {
	frappe.confirm(__("Does the customer have all the goods of this order?"), () =>
		call_step(frm, "confirm_receipt", {}, __("The receipt is confirmed.")),
	);
}

function cancellation_dialog(frm) {
	const options = frm.order_form.cancel_reasons.map((value) => ({ value, label: __(value) }));
	step_dialog({
		title: __("Request Cancellation"),
		label: __("Request Cancellation"),
		fields: [
			{ fieldname: "reason", fieldtype: "Select", label: __("Cancel Reason"), options, reqd: 1 },
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
			{
				fieldname: "explanation",
				fieldtype: "HTML",
				hidden: !frm.doc.wdt_account,
				options: `<p class="text-muted small">${__(
					"What WDT may still ship is cancelled only when WDT agrees; until then the order keeps its state.",
				)}</p>`,
			},
		],
		run: ({ reason, remark = "" }) =>
			call_step(frm, "request_cancellation", { reason, remark }, ({ state }) =>
				["Voided", "Cancelled"].includes(state)
					? __("The order is called off.")
					: __("The cancellation is requested."),
			),
	});
}

// A confirmed order changes on paper only; the notice checks what it may touch.
function write_change_notice(frm) {
	frappe.new_doc("Change Notice", { order_id: frm.doc.name });
}

function progress_dialog(frm) {
	const field = {
		Purchased: "purchased_quantity",
		"In Work": "in_work_quantity",
		Packed: "packed_quantity",
		Invoiced: "invoiced_quantity",
	};
	const kinds = frm.order_form.progress_kinds;
	const options = kinds.map((value) => ({ value, label: __(value) }));
	const draw = () => dialog.fields_dict.lines.$wrapper.html(progress_table(frm, field[dialog.get_value("kind")]));
	const dialog = step_dialog({
		title: __("Record Progress"),
		label: __("Record Progress"),
		fields: [
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Kind"),
				options,
				default: kinds[0],
				reqd: 1,
				onchange: () => draw(),
			},
			{ fieldname: "lines", fieldtype: "HTML" },
		],
		run({ kind }) {
			const quantities = {};
			for (const { order_item, quantity } of all_quantities(dialog)) {
				quantities[order_item] = quantity || 0;
			}
			return call_method(
				frm,
				"order_flow.api.changes.record_progress",
				{ kind, quantities },
				__("The progress is recorded."),
			);
		},
	});
	draw();
}

function progress_table(frm, field) {
	const lines = frm.doc.items.map((line) => ({
		order_item: line.name,
		product: line.product,
		product_name: line.product_name,
		open: line.quantity,
		quantity: line[field] || 0,
		// More may be bought or made than is ordered.
		most: "",
	}));
	return quantities_table(lines, __("Ordered"));
}

function hold_dialog(frm) {
	step_dialog({
		title: __("Hold"),
		label: __("Hold"),
		fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Hold Reason"), reqd: 1 }],
		run: ({ reason }) => call_step(frm, "hold", { reason }, __("The order is on hold.")),
	});
}

function delete_order(frm) {
	frappe.confirm(__("Take this order back? It stays stored and traceable, but nobody works on it any more."), () =>
		call_step(frm, "delete_order", {}, __("The order was taken back.")),
	);
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
	show_total_preview(frm);
}

// Shown only; the server computes and stores the amounts.
function show_total_preview(frm) {
	if (!frm.fields_dict.total || frm.doc.docstatus !== 0) {
		return;
	}
	const gross = (frm.doc.items || []).reduce((sum, line) => sum + line_gross(frm, line), 0);
	const total = flt(gross + flt(frm.doc.freight) + flt(frm.doc.other_fees) - flt(frm.doc.discount), 2);
	const differs = total !== flt(frm.doc.total, 2);
	const text = differs ? __("After saving: {0}", [format_currency(total, frm.doc.currency)]) : "";
	frm.get_field("total").set_description(text);
}

function line_gross(frm, line) {
	const amount = flt(flt(line.quantity) * flt(line.unit_price) - flt(line.discount), 2);
	return frm.doc.tax_included ? amount : flt(amount + flt((amount * flt(line.tax_percent)) / 100, 2), 2);
}
