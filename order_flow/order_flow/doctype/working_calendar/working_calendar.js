frappe.ui.form.on("Working Calendar", {
	refresh({ doc, dashboard }) {
		if (doc.holiday_source !== "China" || !doc.known_until) {
			return;
		}
		const this_year = Number(frappe.datetime.get_today().slice(0, 4));
		const color = doc.known_until > this_year ? "blue" : "orange";
		const text = __(
			"China's holidays are known until the end of {0}. Later days count by weekends only until the library is updated or they are entered below.",
			[doc.known_until],
		);
		dashboard.set_headline(text, color);
	},
});
