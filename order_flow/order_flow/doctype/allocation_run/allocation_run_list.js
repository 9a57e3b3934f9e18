// The batch: collect what all confirmed orders still want, then allocate once.

frappe.listview_settings["Allocation Run"] = {
	onload(listview) {
		listview.page.add_inner_button(__("Allocate Now"), () => allocation_dialog(listview));
	},
	formatters: {
		strategy: (value) =>
			(value || "")
				.split(", ")
				.map((word) => __(word))
				.join("，"),
	},
};

const STRATEGIES = ["Urgent First", "First Confirmed First", "Promised Date", "Customer Rating", "Order Value"];

function allocation_dialog(listview) {
	const options = order_flow.choices(STRATEGIES);
	order_flow.step_dialog({
		title: __("Allocate Now"),
		fields: [
			{
				fieldname: "first",
				fieldtype: "Select",
				label: __("First by"),
				options,
				default: "Urgent First",
				reqd: 1,
			},
			{
				fieldname: "second",
				fieldtype: "Select",
				label: __("Then by"),
				options,
				default: "First Confirmed First",
				reqd: 1,
			},
			{ fieldname: "whole_orders", fieldtype: "Check", label: __("Whole Orders Only") },
			{ fieldname: "nearest_first", fieldtype: "Check", label: __("Nearest Warehouse First") },
		],
		label: __("Allocate"),
		run: ({ first, second, whole_orders, nearest_first }) =>
			frappe.call({
				method: "order_flow.api.stock.allocate",
				type: "POST",
				args: { keys: [first, second], whole_orders, nearest_first },
				freeze: true,
			}),
		done: ({ message }) => frappe.set_route("Form", "Allocation Run", message.run),
	});
	return listview;
}
