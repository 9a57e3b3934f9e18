// Orders on the page for field reps: taking one, finding one's own, reporting trouble with one.
/* global FieldPage -- loaded before this script */
/* exported FieldOrders -- field.js uses it */

const FieldOrders = (() => {
	const { escape, say, ask, on_tab, show_tab, read_into, fill, picture_of } = FieldPage;
	const order = document.querySelector("#order form");
	const orders = document.getElementById("orders");
	const RECEIVER = ["contact_person", "mobile", "province", "city", "district", "address_line"];

	function choose_customer(customer) {
		order.customer.value = customer.name;
		order.customer_text.value = customer.customer_name;
		for (const field of RECEIVER) {
			order[field].value = customer[field] || order[field].value;
		}
		if (customer.payment_term) {
			order.payment_term.value = customer.payment_term;
		}
		order.querySelector("[data-found=customers]").innerHTML = "";
	}

	function add_product(product) {
		const lines = order.querySelector("[data-lines]");
		const item = document.createElement("li");
		item.dataset.product = product.name;
		item.innerHTML = `${escape(product.product_name || product.name)} <span class="quiet">${escape(product.specification)}</span>
			<div class="line"><label>${escape(lines.dataset.quantity)} ${escape(product.unit)}<input name="quantity" type="number" inputmode="decimal" min="0" step="any" value="1" required></label>
			<label>${escape(lines.dataset.price)}<input name="price" type="number" inputmode="decimal" min="0" step="any" value="${product.list_price ?? ""}" required></label>
			<button type="button">${escape(lines.dataset.remove)}</button></div>`;
		item.querySelector("button").addEventListener("click", () => item.remove());
		lines.append(item);
		order.product_text.value = "";
		order.querySelector("[data-found=products]").innerHTML = "";
	}

	async function order_entry(form) {
		const items = [...form.querySelectorAll("[data-lines] > li")].map((item) => ({
			product: item.dataset.product,
			quantity: item.querySelector("[name=quantity]").value,
			unit_price: item.querySelector("[name=price]").value,
		}));
		if (!form.customer.value || !items.length) {
			say(form.querySelector(".primary").dataset.missing, "bad");
			return null;
		}
		const fields = ["customer", "payment_term", ...RECEIVER, "buyer_message"];
		const id = crypto.randomUUID();
		return {
			id,
			title: form.customer_text.value,
			method: "order_flow.api.place_order",
			photo: (await picture_of(form.photo)) || form.kept_photo,
			photo_of: "Order",
			args: {
				channel: form.channel.value,
				external_number: `FIELD-${id}`,
				order: Object.fromEntries(fields.map((field) => [field, form[field].value])),
				items,
			},
		};
	}

	function list_orders(text) {
		const list = orders.querySelector("[data-list]");
		list.hidden = false;
		orders.querySelector("form").hidden = true;
		return read_into(
			list,
			() => ask("orders", { text }),
			({ number, customer_name, state, total, currency, promised_date }) =>
				`<strong>${escape(number)}</strong> ${escape(state)}<br>${escape(customer_name)} <span class="quiet">${total} ${escape(currency)} ${escape(promised_date)}</span>`,
			open_trouble,
		);
	}

	function open_trouble(row) {
		const form = orders.querySelector("form");
		form.reset();
		form.about = row;
		form.querySelector("h3").textContent = `${row.number} ${row.customer_name}`;
		orders.querySelector("[data-list]").hidden = true;
		form.hidden = false;
	}

	async function trouble_entry(form) {
		const id = crypto.randomUUID();
		return {
			id,
			title: form.querySelector("h3").textContent,
			method: "order_flow.api.deliveries.report_trouble",
			photo: (await picture_of(form.photo)) || form.kept_photo,
			args: {
				order: form.about.name,
				kind: form.kind.value,
				description: form.description.value,
				request_id: id,
			},
		};
	}

	const reopen = {
		order({ title, args }) {
			const { order: fields, items, channel } = args;
			show_tab("order");
			order.reset();
			order.querySelectorAll("[data-lines] > li").forEach((item) => item.remove());
			order.channel.value = channel;
			order.customer_text.value = title;
			fill(order, fields);
			for (const { product, quantity, unit_price } of items) {
				add_product({ name: product, product_name: product, list_price: unit_price });
				order.querySelector("[data-lines] > li:last-child [name=quantity]").value = quantity;
			}
			return order;
		},
		trouble({ about, args }) {
			show_tab("orders");
			open_trouble(about);
			const form = orders.querySelector("form");
			fill(form, { kind: args.kind, description: args.description });
			return form;
		},
	};

	// What is found while typing: how a row is drawn, and what choosing it does.
	const found = {
		customers: [
			({ customer_name, name }) => `${escape(customer_name)} <span class="quiet">${escape(name)}</span>`,
			choose_customer,
		],
		products: [
			({ name, product_name, specification }) =>
				`${escape(product_name || name)} <span class="quiet">${escape(name)} ${escape(specification)}</span>`,
			add_product,
		],
	};

	function forget_customer() {
		order.customer.value = "";
	}

	function take_scanned(text) {
		order.product_text.value = text;
		order.product_text.dispatchEvent(new Event("input"));
	}

	on_tab("orders", () => list_orders(""));

	return {
		entries: { order: order_entry, trouble: trouble_entry },
		reopen,
		found,
		list: list_orders,
		forget_customer,
		take_scanned,
	};
})();
