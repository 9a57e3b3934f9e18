// A shipment's form: lines from what is open of the order; on the packing table goods are scanned, on the scales
// parcels are weighed. What is allowed is decided by the server.

const SHIPMENT_API = "order_flow.api.shipments.";
const DELIVERY_API = "order_flow.api.deliveries.";

frappe.ui.form.on("Shipment", {
	setup(frm) {
		frm.set_query("order_id", () => ({ filters: { workflow_state: ["in", ["Confirmed", "Paid"]] } }));
	},

	order_id(frm) {
		return fill_open_lines(frm);
	},

	onload(frm) {
		return fill_open_lines(frm);
	},

	refresh(frm) {
		frm.layout.wrapper.find(".packing-table").remove();
		if (frm.is_new()) {
			return;
		}
		const led_here = frm.doc.led_by !== "WDT";
		const worker = led_here && frappe.user.has_role(["Warehouse", "Logistics", "System Manager"]);
		if (worker && frm.doc.shipment_state === "Scanning") {
			draw_packing_table(frm);
			frm.add_custom_button(__("Unpack Everything"), () =>
				frappe.confirm(__("Take all goods out of the parcels and scan anew?"), () =>
					shipment_call(frm, "unpack"),
				),
			);
		}
		if (worker && frm.doc.shipment_state === "Weighing") {
			frm.add_custom_button(__("Weigh"), () => weigh_dialog(frm)).addClass("btn-primary");
		}
		const delivers = frappe.user.has_role(["Logistics", "Order Desk", "Warehouse", "Field Rep"]);
		if (delivers && !["Delivered", "Voided"].includes(frm.doc.shipment_state)) {
			frm.add_custom_button(__("Agree on Delivery"), () => agreement_dialog(frm));
			frm.add_custom_button(__("Not Reached"), () => unreached_dialog(frm));
		}
		if (["Shipped", "In Transit", "Exception"].includes(frm.doc.shipment_state)) {
			if (delivers) {
				frm.add_custom_button(__("Record Delivery"), () => delivery_dialog(frm)).addClass("btn-primary");
			}
			frm.add_custom_button(__("Report Problem"), () => trouble_dialog(frm));
		}
		const inspector = led_here && frappe.user.has_role(["Quality", "Warehouse"]);
		if (inspector && ["Picking", "Scanning", "Weighing"].includes(frm.doc.shipment_state)) {
			frm.add_custom_button(__("Record Inspection"), () => inspection_dialog(frm));
		}
	},
});

function fill_open_lines(frm) {
	if (!frm.is_new() || !frm.doc.order_id) {
		return;
	}
	return frappe
		.call({ method: "order_flow.api.desk.order_form", type: "GET", args: { order: frm.doc.order_id } })
		.then(({ message }) => {
			frm.clear_table("items");
			for (const { order_item, product, product_name, quantity } of message.open_lines) {
				frm.add_child("items", { order_item, product, product_name, quantity });
			}
			frm.refresh_field("items");
		});
}

function shipment_call(frm, method, args = {}) {
	return order_flow.call_step(frm, SHIPMENT_API + method, { shipment: frm.doc.name, ...args });
}

// The scanner types the code and Enter; the field keeps the focus, the hands stay on the goods.
function draw_packing_table(frm) {
	const packed = {};
	for (const row of frm.doc.packed || []) {
		packed[row.order_item] = (packed[row.order_item] || 0) + row.quantity;
	}
	const rows = frm.doc.items.map((item) => {
		const done = packed[item.order_item] || 0;
		const full = done >= item.quantity;
		return `<tr class="${full ? "packed-full" : ""}"><td>${frappe.utils.escape_html(item.product)}</td>
			<td>${frappe.utils.escape_html(item.product_name || "")}</td>
			<td class="text-right">${done} / ${item.quantity}</td><td>${full ? "✓" : ""}</td></tr>`;
	});
	const last = Math.max(1, ...(frm.doc.parcels || []).map((row) => row.parcel_number));
	const box = $(`<section class="packing-table" aria-label="${__("Packing")}">
		<form class="packing-scan">
			<label>${__("Barcode or Product Code")}<input class="form-control" name="code" autocomplete="off" required></label>
			<label>${__("Quantity")}<input class="form-control" name="quantity" type="number" min="0" step="any" value="1"></label>
			<label>${__("Parcel")}<input class="form-control" name="parcel" type="number" min="1" step="1" value="${frm.packing_parcel || last}"></label>
			<button class="btn btn-primary">${__("Pack")}</button>
		</form>
		<table class="table table-sm"><tbody>${rows.join("")}</tbody></table>
	</section>`);
	box.insertAfter(frm.layout.message);
	box.find("form").on("submit", (event) => {
		event.preventDefault();
		const { code, quantity, parcel } = Object.fromEntries(new FormData(event.target));
		frm.packing_parcel = parcel;
		const args = { shipment: frm.doc.name, code, quantity, parcel };
		// Not frozen: the next code may be scanned already.
		frappe
			.call({ method: SHIPMENT_API + "scan", type: "POST", args })
			.then(() => frm.reload_doc())
			.catch(() => box.find("[name=code]").val("").focus());
	});
	box.find("[name=code]").focus();
}

function weigh_dialog(frm) {
	const fields = (frm.doc.parcels || []).map((row) => ({
		fieldname: `parcel_${row.parcel_number}`,
		// Not Float: the framework selects the focused element 100 ms later, whatever has the focus then.
		fieldtype: "Data",
		label: __("Parcel {0} (kg)", [row.parcel_number]),
		default: row.weight || undefined,
		reqd: 1,
	}));
	order_flow.step_dialog({
		title: __("Weigh"),
		fields,
		label: __("Record and Dispatch"),
		run(values) {
			const weights = Object.fromEntries(
				Object.entries(values).map(([name, kg]) => [name.replace("parcel_", ""), kg]),
			);
			return shipment_call(frm, "weigh", { weights });
		},
		done({ why }) {
			if (why) {
				frappe.msgprint({
					title: __("The Goods Stay"),
					message: frappe.utils.escape_html(why),
					indicator: "orange",
				});
			}
		},
	});
}

function inspection_dialog(frm) {
	order_flow.step_dialog({
		title: __("Record Inspection"),
		fields: [
			{
				fieldname: "result",
				fieldtype: "Select",
				label: __("Inspection"),
				options: order_flow.choices(["Passed", "Failed"]),
				default: "Passed",
				reqd: 1,
			},
			{
				fieldname: "remark",
				fieldtype: "Small Text",
				label: __("Remark"),
				mandatory_depends_on: "eval:doc.result === 'Failed'",
			},
		],
		label: __("Record"),
		run: (values) => shipment_call(frm, "inspect", values),
	});
}

function delivery_dialog(frm) {
	const counts = frm.doc.items.map((item) => ({
		fieldname: `line_${item.idx}`,
		fieldtype: "Data",
		label: `${item.product_name || item.product} (${item.quantity} ${item.unit || ""})`,
		default: item.quantity,
	}));
	order_flow.step_dialog({
		title: __("Record Delivery"),
		fields: [
			{ fieldname: "received_by", fieldtype: "Data", label: __("Received By"), reqd: 1 },
			{
				fieldname: "proof",
				fieldtype: "Select",
				label: __("Proof"),
				options: order_flow.choices(["Signature", "Identity Document", "Order Number"]),
				default: "Signature",
				reqd: 1,
			},
			{
				fieldname: "delivered_at",
				fieldtype: "Datetime",
				label: __("Delivered At"),
				default: frappe.datetime.now_datetime(),
				reqd: 1,
			},
			{
				fieldname: "photo",
				fieldtype: "Attach Image",
				label: __("Photo"),
				description: __("The signed delivery note, or the goods at the door."),
			},
			{ fieldtype: "Section Break", label: __("Received Quantity") },
			...counts,
			{ fieldtype: "Section Break" },
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		label: __("Record"),
		run(values) {
			const counted = frm.doc.items.map((item) => ({
				order_item: item.order_item,
				quantity: values[`line_${item.idx}`],
			}));
			const { received_by, proof, delivered_at, photo, remark } = values;
			return deliver(frm, "record_delivery", { received_by, proof, delivered_at, photo, remark, counted });
		},
	});
}

const TROUBLE = [
	"Delay",
	"Damage",
	"Loss",
	"Short Delivery",
	"Receipt Refused",
	"Not Received",
	"Wrong Goods",
	"Tracking Error",
	"Other Problem",
];

function trouble_dialog(frm) {
	order_flow.step_dialog({
		title: __("Report Problem"),
		fields: [
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Kind"),
				options: order_flow.choices(TROUBLE),
				reqd: 1,
			},
			{ fieldname: "description", fieldtype: "Small Text", label: __("What Happened"), reqd: 1 },
			{ fieldname: "photo", fieldtype: "Attach Image", label: __("Photo") },
		],
		label: __("Open a Case"),
		run(values) {
			const args = { order: frm.doc.order_id, shipment: frm.doc.name, ...values };
			return frappe.call({ method: DELIVERY_API + "report_trouble", type: "POST", args, freeze: true });
		},
		done: ({ message }) => frappe.set_route("Form", "Delivery Case", message.case),
	});
}

// The receiver is called before anybody sets out; what was agreed stands on the shipment.
function agreement_dialog(frm) {
	order_flow.step_dialog({
		title: __("Agree on Delivery"),
		fields: [
			{
				fieldname: "agreed_with",
				fieldtype: "Data",
				label: __("Agreed With"),
				reqd: 1,
				default: frm.doc.agreed_with,
			},
			{
				fieldname: "agreed_for",
				fieldtype: "Datetime",
				label: __("Agreed for"),
				reqd: 1,
				default: frm.doc.agreed_for || frm.doc.arrive_by,
			},
			{
				fieldname: "remark",
				fieldtype: "Small Text",
				label: __("Agreed With the Receiver"),
				default: frm.doc.planned_on_call,
			},
		],
		label: __("Record"),
		run: (values) => deliver(frm, "agree_delivery", values),
	});
}

function unreached_dialog(frm) {
	order_flow.step_dialog({
		title: __("Not Reached"),
		fields: [{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") }],
		label: __("Record"),
		run: (values) => deliver(frm, "receiver_not_reached", values),
	});
}

function deliver(frm, method, values) {
	return order_flow.call_step(frm, DELIVERY_API + method, { shipment: frm.doc.name, ...values });
}
