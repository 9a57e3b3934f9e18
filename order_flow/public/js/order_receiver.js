// Who receives an order: pasted in one go, or chosen among those of the customer's former orders.

(() => {
	const API = "order_flow.api.desk.";

	frappe.ui.form.on("Order", {
		refresh(frm) {
			offer_box(frm);
		},

		async take_last_receiver(frm) {
			const [last] = await former(frm);
			if (last) {
				await fill(frm, last);
			}
		},
	});

	async function former(frm) {
		if (!frm.doc.customer) {
			return [];
		}
		const { message } = await frappe.call({
			method: API + "receivers",
			type: "GET",
			args: { customer: frm.doc.customer },
		});
		return message || [];
	}

	function fill(frm, values) {
		const known = Object.entries(values).filter(([, value]) => value);
		return frm.set_value(Object.fromEntries(known));
	}

	// A button in the section itself, so that Tab reaches it before the fields that it spares.
	function offer_box(frm) {
		const head = frm.get_field("contact_person").$wrapper.closest(".section-body");
		head.parent().find(".order-receiver-box").remove();
		if (frm.doc.docstatus !== 0 || !frm.is_new()) {
			return;
		}
		const button = $(
			`<button type="button" class="btn btn-default btn-xs order-receiver-box">${__("Paste or Choose the Receiver")}</button>`,
		);
		button.on("click", () => receiver_dialog(frm));
		head.before(button);
	}

	async function receiver_dialog(frm) {
		const known = await former(frm);
		const dialog = order_flow.step_dialog({
			title: __("Receiver"),
			label: __("Take Over"),
			fields: [
				{
					fieldname: "text",
					fieldtype: "Small Text",
					label: __("Name, telephone and address in one go"),
					description: __("For example: 王先生 13900000000 广东省珠海市香洲区迎宾路1号"),
				},
				{ fieldname: "former", fieldtype: "HTML" },
			],
			run: ({ text }) =>
				frappe
					.call({ method: API + "read_receiver", type: "POST", args: { text: text || "" } })
					.then(({ message }) => fill(frm, message.fields).then(() => tell(message.doubts))),
		});
		list_former(frm, dialog, known);
	}

	function tell(doubts) {
		if (doubts.length) {
			const rows = doubts.map((doubt) => `<li>${frappe.utils.escape_html(doubt)}</li>`).join("");
			frappe.msgprint({
				title: __("Please Compare"),
				message: `<ul class="order-receiver-doubts">${rows}</ul>`,
				indicator: "orange",
			});
		}
	}

	function list_former(frm, dialog, known) {
		const box = dialog.get_field("former").$wrapper.empty();
		if (!known.length) {
			return;
		}
		box.append(`<p class="text-muted">${__("Receivers of the customer's last orders")}</p>`);
		for (const receiver of known) {
			const { contact_person, mobile, province, city, district, address_line } = receiver;
			const words = [contact_person, mobile, [province, city, district, address_line].filter(Boolean).join("")];
			const text = frappe.utils.escape_html(words.filter(Boolean).join(" "));
			const button = $(
				`<button type="button" class="btn btn-default btn-sm btn-block text-left">${text}</button>`,
			);
			button.on("click", () => {
				dialog.hide();
				fill(frm, receiver);
			});
			box.append(button);
		}
	}
})();
