// Rows pasted into the lines of an order: the server reads them and looks the products up in one call. What was
// not understood is shown before anything is taken.

(() => {
	const METHOD = "order_flow.api.desk.read_pasted_lines";

	frappe.ui.form.on("Order", {
		refresh(frm) {
			const { $wrapper } = frm.get_field("items");
			if ($wrapper.data("reads-pasted-lines")) {
				return;
			}
			$wrapper.data("reads-pasted-lines", true);
			// Before the framework's own handler, which puts columns where the cursor happens to stand.
			$wrapper.get(0).addEventListener("paste", (event) => pasted(frm, event), true);
		},
	});

	function pasted(frm, event) {
		const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
		const is_table = /[\t\n]/.test(text.trim());
		const in_dialog = event.target.closest(".form-in-grid");
		if (!is_table || in_dialog || !event.target.closest(".grid-row")) {
			return;
		}
		event.preventDefault();
		event.stopImmediatePropagation();
		const row = event.target.closest(".grid-row").dataset.name;
		frappe
			.call({ method: METHOD, type: "POST", args: { text }, freeze: true })
			.then(({ message }) => offer(frm, row, message));
	}

	function offer(frm, row, { lines, faults, guessed }) {
		if (!faults.length && !guessed) {
			return take(frm, row, lines);
		}
		const dialog = new frappe.ui.Dialog({
			title: __("Pasted Lines"),
			size: "large",
			fields: [{ fieldname: "preview", fieldtype: "HTML" }],
			primary_action_label: __("Take {0} Lines", [lines.length]),
			primary_action() {
				dialog.hide();
				take(frm, row, lines);
			},
		});
		dialog.get_field("preview").$wrapper.html(preview(frm, lines, faults, guessed));
		dialog.get_primary_btn().prop("disabled", !lines.length);
		dialog.show();
	}

	function preview(frm, lines, faults, guessed) {
		const hint = guessed
			? `<p>${__("No heading says which column is which. Please compare quantity and price.")}</p>`
			: "";
		return hint + table_of_faults(faults) + table_of_lines(frm, lines);
	}

	function table_of_faults(faults) {
		const rows = faults.map(({ row, text, why }) => [row, text, why.join(" ")]);
		const heads = [__("Row"), __("Product"), __("Not Understood")];
		return rows.length ? table("order-paste-faults", heads, rows) : "";
	}

	function table_of_lines(frm, lines) {
		const heads = [__("Product"), __("Product Name"), __("Quantity"), __("Unit Price")];
		const rows = lines.map((line) => [
			line.product,
			line.product_name,
			line.quantity,
			line.unit_price === null ? "–" : format_currency(line.unit_price, frm.doc.currency),
		]);
		return rows.length ? table("order-paste-lines", heads, rows) : "";
	}

	function table(name, heads, rows) {
		const cells = (tag, values) =>
			`<tr>${values.map((value) => `<${tag}>${frappe.utils.escape_html(String(value ?? ""))}</${tag}>`).join("")}</tr>`;
		const body = rows.map((row) => cells("td", row)).join("");
		return `<table class="table table-bordered ${name}"><thead>${cells("th", heads)}</thead><tbody>${body}</tbody></table>`;
	}

	// The row that the cursor stood in is filled first if it is empty; the others follow at the end.
	function take(frm, row, lines) {
		const { grid } = frm.get_field("items");
		const first = (frm.doc.items || []).find((line) => line.name === row && !line.product);
		for (const [place, values] of lines.entries()) {
			const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
			const line = place === 0 && first ? first : frappe.model.add_child(frm.doc, "Order Item", "items");
			Object.assign(line, known);
			frm.script_manager.trigger("amount_follows", line.doctype, line.name);
		}
		frm.dirty();
		grid.refresh();
		frm.trigger("amounts_changed");
		frappe.show_alert({ message: __("{0} lines were taken over.", [lines.length]), indicator: "green" });
	}
})();
