// What people type is text: the desk shows it as text, whatever it looks like.
// The store keeps names and addresses such as "<A座>" as they were typed, and several formatters of the framework
// put a field's value into the page as it is.

(() => {
	const PLAIN = ["Data", "Text", "SmallText", "LongText", "Autocomplete", "Select", "Link", "DynamicLink"];
	const MODULES = new Set(["Order Flow", "Contacts"]);
	// Without a tag's beginning there is no tag; doing it twice, or after the framework did it, changes nothing.
	const as_text = (value) => (typeof value === "string" ? value.replace(/</g, "&lt;") : value);

	function is_ours(df) {
		const doctype = df && (df.parent || df.doctype);
		if (doctype && doctype !== "DocField") {
			return MODULES.has((frappe.get_meta(doctype) || {}).module);
		}
		const report = frappe.query_report && frappe.query_report.report_doc;
		return Boolean(report && MODULES.has(report.module));
	}

	for (const name of PLAIN) {
		const format = frappe.form.formatters[name];
		if (format) {
			frappe.form.formatters[name] = function (value, df, ...rest) {
				return format.call(this, is_ours(df) ? as_text(value) : value, df, ...rest);
			};
		}
	}
})();
