// A file of orders: check it as a whole, take the good orders, get the bad rows back.

const FILE_API = "order_flow.api.files.";
const ASK_AGAIN_MS = 1500;

frappe.ui.form.on("Order File", {
	setup(frm) {
		frm.set_query("channel", () => ({ filters: { enabled: 1 } }));
	},

	refresh(frm) {
		frm.add_custom_button(__("Download Template"), () => {
			open_url_post(frappe.request.url, { cmd: FILE_API + "order_file_template" });
		});
		if (frm.is_new() || !frm.doc.file) {
			return;
		}
		if (frm.doc.state === "Being Taken") {
			return show_progress(frm);
		}
		if (["New", "Checked"].includes(frm.doc.state)) {
			frm.add_custom_button(__("Check File"), () => ask(frm, "check_order_file"));
		}
		if (frm.doc.state === "Checked" && frm.doc.good_orders) {
			frm.add_custom_button(__("Take Good Orders"), () => take(frm)).addClass("btn-primary");
		}
		show_outcome(frm);
	},
});

function ask(frm, method) {
	return frappe
		.call({ method: FILE_API + method, args: { order_file: frm.doc.name }, freeze: true })
		.then(() => frm.reload_doc());
}

function take(frm) {
	const text = __("{0} orders are entered. {1} rows are left for correction.", [
		frm.doc.good_orders,
		frm.doc.bad_rows,
	]);
	frappe.confirm(text, () => ask(frm, "take_orders"));
}

function show_outcome(frm) {
	const doc = frm.doc;
	if (doc.state === "Taken") {
		frm.dashboard.set_headline(
			__("{0} orders were taken, {1} were refused; {2} rows are at fault.", [
				doc.orders_taken,
				doc.orders_refused,
				doc.bad_rows,
			]),
			doc.bad_rows || doc.orders_refused ? "yellow" : "green",
		);
	} else if (doc.state === "Checked") {
		frm.dashboard.set_headline(
			__("{0} orders can be taken; {1} rows are at fault.", [doc.good_orders, doc.bad_rows]),
			doc.bad_rows ? "yellow" : "blue",
		);
	}
}

// The figures are read from the document, so that the bar is right after a reload and without a socket.
function show_progress(frm) {
	const name = frm.doc.name;
	const look = async () => {
		if (frm.doc.name !== name || frm.doc.state !== "Being Taken") {
			return;
		}
		const fields = ["state", "orders_taken", "orders_refused"];
		const { message } = await frappe.db.get_value("Order File", name, fields);
		const done = message.orders_taken + message.orders_refused;
		frm.dashboard.show_progress(
			__("Orders Are Being Taken"),
			(100 * done) / Math.max(1, frm.doc.good_orders),
			__("{0} of {1} orders", [done, frm.doc.good_orders]),
		);
		if (message.state === "Being Taken") {
			setTimeout(look, ASK_AGAIN_MS);
		} else {
			frm.dashboard.hide_progress(__("Orders Are Being Taken"));
			frm.reload_doc();
		}
	};
	return look();
}
