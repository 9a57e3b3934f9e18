// Lists whose state is no "status" of the framework's: the word and its colour, which a phone shows beside the name.

(() => {
	const STATE_OF = {
		Shortage: "shortage_state",
		"Delivery Case": "case_state",
		"Gate Override": "status",
		"Letter of Credit": "verification",
		"Order File": "state",
		"Customer Evaluation": "evaluation_state",
		"Stock Reservation": "reservation_state",
	};
	const COLORS = {
		orange: ["Open", "Customer Asked", "Customer Told", "Not Verified", "Checked", "Being Taken", "Prepared"],
		green: ["Agreed", "Closed", "Final", "Correct", "Taken", "Evaluated", "Issued"],
		blue: ["Active"],
		red: ["Refused", "Faulty", "Expired"],
	};

	const color_of = (word) => (Object.entries(COLORS).find(([, words]) => words.includes(word)) || ["gray"])[0];

	for (const [doctype, field] of Object.entries(STATE_OF)) {
		frappe.listview_settings[doctype] = {
			add_fields: [field],
			get_indicator: (doc) => [__(doc[field]), color_of(doc[field]), `${field},=,${doc[field]}`],
		};
	}
})();
