// A letter of credit's form: verifying and amending go through the server's methods.

frappe.ui.form.on("Letter of Credit", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		frm.add_custom_button(__("Verify"), () => verify_dialog(frm));
		frm.add_custom_button(__("Amend by the Bank"), () => amend_dialog(frm));
		const verified = frm.doc.verification !== "Not Verified";
		for (const field of ["customer", "currency", "amount", "expiry_date", "latest_ship_date", "received_on"]) {
			frm.set_df_property(field, "read_only", verified ? 1 : 0);
		}
	},
});

function ask(frm, title, method, fields, done) {
	order_flow.step_dialog({
		title,
		fields,
		run: (values) =>
			order_flow.call_step(
				frm,
				`order_flow.api.money.${method}`,
				{ letter_of_credit: frm.doc.name, ...values },
				done,
			),
	});
}

function verify_dialog(frm) {
	const results = order_flow.choices(["Correct", "Faulty"]);
	ask(
		frm,
		__("Verify"),
		"verify_letter_of_credit",
		[
			{ fieldname: "result", fieldtype: "Select", label: __("Result"), options: results, reqd: 1 },
			{
				fieldname: "remark",
				fieldtype: "Small Text",
				label: __("Remark"),
				mandatory_depends_on: "eval:doc.result==='Faulty'",
			},
		],
		__("The verification is stored."),
	);
}

function amend_dialog(frm) {
	ask(
		frm,
		__("Amend by the Bank"),
		"amend_letter_of_credit",
		[
			{
				fieldname: "amended_on",
				fieldtype: "Date",
				label: __("Amended On"),
				default: frappe.datetime.get_today(),
				reqd: 1,
			},
			{
				fieldname: "amount",
				fieldtype: "Currency",
				label: __("Amount"),
				options: "currency",
				default: frm.doc.amount,
			},
			{ fieldname: "expiry_date", fieldtype: "Date", label: __("Expiry Date"), default: frm.doc.expiry_date },
			{
				fieldname: "latest_ship_date",
				fieldtype: "Date",
				label: __("Latest Ship Date"),
				default: frm.doc.latest_ship_date,
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		__("The amendment is stored; the letter of credit has to be verified again."),
	);
}
