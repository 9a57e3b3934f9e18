// My tasks: those I have and those of my roles that nobody has taken. The framework's own list begins with
// the tasks that I gave to others.
(function () {
	const settings = frappe.listview_settings["ToDo"] || {};
	const mine = () => ({ status: "Open", allocated_to: ["in", ["", frappe.session.user]] });

	frappe.listview_settings["ToDo"] = Object.assign(settings, {
		add_fields: ["reference_type", "reference_name", "role", "allocated_to", "status"],

		onload(list) {
			list.page.set_title(__("My Tasks"));
			const wanted = frappe.route_options || {};
			const asks_for_a_person = Object.keys(wanted).some((key) => key.endsWith("allocated_to"));
			frappe.route_options = Object.assign(asks_for_a_person ? {} : mine(), plain(wanted));
			list.page.add_inner_button(__("Open Tasks of My Roles"), () => {
				list.filter_area.clear(false).then(() => list.filter_area.set([["ToDo", "status", "=", "Open"]]));
			});
		},

		button: Object.assign(settings.button || {}, { get_label: () => __("Open Document") }),

		get_indicator(task) {
			if (task.status !== "Open") {
				return [__(task.status), "green", `status,=,${task.status}`];
			}
			if (task.allocated_to === frappe.session.user) {
				return [__("I have it"), "blue", `allocated_to,=,${task.allocated_to}`];
			}
			if (task.allocated_to) {
				const name = frappe.user.full_name(task.allocated_to);
				return [__("{0} has it", [name]), "gray", `allocated_to,=,${task.allocated_to}`];
			}
			const whose = task.role ? __("Free: {0}", [__(task.role)]) : __("Free");
			return [whose, "orange", "allocated_to,is,not set"];
		},
	});

	// A card's route says "ToDo.status"; the two spellings of one field must not both filter.
	function plain(options) {
		return Object.fromEntries(Object.entries(options).map(([key, value]) => [key.replace(/^ToDo\./, ""), value]));
	}
})();
