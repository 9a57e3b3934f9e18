// The order's buttons for check, evidence, approvals, overrides and the release to planning. Loaded after the
// form's own script, whose table of buttons and dialogs it uses.
/* global BUTTONS -- of order.js */

const GATE_API = "order_flow.api.gates.";

Object.assign(BUTTONS, {
	check: [__("Check Order"), (frm) => check_order(frm)],
	record_evidence: [__("Record Evidence"), (frm) => evidence_dialog(frm)],
	confirm_drawings: [
		__("Confirm Drawings"),
		(frm) => remark_dialog(frm, "confirm_drawings", __("Confirm Drawings"), __("The drawings are confirmed.")),
	],
	approve_urgency: [__("Approve Urgency"), (frm) => urgency_dialog(frm)],
	decline_urgency: [
		__("Decline Urgency"),
		(frm) => remark_dialog(frm, "decline_urgency", __("Decline Urgency"), __("The order goes the normal way."), 1),
	],
	release_to_planning: [
		__("Release to Planning"),
		(frm) =>
			remark_dialog(
				frm,
				"release_to_planning",
				__("Release to Planning"),
				__("The order is released to planning."),
			),
	],
	override: [__("Override"), (frm) => override_dialog(frm)],
});

function call_gate(frm, method, args, done) {
	return frappe
		.call({ method: GATE_API + method, type: "POST", args: { order: frm.doc.name, ...args }, freeze: true })
		.then(() => {
			frappe.show_alert({ message: done, indicator: "green" });
			return frm.reload_doc();
		});
}

function check_order(frm) {
	return frappe
		.call({ method: GATE_API + "check_order", type: "POST", args: { order: frm.doc.name }, freeze: true })
		.then(({ message }) => {
			frappe.msgprint({ title: __(message.outcome), message: checked_table(message.rules), wide: true });
			return frm.reload_doc();
		});
}

const COLOR_OF_RESULT = { Pass: "green", Warn: "orange", Block: "red", Overridden: "blue" };

function checked_table(rules) {
	const escape = frappe.utils.escape_html;
	const rows = rules.map(
		({ check_point, gate, result, text }) => `<tr>
			<td>${escape(__(check_point))}</td>
			<td>${escape(__(gate))}</td>
			<td><span class="indicator-pill ${COLOR_OF_RESULT[result]}">${escape(__(result))}</span></td>
			<td>${escape(text)}</td>
		</tr>`,
	);
	return `<table class="table table-bordered order-check">
		<thead><tr>
			<th>${__("Check Point")}</th><th>${__("Gate")}</th><th>${__("Result")}</th><th>${__("What Is Missing")}</th>
		</tr></thead>
		<tbody>${rows.join("")}</tbody>
	</table>`;
}

function remark_dialog(frm, method, title, done, reqd = 0) {
	order_flow.step_dialog({
		title,
		fields: [{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark"), reqd }],
		run: ({ remark = "" }) => call_gate(frm, method, { remark }, done),
	});
}

async function evidence_dialog(frm) {
	await frappe.model.with_doctype("Order Evidence");
	const options = frappe.meta.get_docfield("Order Evidence", "kind").options;
	order_flow.step_dialog({
		title: __("Record Evidence"),
		fields: [
			{ fieldname: "kind", fieldtype: "Select", label: __("Kind"), options, reqd: 1 },
			{
				fieldname: "received_from",
				fieldtype: "Data",
				label: __("Received From"),
				reqd: 1,
				default: frm.doc.contact_person,
			},
			{ fieldname: "column", fieldtype: "Column Break" },
			{
				fieldname: "received_at",
				fieldtype: "Datetime",
				label: __("Received At"),
				default: frappe.datetime.now_datetime(),
				reqd: 1,
			},
			{ fieldname: "attachment", fieldtype: "Attach", label: __("Attachment") },
			{ fieldname: "section", fieldtype: "Section Break" },
			{
				fieldname: "remark",
				fieldtype: "Small Text",
				label: __("Remark"),
				description: __("For a spoken confirmation: what the customer said."),
			},
		],
		run: (values) => call_gate(frm, "record_evidence", values, __("The evidence is recorded.")),
	});
}

function urgency_dialog(frm) {
	order_flow.step_dialog({
		title: __("Approve Urgency"),
		fields: [
			{
				fieldname: "handler",
				fieldtype: "Link",
				options: "User",
				label: __("Handled by"),
				reqd: 1,
				default: frm.doc.urgent_handler,
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		run: ({ handler, remark = "" }) =>
			call_gate(frm, "approve_urgency", { handler, remark }, __("The urgency is approved.")),
	});
}

async function override_dialog(frm) {
	await frappe.model.with_doctype("Gate Override");
	const gates = frm.order_form.overridable;
	const kinds = frappe.meta.get_docfield("Gate Override", "kind").options;
	order_flow.step_dialog({
		title: __("Override"),
		fields: [
			{
				fieldname: "chosen",
				fieldtype: "Select",
				label: __("What Is Open"),
				options: gates.map(({ text }, value) => ({
					value: String(value),
					label: frappe.utils.html2text(text),
				})),
				default: "0",
				reqd: 1,
			},
			{ fieldname: "kind", fieldtype: "Select", label: __("Kind"), options: kinds, reqd: 1 },
			{ fieldname: "column", fieldtype: "Column Break" },
			{
				fieldname: "due_date",
				fieldtype: "Date",
				label: __("Settled by"),
				description: __("Needed where a point stays open."),
			},
			{ fieldname: "section", fieldtype: "Section Break" },
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("Reason"),
				reqd: 1,
				description: __("Kept with your name."),
			},
		],
		run({ chosen, kind, reason, due_date = "" }) {
			const { gate, check_point } = gates[Number(chosen)];
			return call_gate(
				frm,
				"override_gate",
				{ gate, check_point, kind, reason, due_date },
				__("The order may pass."),
			);
		},
	});
}
