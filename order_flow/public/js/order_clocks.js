// The clocks on the order's form: who must act until when, late ones in red.
// What may be told, paused or closed is decided by order_flow.api.desk.order_form and checked by the server.
/* exported draw_clocks, ship_date_dialog -- order.js calls them */

const CLOCK_API = "order_flow.api.clocks.";
const CLOCK_COLORS = {
	"Not Yet": "gray",
	Running: "blue",
	Late: "red",
	Paused: "orange",
	Met: "green",
	Missed: "red",
	Void: "gray",
};

function draw_clocks(frm, clocks) {
	const field = frm.get_field("clocks_html");
	frm.toggle_display("clocks_section", clocks.lines.length > 0);
	field.$wrapper.html(clocks_table(clocks.lines));
	field.$wrapper
		.find("[data-clock]")
		.on("click", ({ currentTarget }) => finish_dialog(frm, currentTarget.dataset.clock));
	add_clock_buttons(frm, clocks);
}

function clocks_table(lines) {
	const escape = frappe.utils.escape_html;
	const rows = lines.map((line) => {
		const red = line.late ? " text-danger" : "";
		const note = line.uncertain
			? `<div class="text-warning small">${__("Public holidays of the due year are not published yet; only weekends are counted.")}</div>`
			: "";
		const button = line.may_finish
			? `<button class="btn btn-xs btn-default" data-clock="${escape(line.name)}">${__("Done")}</button>`
			: "";
		return `<tr class="order-clock${red}">
			<td>${escape(line.title)}<div class="text-muted small">${escape(line.rule)}</div>${note}</td>
			<td>${escape(__(line.owner))}</td>
			<td><span class="indicator-pill ${CLOCK_COLORS[line.standing]}">${escape(__(line.standing))}</span>
				<div class="small">${escape(pause_words(line.pause_reasons))}</div></td>
			<td>${line.started_at ? frappe.datetime.str_to_user(line.started_at) : ""}</td>
			<td>${frappe.datetime.str_to_user(line.due_at)}</td>
			<td class="text-right">${escape(remaining_words(line))}</td>
			<td class="text-right">${button}</td>
		</tr>`;
	});
	return `<table class="table table-bordered order-clocks">
		<thead><tr>
			<th>${__("Limit")}</th>
			<th>${__("Role That Must Act")}</th>
			<th>${__("State")}</th>
			<th>${__("Started At")}</th>
			<th>${__("Due Time")}</th>
			<th class="text-right">${__("Remaining")}</th>
			<th></th>
		</tr></thead>
		<tbody>${rows.join("")}</tbody>
	</table>`;
}

function pause_words(reasons) {
	return reasons
		.split(",")
		.filter(Boolean)
		.map((reason) => __(reason))
		.join(", ");
}

function remaining_words({ standing, remaining_minutes, in_working_time }) {
	if (["Met", "Void"].includes(standing)) {
		return "";
	}
	const minutes = Math.abs(remaining_minutes);
	const span = __("{0} h {1} min", [Math.floor(minutes / 60), minutes % 60]);
	const words = in_working_time ? __("{0} of working time", [span]) : span;
	return remaining_minutes < 0 ? __("{0} late", [words]) : words;
}

function add_clock_buttons(frm, { events, pauses, resumes }) {
	const group = __("Clocks");
	const offers = [
		[__("Record Event"), events, (words) => event_dialog(frm, words)],
		[__("Pause Clocks"), pauses, (words) => pause_dialog(frm, words)],
		[__("Let Clocks Go On"), resumes, (words) => resume_dialog(frm, words)],
	];
	for (const [label, words, act] of offers) {
		frm.remove_custom_button(label, group);
		if (words.length) {
			frm.add_custom_button(label, () => act(words), group);
		}
	}
}

function event_dialog(frm, events) {
	order_flow.step_dialog({
		title: __("Record Event"),
		fields: [
			{
				fieldname: "event",
				fieldtype: "Select",
				label: __("Event"),
				options: order_flow.choices(events),
				reqd: 1,
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		run: ({ event, remark = "" }) => call_clock("record_event", { order: frm.doc.name, event, remark }, frm),
	});
}

function pause_dialog(frm, reasons) {
	order_flow.step_dialog({
		title: __("Pause Clocks"),
		fields: [
			{
				fieldname: "reason",
				fieldtype: "Select",
				label: __("Pause Reason"),
				options: order_flow.choices(reasons),
				reqd: 1,
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark"), reqd: 1 },
		],
		run: ({ reason, remark }) => call_clock("pause", { order: frm.doc.name, reason, remark }, frm),
	});
}

function resume_dialog(frm, reasons) {
	order_flow.step_dialog({
		title: __("Let Clocks Go On"),
		fields: [
			{
				fieldname: "reason",
				fieldtype: "Select",
				label: __("Pause Reason"),
				options: order_flow.choices(reasons),
				reqd: 1,
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		run: ({ reason, remark = "" }) => call_clock("resume", { order: frm.doc.name, reason, remark }, frm),
	});
}

function finish_dialog(frm, clock) {
	order_flow.step_dialog({
		title: __("Done"),
		fields: [{ fieldname: "remark", fieldtype: "Small Text", label: __("What was done"), reqd: 1 }],
		run: ({ remark }) => call_clock("finish", { clock, remark }, frm),
	});
}

function ship_date_dialog(frm) {
	order_flow.step_dialog({
		title: __("Set Ship Date"),
		fields: [
			{
				fieldname: "day",
				fieldtype: "Date",
				label: __("Planned Ship Date"),
				default: frm.doc.planned_ship_date || frm.doc.promised_date,
				reqd: 1,
			},
		],
		run: ({ day }) => call_clock("set_ship_date", { order: frm.doc.name, day }, frm),
	});
}

function call_clock(method, args, frm) {
	return order_flow.call_step(frm, CLOCK_API + method, args, __("The clocks were told."));
}
