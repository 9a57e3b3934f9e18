// The dialogs behind the order's buttons: what a step or a fact needs to be known. Loaded after the form's own
// script, whose way of calling a step they use.
/* global REVIEW, call_method, call_step -- of order.js */
/* exported cancellation_dialog, confirm_payment, confirm_receipt, day_dialog, decline_dialog, delete_order,
   hold_dialog, progress_dialog, ship_dialog, write_change_notice -- order.js has the buttons */

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
	order_flow.step_dialog({
		title,
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
	order_flow.step_dialog({
		title,
		fields: [{ fieldname: "day", fieldtype: "Date", label, reqd: 1 }],
		run: (values) => call_method(frm, REVIEW + method, values, __("The date is recorded.")),
	});
}

function decline_dialog(frm) {
	order_flow.step_dialog({
		title: __("Decline Order"),
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
	const dialog = order_flow.step_dialog({
		title: __("Ship"),
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
	order_flow.step_dialog({
		title: __("Request Cancellation"),
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
	const dialog = order_flow.step_dialog({
		title: __("Record Progress"),
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
	order_flow.step_dialog({
		title: __("Hold"),
		fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Hold Reason"), reqd: 1 }],
		run: ({ reason }) => call_step(frm, "hold", { reason }, __("The order is on hold.")),
	});
}

function delete_order(frm) {
	frappe.confirm(__("Take this order back? It stays stored and traceable, but nobody works on it any more."), () =>
		call_step(frm, "delete_order", {}, __("The order was taken back.")),
	);
}
