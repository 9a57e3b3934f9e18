// An order's buttons about money; which of them appear is decided by order_flow.flow.desk.money_actions.

(() => {
	const API = "order_flow.api.money.";
	const GROUP = __("Money");

	const BUTTONS = {
		settle_overpayment: [__("Settle Overpayment"), settle_dialog],
		accept_shortfall: [__("Take as Bank Charges"), shortfall_dialog],
		use_balance: [__("Pay from Balance"), balance_dialog],
		check_credit: [__("Check Credit"), credit_dialog],
		put_under_letter_of_credit: [__("Letter of Credit"), letter_dialog],
		propose_credit_note: [
			__("Propose Credit Note"),
			(frm) => frappe.new_doc("Credit Note", { order_id: frm.doc.name }),
		],
	};

	frappe.ui.form.on("Order", {
		standing_shown(frm) {
			for (const [label] of Object.values(BUTTONS)) {
				frm.remove_custom_button(label, GROUP);
			}
			for (const action of frm.order_form.money_actions) {
				const [label, act] = BUTTONS[action];
				frm.add_custom_button(label, () => act(frm, label), GROUP);
			}
		},
	});

	function ask(frm, title, method, fields, done) {
		order_flow.step_dialog({
			title,
			fields,
			run: (values) => order_flow.call_step(frm, API + method, { order: frm.doc.name, ...values }, done),
		});
	}

	function settle_dialog(frm, title) {
		ask(
			frm,
			title,
			"settle_overpayment",
			[
				{
					fieldname: "answer",
					fieldtype: "Select",
					label: __("Answer"),
					options: order_flow.choices(["Refund", "Keep as Balance", "Transfer to Order"]),
					default: "Refund",
					reqd: 1,
				},
				{
					fieldname: "target",
					fieldtype: "Link",
					label: __("Other Order"),
					options: "Order",
					depends_on: "eval:doc.answer==='Transfer to Order'",
					mandatory_depends_on: "eval:doc.answer==='Transfer to Order'",
					get_query: () => ({
						filters: {
							customer: frm.doc.customer,
							currency: frm.doc.currency,
							name: ["!=", frm.doc.name],
							payment_status: ["in", ["Unpaid", "Partly Paid"]],
						},
					}),
				},
			],
			__("The overpayment is settled."),
		);
	}

	function shortfall_dialog(frm, title) {
		ask(
			frm,
			title,
			"accept_shortfall",
			[{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark"), reqd: 1 }],
			__("The missing amount is taken as bank charges."),
		);
	}

	function balance_dialog(frm, title) {
		ask(
			frm,
			title,
			"use_balance",
			[
				{
					fieldname: "amount",
					fieldtype: "Currency",
					label: __("Amount"),
					options: "currency",
					default: frm.order_form.outstanding,
					reqd: 1,
				},
			],
			__("The order is paid from the customer's balance."),
		);
	}

	function credit_dialog(frm, title) {
		ask(
			frm,
			title,
			"check_credit",
			[
				{
					fieldname: "result",
					fieldtype: "Select",
					label: __("Result"),
					options: order_flow.choices(["Passed", "Failed"]),
					reqd: 1,
				},
				{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
			],
			__("The credit check is stored."),
		);
	}

	function letter_dialog(frm, title) {
		ask(
			frm,
			title,
			"put_under_letter_of_credit",
			[
				{
					fieldname: "letter_of_credit",
					fieldtype: "Link",
					label: __("Letter of Credit"),
					options: "Letter of Credit",
					default: frm.doc.letter_of_credit,
					description: __("Empty takes the order from under its letter of credit."),
					get_query: () => ({
						filters: { customer: frm.doc.customer, currency: frm.doc.currency, closed: 0 },
					}),
				},
			],
			__("The order's letter of credit is stored."),
		);
	}
})();
