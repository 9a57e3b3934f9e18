// What is done about missing goods, and what the customer says to it.

const SHORTAGE_API = "order_flow.api.stock.";

frappe.ui.form.on("Shortage", {
	refresh(frm) {
		frm.disable_save();
		const may = frappe.user.has_role(["Order Desk", "Sales Manager"]);
		if (may && ["Open", "Customer Asked", "Refused"].includes(frm.doc.shortage_state)) {
			frm.add_custom_button(__("Decide"), () => decide_dialog(frm));
		}
		if (may && frm.doc.shortage_state === "Customer Asked") {
			frm.add_custom_button(__("Record Answer"), () => answer_dialog(frm));
		}
	},
});

function shortage_dialog(frm, title, method, fields) {
	order_flow.step_dialog({
		title,
		fields,
		run: (values) => order_flow.call_step(frm, SHORTAGE_API + method, { shortage: frm.doc.name, ...values }),
	});
}

function decide_dialog(frm) {
	const options = frappe.meta
		.get_docfield("Shortage", "decision")
		.options.split("\n")
		.filter(Boolean)
		.map((value) => ({ value, label: __(value) }));
	shortage_dialog(frm, __("Decide"), "decide_shortage", [
		{
			fieldname: "decision",
			fieldtype: "Select",
			label: __("Decision"),
			options,
			default: frm.doc.decision,
			reqd: 1,
		},
		{ fieldname: "new_date", fieldtype: "Date", label: __("New Date") },
		{ fieldname: "cost", fieldtype: "Currency", label: __("Cost") },
		{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
	]);
}

function answer_dialog(frm) {
	shortage_dialog(frm, __("Record Answer"), "answer_shortage", [
		{ fieldname: "agreed", fieldtype: "Check", label: __("The customer agrees") },
		{ fieldname: "remark", fieldtype: "Small Text", label: __("What the Customer Said") },
		{ fieldname: "paper", fieldtype: "Attach", label: __("Customer's Written Answer") },
	]);
}
