// The framework's forms in the words of our readers.
// The timeline: states and choices translated, amounts and days as forms show them, and no line about a value that
// was empty before and after. And no alert on each order that a workflow keeps from being edited: which steps there
// are, the form says itself.

(() => {
	const EMPTY = new Set(["", null, undefined, 0, "0", "0.0", "null"]);

	const { show_alert } = frappe;
	frappe.show_alert = frappe.toast = function (message, ...rest) {
		const of_workflow = message === __("This form is not editable due to a Workflow.");
		return of_workflow && cur_frm && is_ours(cur_frm) ? undefined : show_alert.call(this, message, ...rest);
	};

	$(document).on("form-load", (_event, frm) => {
		if (is_ours(frm)) {
			// Newer releases write the same words above the form, where it says why an order does not move.
			frm.show_workflow_read_only_banner = () => {};
		}
		const { timeline } = frm;
		if (!timeline || timeline.speaks_plainly || !is_ours(frm)) {
			return;
		}
		timeline.speaks_plainly = true;
		const original = timeline.get_version_timeline_contents;
		timeline.get_version_timeline_contents = function () {
			const stored = this.doc_info;
			this.doc_info = { ...stored, versions: (stored.versions || []).map((one) => in_words(one, this.frm)) };
			try {
				return original.call(this);
			} finally {
				this.doc_info = stored;
			}
		};
	});

	function is_ours(frm) {
		return (frm.meta || {}).module === "Order Flow";
	}

	function in_words(version, frm) {
		if (!version.data) {
			return version;
		}
		const data = JSON.parse(version.data);
		data.changed = changes(data.changed, frm.doctype, frm.doc);
		data.row_changed = (data.row_changed || [])
			.map(([table, ...row]) => {
				const field = frappe.meta.get_docfield(frm.doctype, table);
				return [table, ...row.slice(0, -1), changes(row.at(-1), field && field.options, frm.doc)];
			})
			.filter((row) => row.at(-1).length);
		return { ...version, data: JSON.stringify(data) };
	}

	function changes(rows, doctype, doc) {
		return (rows || [])
			.filter(([, before, after]) => !(EMPTY.has(before) && EMPTY.has(after)))
			.map(([field, before, after]) => {
				const df = doctype && frappe.meta.get_docfield(doctype, field);
				return [field, word(df, before, doc), word(df, after, doc)];
			});
	}

	const SHOWN = {
		Select: (value) => __(value),
		Check: (value) => (cint(value) ? __("Yes") : __("No")),
		Currency: (value, doc) => format_currency(flt(value), doc.currency),
		Date: (value) => frappe.datetime.str_to_user(value),
		Datetime: (value) => frappe.datetime.str_to_user(value),
	};

	function word(df, value, doc) {
		const shown = df && SHOWN[df.fieldtype];
		return shown && (df.fieldtype === "Check" || !EMPTY.has(value)) ? shown(value, doc) : value;
	}
})();
