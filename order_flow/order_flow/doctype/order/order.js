// The order's form: says why the order does not move and asks the server for its steps.
// Which buttons appear is decided by order_flow.api.desk.order_form; whether they work, by the server.
/* global cancellation_dialog, confirm_payment, confirm_receipt, day_dialog, decline_dialog, delete_order,
   draw_clocks, draw_stages_and_sides, hold_dialog, payment_dialog, progress_dialog, ship_date_dialog, ship_dialog,
   write_change_notice -- of public/js/order_*.js */

const API = "order_flow.api.orders.";
const REVIEW = "order_flow.api.reviews.";

frappe.ui.form.on("Order", {
	refresh(frm) {
		if (!frm.is_new()) {
			return show_standing(frm);
		}
	},

	before_workflow_action(frm) {
		return divert_workflow_action(frm);
	},
});

function show_standing(frm) {
	const order = frm.doc.name;
	return frappe
		.call({ method: "order_flow.api.desk.order_form", type: "GET", args: { order } })
		.then(({ message }) => {
			// Another order may have been opened meanwhile.
			if (frm.doc.name === order) {
				draw_standing(frm, message);
			}
		});
}

function draw_standing(frm, message) {
	frm.order_form = message;
	const text = frappe.utils.escape_html(frappe.utils.html2text(message.why.sentence));
	const color = message.why.reasons.length ? "yellow" : "blue";
	frm.dashboard.set_headline(`<span class="order-why">${text}</span>${review_line(message.review)}`, color);
	add_buttons(frm, message.actions);
	frm.trigger("standing_shown");
	// Drawn by public/js/order_standing.js and order_clocks.js, which the framework appends to this file.
	draw_stages_and_sides(frm, message);
	draw_clocks(frm, message.clocks);
}

function review_line(review) {
	if (!review) {
		return "";
	}
	const waiting = review.waiting_for.length
		? __("Waiting For") + ": " + review.waiting_for.map((word) => __(word)).join(", ")
		: "";
	const link = frappe.utils.get_form_link("Review Checklist", review.checklist, true);
	return `<div class="order-review">${link} ${__(review.status)} ${frappe.utils.escape_html(waiting)}</div>`;
}

const BUTTONS = {
	record_payment: [__("Record Payment"), (frm) => payment_dialog(frm, "Payment")],
	record_refund: [__("Record Refund"), (frm) => payment_dialog(frm, "Refund")],
	ship: [__("Ship"), (frm) => ship_dialog(frm)],
	instruct_dispatch: [__("Instruct Dispatch"), (frm) => frappe.new_doc("Shipment", { order_id: frm.doc.name })],
	confirm_receipt: [__("Confirm Receipt"), (frm) => confirm_receipt(frm)],
	change: [__("Change Order"), (frm) => write_change_notice(frm)],
	record_progress: [__("Record Progress"), (frm) => progress_dialog(frm)],
	start_review: [
		__("Start Review"),
		(frm) => call_method(frm, REVIEW + "start_review", {}, __("The departments are asked.")),
	],
	promise_date: [
		__("Promise Date"),
		(frm) => day_dialog(frm, __("Promise Date"), "promise_date", __("Promised Date")),
	],
	set_production_start: [
		__("Production Start"),
		(frm) => day_dialog(frm, __("Production Start"), "set_production_start", __("Production Start")),
	],
	decline: [__("Decline Order"), (frm) => decline_dialog(frm)],
	request_cancellation: [__("Request Cancellation"), (frm) => cancellation_dialog(frm)],
	set_ship_date: [__("Set Ship Date"), (frm) => ship_date_dialog(frm)],
	hold: [__("Hold"), (frm) => hold_dialog(frm)],
	release_hold: [__("Release Hold"), (frm) => call_step(frm, "release_hold", {}, __("The hold was released."))],
	delete: [__("Delete Order"), (frm) => delete_order(frm)],
};

function add_buttons(frm, actions) {
	for (const [label] of Object.values(BUTTONS)) {
		frm.remove_custom_button(label);
	}
	for (const action of actions) {
		const [label, act] = BUTTONS[action];
		frm.add_custom_button(label, () => act(frm));
	}
}

// The desk's menu of steps opens the same dialogs: these steps need facts, not only a click.
const DIALOG_OF_STEP = {
	Ship: (frm) => ship_dialog(frm),
	"Confirm Payment": (frm) => confirm_payment(frm),
	Cancel: (frm) => cancellation_dialog(frm),
};

function divert_workflow_action(frm) {
	const dialog = DIALOG_OF_STEP[frm.selected_workflow_action];
	if (!dialog || !frm.order_form) {
		return;
	}
	frappe.dom.unfreeze();
	frm.selected_workflow_action = null;
	dialog(frm);
	// Never settled on purpose: the framework would go on with the plain step, or report an error.
	return new Promise(() => {});
}

function call_step(frm, method, args, done) {
	return call_method(frm, API + method, args, done);
}

function call_method(frm, method, args, done) {
	return order_flow.call_step(frm, method, { order: frm.doc.name, ...args }, done);
}
