// The trail of orders; its words are stored in English and shown in the reader's language.

(() => {
	const translated = (value) => frappe.utils.escape_html(__(value || ""));

	frappe.listview_settings["Order Event"] = {
		formatters: { step: translated, state_before: translated, state_after: translated },
	};
})();
