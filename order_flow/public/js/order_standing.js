// The stations of an order and what each side says of it, on top of its form.
/* exported draw_stages_and_sides -- order.js calls it */

const COMPARE = "order_flow.api.sync.reconcile";
const STAGE_WORDS = {
	Done: __("Done"),
	Current: __("Now Here"),
	Ahead: __("Still to Come"),
	"Called Off": __("Called Off"),
};
const VERDICTS = {
	agreed: [__("The sides agree."), "green"],
	pending: [__("They differ because something is still on its way."), "blue"],
	unread: [__("A side could not be read; nothing can be said about it."), "orange"],
	differs: [__("They differ; see the discrepancies of the order."), "red"],
};

function draw_stages_and_sides(frm, { stages, sides, may_compare }) {
	frm.layout.wrapper.find(".order-standing").remove();
	// One side alone has nothing to be compared with: its words stand in the bar.
	const panel = sides.length > 1 ? sides_panel(sides, may_compare) : "";
	const box = $(
		`<section class="order-standing" aria-label="${__("Where It Stands")}">${stage_list(stages)}${panel}</section>`,
	);
	box.insertAfter(frm.layout.message);
	offer_customer_link(frm);
	box.find("[data-compare]").on("click", () => compare_sides(frm));
}

const LINK_GIVERS = ["Order Desk", "Sales", "Sales Manager", "After-sales"];
const RECEIPT_LINK_GIVERS = ["Order Desk", "After-sales"];

// In the menu, not among the buttons: asked for now and then.
function offer_customer_link(frm) {
	if (!frappe.user.has_role(LINK_GIVERS) || frm.page.menu.find("[data-customer-link]").length) {
		return;
	}
	const item = frm.page.add_menu_item(__("Link for the Customer"), () => customer_link_dialog(frm));
	item.attr("data-customer-link", "1");
	frm.page.add_menu_item(__("Close the Customer's Links"), () => close_customer_links(frm));
}

function close_customer_links(frm) {
	const close = () =>
		frappe
			.call({ method: "order_flow.api.links.revoke_links", type: "POST", args: { order: frm.doc.name } })
			.then(({ message: { revoked, left } }) =>
				frappe.msgprint(
					left
						? __("{0} links were closed; {1} more are closed by: {2}.", [
								revoked,
								left,
								RECEIPT_LINK_GIVERS.map((role) => __(role)).join("、"),
							])
						: __("{0} links were closed.", [revoked]),
				),
			);
	frappe.confirm(
		__("Close every link that was given to this order's customer? Whoever has one sees nothing any more."),
		close,
	);
}

function link_purposes() {
	const receipt = frappe.user.has_role(RECEIPT_LINK_GIVERS) ? [{ value: "Receipt", label: __("Receipt") }] : [];
	return [
		{ value: "Tracking", label: __("Tracking") },
		...receipt,
		{ value: "Shortage Answer", label: __("Shortage Answer") },
	];
}

function customer_link_dialog(frm) {
	order_flow.step_dialog({
		title: __("Link for the Customer"),
		label: __("Make the Link"),
		fields: [
			{
				fieldname: "purpose",
				fieldtype: "Select",
				label: __("Purpose"),
				options: link_purposes(),
				default: "Tracking",
				reqd: 1,
				description: __(
					"Whoever has the address sees the order without prices; with 'Receipt' he can confirm the arrival.",
				),
			},
		],
		run: ({ purpose }) =>
			frappe
				.call({
					method: "order_flow.api.links.create_link",
					type: "POST",
					args: { order: frm.doc.name, purpose },
				})
				.then(({ message }) => show_link(message.url)),
	});
}

function show_link(url) {
	frappe.utils.copy_to_clipboard(url);
	frappe.msgprint({
		title: __("Link for the Customer"),
		message: `<p>${__("It was copied. It is shown only now and stored nowhere.")}</p><code>${frappe.utils.escape_html(url)}</code>`,
	});
}

function stage_list(stages) {
	const items = stages.map(({ state, standing, at }) => {
		const style = standing.toLowerCase().replace(" ", "-");
		const current = standing === "Current" ? ' aria-current="step"' : "";
		return `<li class="order-stage order-stage-${style}"${current}>
			<span>${__(state)}</span><span class="sr-only"> ${STAGE_WORDS[standing]}</span>
			<span class="order-stage-at">${at ? frappe.datetime.str_to_user(at).slice(0, 16) : ""}</span>
		</li>`;
	});
	return `<ol class="order-stages">${items.join("")}</ol>`;
}

function sides_panel(sides, may_compare) {
	const button = may_compare
		? `<button class="btn btn-xs btn-default mt-2" data-compare="1">${__("Compare Now")}</button>`
		: "";
	return `<div class="order-sides">${sides.map(side_box).join("")}</div>${button}`;
}

function side_box({ side, account, says, numbers, heard_at, differences }) {
	const escape = frappe.utils.escape_html;
	const words = says.map((word) => __(word)).join(" · ") || __("Nothing heard yet");
	const age = heard_at ? __("As of {0}", [comment_when(heard_at)]) : "";
	const open = differences
		? `<span class="indicator-pill red">${__("{0} differences to settle", [differences])}</span>`
		: "";
	return `<div class="order-side">
		<div class="order-side-name">${__(side)} <span class="text-muted small">${escape(account)}</span></div>
		<div>${escape(words)} ${open}</div>
		<div class="text-muted small order-side-numbers">${escape(numbers)}</div>
		<div class="text-muted small">${age}</div>
	</div>`;
}

function compare_sides(frm) {
	return frappe
		.call({
			method: COMPARE,
			type: "POST",
			args: { order: frm.doc.name },
			freeze: true,
			freeze_message: __("The sides are read ..."),
		})
		.then(({ message }) => {
			const [text, indicator] = VERDICTS[message.verdict];
			frappe.show_alert({ message: text, indicator });
			return frm.reload_doc();
		});
}
