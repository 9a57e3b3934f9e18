// The one way of a form to take a step: ask for what it needs, call the server, show what became of it.

frappe.provide("order_flow");

// Stays open on a refusal, so that nothing typed is lost. `run` gets the values and promises the server's answer,
// which `done` gets once the dialog is closed.
order_flow.step_dialog = ({ title, fields, label = title, run, done = () => {} }) => {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: label,
		primary_action(values) {
			dialog.disable_primary_action();
			run(values)
				.then((answer) => {
					dialog.hide();
					done(answer);
				})
				.always(() => dialog.enable_primary_action());
		},
	});
	dialog.show();
	return dialog;
};

// Chained, not awaited: the framework has shown a refusal already, and a native promise would report it twice.
// `done` is what the reader is told, or makes it from the answer.
order_flow.call_step = (frm, method, args, done = "") =>
	frappe.call({ method, type: "POST", args, freeze: true }).then(({ message: answer }) => {
		const message = typeof done === "function" ? done(answer || {}) : done;
		if (message) {
			frappe.show_alert({ message, indicator: "green" });
		}
		return Promise.resolve(frm.reload_doc()).then(() => answer);
	});

order_flow.choices = (words) => words.map((value) => ({ value, label: __(value) }));
