// A tour of a new order: what must be filled, what may be left out, and what the desk does by itself (issue: face 5).

frappe.ui.form.on("Order", {
	refresh(frm) {
		if (!frm.is_new()) {
			return;
		}
		frm.add_custom_button(__("Show Me Around"), () => start_tour(frm));
		if (sessionStorage.getItem("order_flow_tour")) {
			sessionStorage.removeItem("order_flow_tour");
			frappe.after_ajax(() => start_tour(frm));
		}
	},
});

function order_tour_steps() {
	const step = (fieldname, title, description, position = "Bottom") => ({ fieldname, title, description, position });
	return [
		step(
			"customer",
			__("Who orders"),
			__("Type a part of the name or the code. Address, contact and terms come from the customer."),
		),
		step(
			"channel",
			__("How the order came in"),
			__("The channel decides which procedure the order follows, and whether WDT and U8 hear of it."),
		),
		step(
			"items",
			__("What is ordered"),
			__("One line a product. Move with Tab; paste rows from Excel into a cell of the table, headings included."),
			"Top",
		),
		step(
			"payment_term",
			__("How it is paid"),
			__("It decides whether goods wait for money, and what finance looks at."),
		),
		step(
			"requested_delivery_at",
			__("When it is wanted"),
			__("The customer's wish. The date you promise follows after the review."),
		),
		step(
			"mobile",
			__("Who receives the goods"),
			__("WDT wants name, mobile and the address down to the district; drivers call this number."),
		),
		step(
			"buyer_message",
			__("What else the customer says"),
			__("In his own words; WDT's warehouse reads it, too."),
			"Top",
		),
	];
}

function start_tour(frm) {
	// The framework counts the steps from 1 when it goes on in another tab.
	frappe.tour.Order = order_tour_steps().map((step, index) => ({ ...step, idx: index + 1, name: step.fieldname }));
	return frm.tour.init({}).then(() => {
		// The framework's driver has its buttons in English; they are read when its steps are defined.
		Object.assign(frm.tour.driver.options, {
			nextBtnText: __("Next"),
			prevBtnText: __("Previous"),
			doneBtnText: __("Finish the Tour"),
			closeBtnText: __("Close"),
			allowClose: true,
		});
		frm.tour.update_driver_steps();
		frm.tour.start();
	});
}
