// A kept version beside what it became, every field and every line.

frappe.ui.form.on("Order Version", {
	refresh(frm) {
		const version = frm.doc.name;
		return frappe
			.call({ method: "order_flow.api.changes.version", type: "GET", args: { version } })
			.then(({ message }) => frm.doc.name === version && draw_version(frm, message));
	},
});

function draw_version(frm, { order, lines }) {
	const escape = frappe.utils.escape_html;
	const row = (place, { label, old, new: became, changed }) =>
		`<tr class="${changed ? "bold" : ""}"><td>${escape(place)}</td><td>${escape(label)}</td>
			<td>${escape(old) || "-"}</td><td>${escape(became) || "-"}</td></tr>`;
	const rows = [
		...order.map((cell) => row(__("Order"), cell)),
		...lines.flatMap(({ line, cells }) => cells.map((cell) => row(line, cell))),
	].join("");
	frm.get_field("side_by_side").$wrapper.html(
		`<table class="table table-bordered">
			<thead><tr><th>${__("Where")}</th><th>${__("Field")}</th><th>${__("Old Value")}</th><th>${__("New Value")}</th></tr></thead>
			<tbody>${rows}</tbody>
		</table>`,
	);
}
