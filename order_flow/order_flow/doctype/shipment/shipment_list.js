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
