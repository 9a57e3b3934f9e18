// The list of shipments, with the colour of where each one stands.

const SHIPMENT_COLORS = {
	"Waiting for Print": "orange",
	Picking: "orange",
	Scanning: "orange",
	Weighing: "orange",
	Shipped: "blue",
	"In Transit": "light-blue",
	Delivered: "green",
	Exception: "red",
	Voided: "gray",
};

frappe.listview_settings["Shipment"] = {
	add_fields: ["shipment_state"],
	get_indicator: (doc) => [
		__(doc.shipment_state),
		SHIPMENT_COLORS[doc.shipment_state],
		`shipment_state,=,${doc.shipment_state}`,
	],
};

order_flow.list_views("Shipment", [
	[__("Everything"), []],
	[__("To Print"), [["shipment_state", "=", "Waiting for Print"]]],
	[__("In the House"), [["shipment_state", "in", ["Picking", "Scanning", "Weighing"]]]],
	[__("On Its Way"), [["shipment_state", "in", ["Shipped", "In Transit"]]]],
	[__("Exception"), [["shipment_state", "=", "Exception"]]],
	[__("Delivered"), [["shipment_state", "=", "Delivered"]]],
]);
