// What an order comes to, while it is typed: under its lines, and in sight while one scrolls.
// Shown only; the server computes and stores the amounts.

/* global format_number -- of the framework */

(() => {
	const MONEY_LEVEL = 1;

	frappe.ui.form.on("Order", {
		refresh: (frm) => show_totals(frm),
		amounts_changed: (frm) => show_totals(frm),
		freight: (frm) => show_totals(frm),
		other_fees: (frm) => show_totals(frm),
		discount: (frm) => show_totals(frm),
		tax_included: (frm) => show_totals(frm),
		currency: (frm) => show_totals(frm),
	});

	frappe.ui.form.on("Order Item", {
		quantity: (frm, cdt, cdn) => line_changed(frm, cdt, cdn),
		unit_price: (frm, cdt, cdn) => line_changed(frm, cdt, cdn),
		discount: (frm, cdt, cdn) => line_changed(frm, cdt, cdn),
		tax_percent: (frm, cdt, cdn) => line_changed(frm, cdt, cdn),
		amount_follows: (frm, cdt, cdn) => line_changed(frm, cdt, cdn),
		items_remove: (frm) => show_totals(frm),
		items_add: (frm) => show_totals(frm),
	});

	function net(line) {
		return flt(flt(line.quantity) * flt(line.unit_price) - flt(line.discount), 2);
	}

	function gross(frm, line) {
		const amount = net(line);
		return frm.doc.tax_included ? amount : flt(amount + flt((amount * flt(line.tax_percent)) / 100, 2), 2);
	}

	// The column shows the line as it will be; written into the row alone, so that nothing counts as changed.
	function line_changed(frm, cdt, cdn) {
		const line = locals[cdt][cdn];
		line.amount = net(line);
		const row = frm.get_field("items").grid.grid_rows_by_docname[cdn];
		if (row) {
			row.refresh_field("amount");
		}
		show_totals(frm);
	}

	function show_totals(frm) {
		const field = frm.get_field("items");
		if (!field || !field.$wrapper) {
			return;
		}
		field.$wrapper.find(".order-totals").remove();
		const lines = (frm.doc.items || []).filter((line) => line.product || line.quantity);
		if (!lines.length) {
			return;
		}
		const pieces = lines.reduce((sum, line) => sum + flt(line.quantity), 0);
		const words = [
			[__("Lines"), String(lines.length), ""],
			[__("Quantity"), format_number(pieces, null, Number.isInteger(pieces) ? 0 : 2), ""],
			...(frappe.perm.has_perm("Order", MONEY_LEVEL, "read") ? amounts(frm, lines) : []),
		];
		const cells = words.map(([label, value, kind]) => {
			const text = `${frappe.utils.escape_html(label)} <strong>${frappe.utils.escape_html(value)}</strong>`;
			return `<span class="order-totals-${kind || "count"}">${text}</span>`;
		});
		field.$wrapper.append(`<div class="order-totals" role="status">${cells.join("")}</div>`);
	}

	function amounts(frm, lines) {
		const money = (amount) => format_currency(amount, frm.doc.currency);
		const of_lines = lines.reduce((sum, line) => sum + gross(frm, line), 0);
		const total = flt(of_lines + flt(frm.doc.freight) + flt(frm.doc.other_fees) - flt(frm.doc.discount), 2);
		const shown = [[__("Total"), money(total), "total"]];
		if (!frm.is_new() && flt(frm.doc.paid_amount)) {
			shown.push([__("Paid Amount"), money(frm.doc.paid_amount), "paid"]);
			shown.push([__("Still to Pay"), money(Math.max(0, flt(total - frm.doc.paid_amount, 2))), "open"]);
		}
		return shown;
	}
})();
