// The list of payments, with the colour of what finance decided.

const PAYMENT_COLORS = { Recorded: "orange", Confirmed: "green", Rejected: "red" };

frappe.listview_settings["Order Payment"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), PAYMENT_COLORS[doc.status], `status,=,${doc.status}`],
};

order_flow.list_views("Order Payment", [
	[__("Everything"), []],
	[__("To Be Checked"), [["status", "=", "Recorded"]]],
	[__("Confirmed"), [["status", "=", "Confirmed"]]],
	[__("Rejected"), [["status", "=", "Rejected"]]],
]);
