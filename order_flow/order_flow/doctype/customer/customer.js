// A customer's form: the framework's own addresses and contacts, and what the customer owes.

const GRANTED_BY_FINANCE = ["account_kind", "credit_limit", "credit_valid_until"];

frappe.ui.form.on("Customer", {
	refresh(frm) {
		const finance = frappe.user.has_role("Finance");
		for (const field of GRANTED_BY_FINANCE) {
			frm.set_df_property(field, "read_only", finance ? 0 : 1);
		}
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
			return;
		}
		frappe.contacts.render_address_and_contact(frm);
		show_credit(frm);
		if (finance) {
			frm.add_custom_button(__("Assess Credit"), () => assess_dialog(frm));
		}
		if (frappe.model.can_create("Credit Raise Request")) {
			frm.add_custom_button(__("Request Higher Limit"), () =>
				frappe.new_doc("Credit Raise Request", { customer: frm.doc.name }),
			);
		}
	},
});

function show_credit(frm) {
	if (!frm.get_perm(1, "read")) {
		return;
	}
	const customer = frm.doc.name;
	frappe
		.call({ method: "order_flow.api.money.credit_standing", type: "GET", args: { customer } })
		.then(({ message }) => {
			// Another customer may have been opened meanwhile.
			if (frm.doc.name !== customer || !message.exposure) {
				return;
			}
			const money = (amount) => frappe.utils.html2text(format_currency(amount));
			const texts = [__("Owes {0}, may owe {1}.", [money(message.exposure), money(message.limit || 0)])];
			if (message.overdue) {
				const since = frappe.datetime.str_to_user(message.overdue_since);
				texts.push(__("{0} of it on overdue orders, since {1}.", [money(message.overdue), since]));
			}
			frm.dashboard.set_headline(frappe.utils.escape_html(texts.join(" ")), message.overdue ? "red" : "blue");
		});
}

function assess_dialog(frm) {
	const results = order_flow.choices(["Passed", "Failed"]);
	order_flow.step_dialog({
		title: __("Assess Credit"),
		fields: [
			{ fieldname: "result", fieldtype: "Select", label: __("Result"), options: results, reqd: 1 },
			{
				fieldname: "remark",
				fieldtype: "Small Text",
				label: __("Remark"),
				mandatory_depends_on: "eval:doc.result==='Failed'",
			},
		],
		run: (values) =>
			order_flow.call_step(frm, "order_flow.api.money.assess_customer", { customer: frm.doc.name, ...values }),
	});
}
