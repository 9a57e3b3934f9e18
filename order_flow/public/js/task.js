// A task of a role: one takes it, the others see who has it.
(function () {
	function deed(frm, name) {
		return frappe
			.call({ method: `order_flow.api.tasks.${name}`, args: { task: frm.doc.name }, freeze: true })
			.then(() => frm.reload_doc());
	}

	frappe.ui.form.on("ToDo", {
		refresh(frm) {
			const task = frm.doc;
			if (frm.is_new() || !task.role || task.status !== "Open") {
				return;
			}
			if (task.allocated_to === frappe.session.user) {
				frm.add_custom_button(__("Put Back"), () => deed(frm, "put_back"));
			} else if (!task.allocated_to) {
				frm.add_custom_button(__("Take It"), () => deed(frm, "take"));
			} else {
				frm.dashboard.set_headline(__("{0} has it", [frappe.user.full_name(task.allocated_to)]));
			}
		},
	});
})();
