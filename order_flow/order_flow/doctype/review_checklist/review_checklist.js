// The checklist's form: the order's facts on top, the reader's own questions next, one click a question.
// Whether an answer counts is decided by the server.

const REVIEW_API = "order_flow.api.reviews.";

frappe.ui.form.on("Review Checklist", {
	setup(frm) {
		const translated = (value) => frappe.utils.escape_html(__(value || ""));
		frappe.meta.get_docfield("Department Answer", "question", frm.doc.name).formatter = translated;
	},

	refresh(frm) {
		frm.disable_save();
		// For each document that is opened: the form works with a copy of the field of its own for it.
		frm.set_df_property("waiting_for", "formatter", (value) =>
			frappe.utils.escape_html(
				(value || "")
					.split(", ")
					.map((word) => __(word))
					.join(", "),
			),
		);
		frm.page.set_indicator(
			__(frm.doc.status),
			{ "In Review": "orange", Agreed: "green", Refused: "red" }[frm.doc.status] || "gray",
		);
		return frappe
			.call({ method: REVIEW_API + "checklist_form", type: "GET", args: { checklist: frm.doc.name } })
			.then(({ message }) => {
				show_order(frm, message);
				show_my_questions(frm, message);
				show_buttons(frm, message);
			});
	},
});

function escaped(text) {
	return frappe.utils.escape_html(frappe.utils.html2text(String(text ?? "")));
}

function show_order(frm, { order, lines, line_labels }) {
	const facts = order.map(
		({ label, value }) =>
			`<div class="col-sm-4 small"><span class="text-muted">${escaped(label)}</span> ${escaped(value)}</div>`,
	);
	const columns = Object.keys(line_labels);
	const head = columns.map((name) => `<th>${escaped(line_labels[name])}</th>`).join("");
	const rows = lines.map((line) => `<tr>${columns.map((name) => `<td>${escaped(line[name])}</td>`).join("")}</tr>`);
	frm.fields_dict.order_html.$wrapper.html(
		`<div class="review-order"><div class="row">${facts.join("")}</div>
		<table class="table table-bordered table-sm small" style="margin-top: 10px"><thead><tr>${head}</tr></thead>
		<tbody>${rows.join("")}</tbody></table></div>`,
	);
}

function show_my_questions(frm, { questions }) {
	const rows = frm.doc.answers.filter((row) => questions.includes(row.name));
	const $wrapper = frm.fields_dict.my_questions.$wrapper.empty();
	if (!rows.length) {
		$wrapper.html(`<p class="text-muted">${__("No question waits for you here.")}</p>`);
		return;
	}
	for (const row of rows) {
		$wrapper.append(question_card(frm, row));
	}
}

function question_card(frm, row) {
	const due = row.due_at ? `${__("Due At")}: ${frappe.datetime.str_to_user(row.due_at)}` : "";
	const given = row.answer === "Open" ? "" : __("Answer: {0} {1}", [__(row.answer), row.remark || ""]);
	const $card = $(`<div class="review-question" style="padding: 8px 0; border-bottom: 1px solid var(--border-color)">
		<div><b>${escaped(__(row.department))}</b> ${escaped(__(row.question))}${row.required ? " *" : ""}</div>
		<div class="small text-muted">${escaped(due)} ${escaped(given)}</div>
		<div style="margin-top: 6px"></div></div>`);
	const $buttons = $card.children().last();
	const button = (label, style, act) =>
		$(`<button class="btn btn-xs ${style}" style="margin-right: 6px">${label}</button>`)
			.on("click", act)
			.appendTo($buttons);
	button(__("Yes"), "btn-primary", () =>
		row.attachment_required ? answer_dialog(frm, row, "Yes") : send_answer(frm, row, { answer: "Yes" }),
	);
	button(__("No"), "btn-danger", () => answer_dialog(frm, row, "No"));
	button(__("With Remark"), "btn-default", () => answer_dialog(frm, row, "Yes"));
	if (row.may_defer) {
		button(__("Leave Open"), "btn-default", () => leave_open_dialog(frm, row));
	}
	return $card;
}

function call_review(frm, method, args, done) {
	return order_flow.call_step(frm, REVIEW_API + method, { checklist: frm.doc.name, ...args }, done);
}

function send_answer(frm, row, values) {
	return call_review(
		frm,
		"answer",
		{ department: row.department, question: row.question, ...values },
		__("The answer is recorded."),
	);
}

function answer_dialog(frm, row, answer) {
	order_flow.step_dialog({
		title: __("Answer"),
		fields: [
			{
				fieldname: "answer",
				fieldtype: "Select",
				label: __("Answer"),
				options: "Yes\nNo",
				default: answer,
				reqd: 1,
			},
			{
				fieldname: "remark",
				fieldtype: "Small Text",
				label: __("Remark"),
				description: __("Mandatory with No: it is the reason the order goes back with."),
			},
			{ fieldname: "section", fieldtype: "Section Break" },
			{ fieldname: "stated_date", fieldtype: "Date", label: __("Stated Date") },
			{ fieldname: "stated_price", fieldtype: "Currency", label: __("Stated Price") },
			{ fieldname: "column", fieldtype: "Column Break" },
			{
				fieldname: "attachment",
				fieldtype: "Attach",
				label: __("Attachment"),
				reqd: row.attachment_required && answer === "Yes" ? 1 : 0,
			},
		],
		run: (values) => send_answer(frm, row, values),
	});
}

function leave_open_dialog(frm, row) {
	order_flow.step_dialog({
		title: __("Leave Open"),
		fields: [
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Kind"),
				options: "Label\nPacking Print\nOther",
				default: "Label",
				reqd: 1,
			},
			{ fieldname: "until", fieldtype: "Date", label: __("Expected On"), reqd: 1 },
			{ fieldname: "remark", fieldtype: "Small Text", label: __("What Is Open"), reqd: 1 },
		],
		run: (values) =>
			call_review(
				frm,
				"leave_open",
				{ department: row.department, question: row.question, ...values },
				__("The point stays open until its date."),
			),
	});
}

function delegate_dialog(frm, departments) {
	order_flow.step_dialog({
		title: __("Delegate"),
		fields: [
			{
				fieldname: "department",
				fieldtype: "Select",
				label: __("Department"),
				options: departments,
				default: departments[0],
				reqd: 1,
			},
			{
				fieldname: "to",
				fieldtype: "Link",
				label: __("Delegated To"),
				options: "User",
				reqd: 1,
				get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }),
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		run: (values) => call_review(frm, "delegate", values, __("The answer is delegated.")),
	});
}

function meeting_dialog(frm) {
	const kinds = [
		["Technical Briefing", frm.doc.briefing_required],
		["Review Meeting", frm.doc.meeting_required],
	];
	const wanted = kinds.filter(([kind, required]) => required && !frm.doc.meetings.some((row) => row.kind === kind));
	order_flow.step_dialog({
		title: __("Record Meeting"),
		fields: [
			{
				fieldname: "kind",
				fieldtype: "Select",
				label: __("Kind"),
				options: kinds.map(([kind]) => kind),
				default: (wanted[0] || kinds[1])[0],
				reqd: 1,
			},
			{
				fieldname: "held_at",
				fieldtype: "Datetime",
				label: __("Held At"),
				default: frappe.datetime.now_datetime(),
				reqd: 1,
			},
			{ fieldname: "participants", fieldtype: "Small Text", label: __("Participants"), reqd: 1 },
			{ fieldname: "minutes", fieldtype: "Attach", label: __("Minutes"), reqd: 1 },
			{ fieldname: "section", fieldtype: "Section Break", label: __("Dates It Fixed") },
			{ fieldname: "purchase_date", fieldtype: "Date", label: __("Purchase Date") },
			{ fieldname: "column", fieldtype: "Column Break" },
			{ fieldname: "production_date", fieldtype: "Date", label: __("Production Date") },
			{ fieldname: "column2", fieldtype: "Column Break" },
			{ fieldname: "delivery_date", fieldtype: "Date", label: __("Delivery Date") },
		],
		run: (values) => call_review(frm, "record_meeting", values, __("The meeting is recorded.")),
	});
}

function show_buttons(frm, { delegable, may_record_meeting }) {
	const asked = delegable.filter((department) => frm.doc.answers.some((row) => row.department === department));
	if (asked.length) {
		frm.add_custom_button(__("Delegate"), () => delegate_dialog(frm, asked));
	}
	if (may_record_meeting) {
		frm.add_custom_button(__("Record Meeting"), () => meeting_dialog(frm));
	}
	frm.add_custom_button(__("Order"), () => frappe.set_route("Form", "Order", frm.doc.order_id));
}
