// The notice's form: changes are picked in a dialog that knows what the kind may touch; buttons, what is
// missing and old beside new come from order_flow.api.changes.form. The server decides what works.

const API = "order_flow.api.changes.";

frappe.ui.form.on("Change Notice", {
	setup(frm) {
		frm.set_query("order_id", () => ({ filters: { docstatus: 1 } }));
		frm.set_query("kind", () => ({ filters: { enabled: 1, flow_profile: ["in", ["", frm.flow_profile || ""]] } }));
		frm.set_query("product", "changes", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		learn_profile(frm);
		add_change_button(frm);
		if (!frm.is_new()) {
			return show_form(frm);
		}
	},

	before_workflow_action(frm) {
		if (frm.selected_workflow_action !== "Reject") {
			return;
		}
		frappe.dom.unfreeze();
		frm.selected_workflow_action = null;
		reject_dialog(frm);
		// Never settled on purpose: the framework would go on with the plain step, or report an error.
		return new Promise(() => {});
	},

	kind(frm) {
		frm.clear_table("changes");
		frm.refresh_field("changes");
		add_change_button(frm);
	},

	order_id(frm) {
		learn_profile(frm);
		add_change_button(frm);
	},
});

// Which kinds the order's procedure offers; the server refuses the others.
function learn_profile(frm) {
	if (!frm.doc.order_id || frm.doc.change_state !== "Draft") {
		return;
	}
	frappe.db
		.get_value("Order", frm.doc.order_id, "channel")
		.then(({ message }) => frappe.db.get_value("Sales Channel", message.channel, "flow_profile"))
		.then(({ message }) => {
			frm.flow_profile = message.flow_profile;
		});
}

function add_change_button(frm) {
	const label = __("Add Change");
	frm.remove_custom_button(label);
	if (frm.doc.change_state !== "Draft" || !frm.doc.order_id || !frm.doc.kind) {
		return;
	}
	frm.add_custom_button(label, () => change_dialog(frm)).addClass("btn-primary");
}

function show_form(frm) {
	const notice = frm.doc.name;
	return frappe.call({ method: API + "form", type: "GET", args: { notice } }).then(({ message }) => {
		// Another notice may have been opened meanwhile.
		if (frm.doc.name === notice) {
			draw_form(frm, message);
		}
	});
}

function draw_form(frm, message) {
	frm.change_form = message;
	draw_missing(frm, message.missing);
	draw_side_by_side(frm, message.side_by_side);
	for (const department of message.departments) {
		for (const word of ["Yes", "No"]) {
			frm.add_custom_button(
				`${__(department)}: ${__(word)}`,
				() => answer_dialog(frm, department, word),
				__("Answer"),
			);
		}
	}
	for (const name of message.records) {
		const [label, act] = RECORDS[name];
		frm.add_custom_button(label, () => act(frm), __("Record"));
	}
}

function draw_missing(frm, sentences) {
	const escape = (text) => frappe.utils.escape_html(frappe.utils.html2text(text));
	if (sentences.length) {
		frm.dashboard.set_headline(sentences.map(escape).join("<br>"), "yellow");
	}
}

function draw_side_by_side(frm, { order, lines }) {
	const escape = frappe.utils.escape_html;
	const row = (place, { label, old, new: became, changed }) =>
		changed
			? `<tr><td>${escape(place)}</td><td>${escape(label)}</td><td>${escape(old) || "-"}</td>
				<td class="bold">${escape(became) || "-"}</td></tr>`
			: "";
	const rows = [
		...order.map((cell) => row(__("Order"), cell)),
		...lines.flatMap(({ line, cells }) => cells.map((cell) => row(line, cell))),
	].join("");
	frm.get_field("side_by_side").$wrapper.html(
		`<table class="table table-bordered change-side-by-side">
			<thead><tr><th>${__("Where")}</th><th>${__("Field")}</th><th>${__("Old Value")}</th><th>${__("New Value")}</th></tr></thead>
			<tbody>${rows}</tbody>
		</table>`,
	);
}

function call_method(frm, method, args) {
	return order_flow.call_step(frm, API + method, { notice: frm.doc.name, ...args });
}

function record_dialog(title, fields, run) {
	order_flow.step_dialog({ title, fields, run });
}

function answer_dialog(frm, department, word) {
	const fields = [
		{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark"), reqd: word === "No" },
		{ fieldname: "attachment", fieldtype: "Attach", label: __("Attachment") },
	];
	record_dialog(`${__(department)}: ${__(word)}`, fields, ({ remark = "", attachment = "" }) =>
		call_method(frm, "answer", { department, answer: word, remark, attachment }),
	);
}

function reject_dialog(frm) {
	const fields = [{ fieldname: "remark", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];
	record_dialog(__("Reject"), fields, ({ remark }) => call_method(frm, "step", { step: "Reject", remark }));
}

const RECORDS = {
	customer_answer: [__("Customer's Answer"), (frm) => customer_answer_dialog(frm)],
	loss: [__("Loss"), (frm) => loss_dialog(frm)],
	approve_company_loss: [__("Approve the Company's Loss"), (frm) => call_method(frm, "approve_company_loss", {})],
	contract: [__("Supplementary Contract"), (frm) => contract_dialog(frm)],
	decide_review: [__("Review Like a Non-Regular Order"), (frm) => review_dialog(frm)],
};

function customer_answer_dialog(frm) {
	const fields = [
		{
			fieldname: "answer",
			fieldtype: "Select",
			label: __("Customer's Answer"),
			options: order_flow.choices(["Agreed", "Refused"]),
			reqd: 1,
		},
		{
			fieldname: "answered_on",
			fieldtype: "Date",
			label: __("Customer Answered On"),
			default: frappe.datetime.get_today(),
		},
		{ fieldname: "paper", fieldtype: "Attach", label: __("Customer's Written Answer") },
		{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark on the Answer") },
	];
	record_dialog(__("Customer's Answer"), fields, ({ answer, answered_on = "", paper = "", remark = "" }) =>
		call_method(frm, "customer_answer", { answer, answered_on, paper, remark }),
	);
}

function loss_dialog(frm) {
	const bearers = order_flow.choices(["No Loss", "Customer", "Company"]);
	const fields = [
		{ fieldname: "borne_by", fieldtype: "Select", label: __("Loss Borne By"), options: bearers, reqd: 1 },
		{ fieldname: "amount", fieldtype: "Float", label: __("Loss Amount"), default: frm.doc.loss_amount },
		{ fieldname: "agreement", fieldtype: "Attach", label: __("Customer's Agreement to the Loss") },
		{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark on the Loss") },
	];
	record_dialog(__("Loss"), fields, ({ borne_by, amount = 0, agreement = "", remark = "" }) =>
		call_method(frm, "loss", { borne_by, amount, agreement, remark }),
	);
}

function contract_dialog(frm) {
	const words = order_flow.choices(["Not Needed", "To Be Signed", "Signed"]);
	const fields = [
		{ fieldname: "contract", fieldtype: "Select", label: __("Supplementary Contract"), options: words, reqd: 1 },
		{ fieldname: "paper", fieldtype: "Attach", label: __("Signed Contract") },
	];
	record_dialog(__("Supplementary Contract"), fields, ({ contract, paper = "" }) =>
		call_method(frm, "contract", { contract, paper }),
	);
}

function review_dialog(frm) {
	frappe.confirm(
		__("Shall this change be reviewed like a non-regular order?"),
		() => call_method(frm, "decide_review", { wanted: 1 }),
		() => call_method(frm, "decide_review", { wanted: 0 }),
	);
}

function change_dialog(frm) {
	const args = { order: frm.doc.order_id, kind: frm.doc.kind };
	return frappe
		.call({ method: API + "choices", type: "GET", args })
		.then(({ message }) => draw_change_dialog(frm, message));
}

const ORDER = "";

function draw_change_dialog(frm, choices) {
	const places = [];
	if (choices.order.length) {
		places.push({ value: ORDER, label: __("Order") });
	}
	if (choices.line.length || choices.remove_line) {
		places.push(...choices.lines.map(({ name, label }) => ({ value: name, label })));
	}
	const actions = [
		...(choices.order.length || choices.line.length ? ["Change"] : []),
		...(choices.add_line ? ["Add Line"] : []),
		...(choices.remove_line ? ["Remove Line"] : []),
	];
	const dialog = new frappe.ui.Dialog({
		title: __("Add Change"),
		fields: [
			{
				fieldname: "action",
				fieldtype: "Select",
				label: __("Action"),
				options: order_flow.choices(actions),
				default: actions[0],
				reqd: 1,
				onchange: () => draw(),
			},
			{
				fieldname: "line",
				fieldtype: "Select",
				label: __("Where"),
				options: places,
				default: places[0]?.value,
				onchange: () => draw(),
			},
			{ fieldname: "field", fieldtype: "Select", label: __("Field"), options: [], onchange: () => draw_value() },
			{ fieldname: "value_area", fieldtype: "HTML" },
			{
				fieldname: "product",
				fieldtype: "Link",
				label: __("Product"),
				options: "Product",
				get_query: () => ({ filters: { disabled: 0 } }),
			},
			{ fieldname: "quantity", fieldtype: "Float", label: __("Quantity") },
			{ fieldname: "unit_price", fieldtype: "Float", label: __("Unit Price") },
		],
		primary_action_label: __("Add Change"),
		primary_action: () => take(),
	});
	let control = null;

	function definitions() {
		return dialog.get_value("line") ? choices.line : choices.order;
	}

	function draw() {
		const action = dialog.get_value("action");
		const change = action === "Change";
		dialog.set_df_property("line", "hidden", action === "Add Line");
		dialog.set_df_property("field", "hidden", !change);
		for (const name of ["product", "quantity", "unit_price"]) {
			dialog.set_df_property(name, "hidden", action !== "Add Line");
		}
		if (change) {
			const options = definitions().map(({ fieldname, label }) => ({ value: fieldname, label }));
			dialog.set_df_property("field", "options", options);
			dialog.set_value("field", options[0]?.value);
		}
		draw_value();
	}

	function draw_value() {
		const area = dialog.fields_dict.value_area.$wrapper.empty();
		control = null;
		const df = definitions().find(({ fieldname }) => fieldname === dialog.get_value("field"));
		if (dialog.get_value("action") !== "Change" || !df) {
			return;
		}
		const line = choices.lines.find(({ name }) => name === dialog.get_value("line"));
		const old = (line ? line.values : choices.values)[df.fieldname];
		control = frappe.ui.form.make_control({
			df: {
				...df,
				label: __("New Value"),
				description: __("Old Value: {0}", [frappe.utils.escape_html(old) || "-"]),
			},
			parent: area,
			render_input: true,
		});
		control.set_value(old);
	}

	function take() {
		const { action, line, field, product, quantity, unit_price } = dialog.get_values();
		const row = { action };
		if (action === "Add Line") {
			Object.assign(row, { product, quantity, unit_price, item_label: product });
		} else {
			const place = places.find(({ value }) => value === (line || ORDER));
			Object.assign(row, { order_item: line || null, item_label: place.label });
		}
		if (action === "Change") {
			const label = definitions().find(({ fieldname }) => fieldname === field).label;
			Object.assign(row, { fieldname: field, field_label: label, new_value: String(control.get_value() ?? "") });
		}
		// The empty row that the framework puts into a new table.
		frm.doc.changes = (frm.doc.changes || []).filter(
			(known) => known.order_item || known.fieldname || known.product,
		);
		frm.add_child("changes", row);
		frm.refresh_field("changes");
		frm.dirty();
		dialog.hide();
	}

	dialog.show();
	draw();
}
