// Colours of the states, and the two buttons for many rows at once with a report row by row.

(() => {
	const METHODS = "order_flow.order_flow.doctype.sync_outbox.sync_outbox";
	const OPERATOR_ROLES = ["System Manager", "Order Integration"];
	const COLOURS = {
		Pending: "blue",
		Leased: "light-blue",
		Waiting: "orange",
		Unknown: "yellow",
		Done: "green",
		Dead: "red",
		Superseded: "gray",
	};

	frappe.listview_settings["Sync Outbox"] = {
		hide_name_column: false,
		add_fields: ["state", "action", "blocked_by"],
		formatters: { action: (value) => order_flow.outbox_action(value) },
		get_indicator: (doc) => [__(doc.state), COLOURS[doc.state], `state,=,${doc.state}`],
		onload(listview) {
			if (!OPERATOR_ROLES.some((role) => frappe.user.has_role(role))) {
				return;
			}
			listview.page.add_action_item(__("Send again"), () => release(listview, "send_again", {}));
			listview.page.add_action_item(__("Done outside"), () =>
				frappe.prompt(
					{
						fieldname: "reason",
						fieldtype: "Small Text",
						label: __("What was done over there, and how did you check it?"),
						reqd: 1,
					},
					(values) => release(listview, "done_outside", { reason: values.reason }),
					__("Done outside"),
					__("Mark as Done"),
				),
			);
		},
	};

	function release(listview, method, args) {
		const names = listview.get_checked_items(true);
		if (!names.length) {
			return;
		}
		frappe.call({ method: `${METHODS}.${method}`, args: { names, ...args }, freeze: true }).then(({ message }) => {
			show_report(message);
			listview.clear_checked_items();
			listview.refresh();
		});
	}

	function show_report(lines) {
		const rows = lines.map(
			(line) =>
				`<tr><td>${line.name}</td><td>${line.released ? "✓" : "✗"}</td>` +
				`<td>${frappe.utils.escape_html(line.message)}</td></tr>`,
		);
		frappe.msgprint({
			title: __("{0} of {1} rows released", [lines.filter((line) => line.released).length, lines.length]),
			message: `<table class="table table-bordered">${rows.join("")}</table>`,
			wide: true,
		});
	}
})();
