// A delivery case: what may be done is decided by the server, the buttons only ask.

const CASE_API = "order_flow.api.deliveries.";
const SOLUTIONS = ["Speed Up", "Replace", "Compensate", "Refund", "Take Back", "Explained"];

frappe.ui.form.on("Delivery Case", {
	refresh(frm) {
		frm.disable_save();
		const replaces = frm.doc.case_state !== "Closed" || frm.doc.solution === "Replace";
		if (replaces && frm.doc.shipment && frappe.user.has_role(["Warehouse", "Logistics"])) {
			frm.add_custom_button(__("Send Replacement"), () => replacement_dialog(frm));
		}
		if (frm.doc.case_state === "Closed") {
			return;
		}
		if (frappe.user.has_role(["Order Desk", "After-sales", "Sales", "Sales Manager"])) {
			frm.add_custom_button(__("Tell the Customer"), () => tell_dialog(frm));
		}
		if (frappe.user.has_role(["After-sales", "Logistics", "Order Desk"])) {
			frm.add_custom_button(__("Close Case"), () => close_dialog(frm)).addClass("btn-primary");
		}
	},
});

function case_dialog(frm, title, method, fields) {
	order_flow.step_dialog({
		title,
		fields,
		run: (values) => order_flow.call_step(frm, CASE_API + method, { case: frm.doc.name, ...values }),
	});
}

function tell_dialog(frm) {
	case_dialog(frm, __("Tell the Customer"), "tell_customer", [
		{ fieldname: "words", fieldtype: "Small Text", label: __("What the Customer Was Told"), reqd: 1 },
		{ fieldname: "new_date", fieldtype: "Date", label: __("New Date"), reqd: frm.doc.kind === "Delay" ? 1 : 0 },
	]);
}

function close_dialog(frm) {
	case_dialog(frm, __("Close Case"), "close_case", [
		{
			fieldname: "solution",
			fieldtype: "Select",
			label: __("Solution"),
			options: order_flow.choices(SOLUTIONS),
			reqd: 1,
		},
		{ fieldname: "cost", fieldtype: "Currency", label: __("Cost") },
		{
			fieldname: "cause",
			fieldtype: "Small Text",
			label: __("Cause"),
			reqd: ["Damage", "Loss"].includes(frm.doc.kind) ? 1 : 0,
		},
		{ fieldname: "claimed_from", fieldtype: "Data", label: __("Claimed From") },
	]);
}

function replacement_dialog(frm) {
	frappe.db.get_doc("Shipment", frm.doc.shipment).then((shipment) => {
		const goods = shipment.items.map((item, number) => ({
			fieldname: `line_${number}`,
			fieldtype: "Float",
			label: `${item.product} ${item.product_name || ""}`,
			default: item.quantity,
		}));
		order_flow.step_dialog({
			title: __("Send Replacement"),
			fields: [
				...goods,
				{ fieldname: "carrier", fieldtype: "Data", label: __("Carrier") },
				{ fieldname: "waybill_number", fieldtype: "Data", label: __("Waybill Number") },
			],
			run(values) {
				const items = shipment.items
					.map((item, number) => ({ order_item: item.order_item, quantity: values[`line_${number}`] || 0 }))
					.filter((item) => item.quantity > 0);
				const { carrier = "", waybill_number = "" } = values;
				const args = { case: frm.doc.name, items, carrier, waybill_number };
				return order_flow.call_step(frm, CASE_API + "send_replacement", args);
			},
		});
	});
}
