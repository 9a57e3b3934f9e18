// How an order goes through this house, for the roles of whoever looks, with the places where each step is done
// . It can be put away, and comes back from its line.
/* exported draw_first_steps -- called by the block of the workspace (defaults/blocks.py) */

const HIDDEN_KEY = "order_flow_first_steps_hidden";

function draw_first_steps(root) {
	const box = root.querySelector(".first-steps");
	const hidden = localStorage.getItem(HIDDEN_KEY) === frappe.session.user;
	const steps = steps_of_roles();
	box.innerHTML = `${first_steps_style()}<details ${hidden ? "" : "open"}>
		<summary>${__("How an order goes, and where you do your part")}</summary>
		<ol>${steps.map(step_row).join("")}</ol></details>`;
	box.querySelector("details").addEventListener("toggle", ({ target }) =>
		target.open ? localStorage.removeItem(HIDDEN_KEY) : localStorage.setItem(HIDDEN_KEY, frappe.session.user),
	);
	box.querySelectorAll("a").forEach((link) =>
		link.addEventListener("click", (event) => {
			event.preventDefault();
			if (link.dataset.tour) {
				sessionStorage.setItem("order_flow_tour", "1");
			}
			frappe.set_route(link.getAttribute("href"));
		}),
	);
}

// A block lives in a shadow of its own: the desk's styles do not reach it, its variables do.
function first_steps_style() {
	return `<style>
		details { border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 14px; color: var(--text-color); font-size: var(--text-md); }
		summary { cursor: pointer; font-weight: 600; }
		ol { margin: 8px 0 0; padding-left: 22px; }
		li { padding: 3px 0; }
		a { color: var(--primary); margin-right: 12px; }
		.mine { font-weight: 600; }
	</style>`;
}

function steps_of_roles() {
	const place = (label, route, tour = "") => ({ label, route, tour });
	return [
		{
			what: __("An order comes in and is entered, by hand, from a file, or by another system."),
			roles: ["Order Desk", "Sales", "Sales Manager"],
			places: [
				place(__("Take an order, with a tour"), "/app/order/new", "1"),
				place(__("Orders from a file"), "/app/order-file"),
			],
		},
		{
			what: __("Its departments review it; every answer has a name and a time."),
			roles: [
				"Sales Manager",
				"Technology",
				"Purchasing",
				"Planning",
				"Production",
				"Quality",
				"Warehouse",
				"Finance",
			],
			places: [place(__("My reviews"), "/app/review-checklist")],
		},
		{
			what: __("It is confirmed. What stands in the way is written on top of the order, with who can free it."),
			roles: ["Order Desk", "Sales Manager"],
			places: [place(__("Unconfirmed orders"), "/app/order?workflow_state=Unconfirmed")],
		},
		{
			what: __("Finance sees the money: deposits, payments, letters of credit."),
			roles: ["Finance"],
			places: [
				place(__("Payments to confirm"), "/app/order-payment?status=Recorded"),
				place(__("What is due"), "/app/query-report/Due%20List"),
			],
		},
		{
			what: __("Goods are set aside; what is short is offered to the customer."),
			roles: ["Order Desk", "Planning", "Purchasing"],
			places: [place(__("Stock"), "/app/query-report/Stock"), place(__("Shortages"), "/app/shortage")],
		},
		{
			what: __("The warehouse prints, picks, scans and weighs; then the goods leave."),
			roles: ["Warehouse", "Logistics"],
			places: [
				place(__("Picking Plan"), "/app/query-report/Picking%20Plan"),
				place(__("Shipment List"), "/app/shipment"),
			],
		},
		{
			what: __("Before they set out, drivers call the receiver; the delivery is signed for on the phone."),
			roles: ["Logistics", "Field Rep", "After-sales"],
			places: [
				place(__("Dispatch Schedule"), "/app/query-report/Dispatch%20Schedule"),
				place(__("Delivery Cases"), "/app/delivery-case"),
			],
		},
		{
			what: __("A confirmed order changes on paper only: with a change notice."),
			roles: ["Order Desk", "Sales", "Sales Manager"],
			places: [place(__("Change Notices"), "/app/change-notice")],
		},
	].map((step) => ({ ...step, mine: step.roles.some((role) => frappe.user.has_role(role)) }));
}

function step_row({ what, places, mine }) {
	const links = mine
		? places.map(({ label, route, tour }) => `<a href="${route}" data-tour="${tour}">${label}</a>`).join("")
		: "";
	return `<li><span class="${mine ? "mine" : ""}">${what}</span> ${links}</li>`;
}
