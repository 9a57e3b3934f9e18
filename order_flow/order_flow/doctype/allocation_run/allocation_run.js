// What a run gave to whom; a short line is red, its reason is translated for the reader.

frappe.ui.form.on("Allocation Run", {
	setup(frm) {
		const words = (value) =>
			(value || "")
				.split(", ")
				.map((word) => __(word))
				.join("，");
		frappe.meta.get_docfield("Allocation Run", "strategy", frm.docname).formatter = words;
	},

	refresh(frm) {
		frm.disable_save();
		const { orders, lines_allocated, lines_short } = frm.doc;
		frm.dashboard.set_headline(
			__("{0} orders: {1} lines have everything, {2} are short.", [orders, lines_allocated, lines_short]),
			lines_short ? "yellow" : "green",
		);
	},
});
