frappe.listview_settings["Review Checklist"] = {
	add_fields: ["status", "waiting_for"],
	get_indicator: (doc) => [
		__(doc.status),
		{ "In Review": "orange", Agreed: "green", Refused: "red", Withdrawn: "gray" }[doc.status],
		`status,=,${doc.status}`,
	],
	formatters: {
		waiting_for: (value) =>
			frappe.utils.escape_html(
				(value || "")
					.split(", ")
					.map((word) => __(word))
					.join(", "),
			),
	},
	onload(listview) {
		const show_mine = () =>
			frappe.call({ method: "order_flow.api.reviews.my_departments", type: "GET" }).then(({ message }) =>
				listview.filter_area.clear().then(() =>
					listview.filter_area.add([
						["Review Checklist", "status", "=", "In Review"],
						["Department Answer", "answer", "=", "Open"],
						// Newer releases drop an "in" with one value, and would show every department's reviews.
						message.length === 1
							? ["Department Answer", "department", "=", message[0]]
							: ["Department Answer", "department", "in", message.join(",")],
					]),
				),
			);
		listview.page.add_inner_button(__("Waiting for My Department"), show_mine);
		if (frappe.route_options && frappe.route_options.waiting_for_me) {
			frappe.route_options = null;
			show_mine();
		}
	},
};
