// The page for field reps and drivers: lists, forms, the signature. What is sent goes through FieldQueue.
/* global FieldCamera, FieldQueue -- loaded before this script */

(() => {
	const words = document.getElementById("words").dataset;
	const said = document.getElementById("said");
	const API = "/api/method/order_flow.api.field.";
	const LONGEST_SIDE = 1280;
	const WAIT_MS = 250;

	const escape = (text) => {
		const span = document.createElement("span");
		span.textContent = text ?? "";
		return span.innerHTML;
	};

	function say(text, style) {
		said.textContent = text;
		said.className = style;
		said.hidden = !text;
	}

	async function ask(method, args = {}) {
		const answer = await fetch(`${API}${method}?${new URLSearchParams(args)}`);
		if (!answer.ok) {
			throw new Error(String(answer.status));
		}
		const kept_at = answer.headers.get("X-Kept-At");
		if (kept_at) {
			say(`${words.old} ${kept_at.slice(0, 16)}`, "bad");
		}
		return (await answer.json()).message;
	}

	// -- tabs ---------------------------------------------------------------------------------------------------

	function show_tab(name) {
		for (const section of document.querySelectorAll("main > section")) {
			section.hidden = section.id !== name;
		}
		for (const button of document.querySelectorAll("nav button")) {
			button.toggleAttribute("aria-current", button.dataset.tab === name);
		}
		say("", "");
		if (name === "deliver") {
			list_shipments();
		} else if (name === "orders") {
			list_orders("");
		}
	}

	function fill_list(list, rows, draw, act) {
		list.innerHTML = rows.length ? "" : `<li class="quiet">${escape(list.dataset.empty)}</li>`;
		for (const row of rows) {
			const item = document.createElement("li");
			item.innerHTML = `<button type="button">${draw(row)}</button>`;
			item.firstChild.addEventListener("click", () => act(row));
			list.append(item);
		}
	}

	async function read_into(list, read, draw, act) {
		try {
			fill_list(list, await read(), draw, act);
		} catch {
			say(words.unread, "bad");
		}
	}

	// -- deliveries ---------------------------------------------------------------------------------------------

	const deliver = document.getElementById("deliver");

	function list_shipments() {
		const list = deliver.querySelector("[data-list]");
		list.hidden = false;
		deliver.querySelectorAll("form").forEach((form) => (form.hidden = true));
		return read_into(
			list,
			() => ask("shipments"),
			({ name, customer_name, place, arrive_by, agreed_for }) =>
				`<strong>${escape(customer_name)}</strong> <span class="quiet">${escape(name)} ${agreed_for ? "✓ " : ""}${escape(arrive_by.slice(0, 16))}</span><br>${escape(place)}`,
			open_delivery,
		);
	}

	function open_delivery(shipment) {
		const form = deliver.querySelector("form[data-kind='delivery']");
		form.reset();
		form.about = shipment;
		form.querySelector("h3").textContent = `${shipment.customer_name} ${shipment.name}`;
		form.querySelector("[data-where]").textContent = where_to(shipment);
		const call = form.querySelector("[data-call]");
		call.hidden = !shipment.mobile;
		call.href = `tel:${shipment.mobile}`;
		form.received_by.value = shipment.receiver;
		const counts = form.querySelector("[data-counts]");
		counts.querySelectorAll("label").forEach((label) => label.remove());
		shipment.lines.forEach(({ product, quantity, unit }, index) => {
			counts.insertAdjacentHTML(
				"beforeend",
				`<label>${escape(product)} (${quantity} ${escape(unit)})<input name="count_${index}" type="number" inputmode="decimal" min="0" max="${quantity}" step="any" value="${quantity}" required></label>`,
			);
		});
		clear_signature(form);
		deliver.querySelector("[data-list]").hidden = true;
		form.hidden = false;
		note_place(form);
		window.scrollTo(0, 0);
	}

	function where_to({ place, receiver, mobile, agreed, agreed_for }) {
		return [place, receiver, mobile, agreed_for.slice(0, 16), agreed].filter(Boolean).join(" · ");
	}

	// Before anybody sets out: whom he reached and when the goods come, or that nobody answered.
	function open_agreement(shipment) {
		const form = deliver.querySelector("form[data-kind='agreement']");
		form.reset();
		form.about = shipment;
		form.querySelector("h3").textContent = `${shipment.customer_name} ${shipment.name}`;
		form.querySelector("[data-where]").textContent = where_to(shipment);
		form.agreed_with.value = shipment.receiver;
		form.agreed_for.value = (shipment.agreed_for || shipment.arrive_by).slice(0, 16).replace(" ", "T");
		deliver.querySelector("form[data-kind='delivery']").hidden = true;
		form.hidden = false;
		window.scrollTo(0, 0);
	}

	function agreement_entry(form, button) {
		const { about: shipment } = form;
		const id = crypto.randomUUID();
		const entry = { id, title: form.querySelector("h3").textContent, photo: "" };
		const args = { shipment: shipment.name, remark: form.remark.value, request_id: id };
		if (button.value === "unreached") {
			return { ...entry, method: "order_flow.api.deliveries.receiver_not_reached", args };
		}
		if (!form.agreed_with.value.trim() || !form.agreed_for.value) {
			say(button.dataset.missing, "bad");
			return null;
		}
		const agreed_for = `${form.agreed_for.value.replace("T", " ")}:00`.slice(0, 19);
		const agreed = { ...args, agreed_with: form.agreed_with.value.trim(), agreed_for };
		return { ...entry, method: "order_flow.api.deliveries.agree_delivery", args: agreed };
	}

	// Where the phone allows it; the words can be typed all the same.
	function note_place(form) {
		navigator.geolocation?.getCurrentPosition(
			({ coords }) => (form.place.value ||= `${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`),
			() => {},
			{ timeout: 10000 },
		);
	}

	function clear_signature(form) {
		const canvas = form.querySelector("canvas");
		canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
		canvas.signed = false;
	}

	function let_sign(canvas) {
		const pen = canvas.getContext("2d");
		pen.lineWidth = 4;
		pen.lineCap = "round";
		const spot = ({ clientX, clientY }) => {
			const box = canvas.getBoundingClientRect();
			return [
				((clientX - box.left) * canvas.width) / box.width,
				((clientY - box.top) * canvas.height) / box.height,
			];
		};
		canvas.addEventListener("pointerdown", (event) => {
			canvas.setPointerCapture(event.pointerId);
			pen.beginPath();
			pen.moveTo(...spot(event));
			canvas.drawing = true;
		});
		canvas.addEventListener("pointermove", (event) => {
			if (canvas.drawing) {
				pen.lineTo(...spot(event));
				pen.stroke();
				canvas.signed = true;
			}
		});
		canvas.addEventListener("pointerup", () => (canvas.drawing = false));
	}

	async function delivery_entry(form) {
		const { about: shipment } = form;
		const canvas = form.querySelector("canvas");
		const photo = (await picture_of(form.photo)) || form.kept_photo;
		// The server would refuse it, perhaps hours later, when nobody is there to sign.
		if (form.proof.value === "Signature" && !canvas.signed && !photo) {
			say(form.querySelector(".primary").dataset.missing, "bad");
			return null;
		}
		const pad = (number) => String(number).padStart(2, "0");
		// The site's clock is Asia/Shanghai, wherever the phone is.
		const now = new Date(new Date().toLocaleString("en-US", { timeZone: "Asia/Shanghai" }));
		const day = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
		const id = crypto.randomUUID();
		return {
			id,
			title: form.querySelector("h3").textContent,
			method: "order_flow.api.deliveries.record_delivery",
			photo,
			args: {
				shipment: shipment.name,
				received_by: form.received_by.value,
				proof: form.proof.value,
				delivered_at:
					form.delivered_at ||
					`${day} ${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`,
				signature: canvas.signed ? canvas.toDataURL("image/png") : "",
				place: form.place.value,
				remark: form.remark.value,
				counted: shipment.lines.map(({ order_item }, index) => ({
					order_item,
					quantity: form[`count_${index}`].value,
				})),
				request_id: id,
			},
		};
	}

	// -- pictures -----------------------------------------------------------------------------------------------

	// Smaller than the camera makes them: they travel over slow links.
	async function picture_of(input) {
		const [file] = input.files;
		if (!file) {
			return "";
		}
		const image = await createImageBitmap(file);
		const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
		const canvas = document.createElement("canvas");
		canvas.width = Math.round(image.width * scale);
		canvas.height = Math.round(image.height * scale);
		canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
		return canvas.toDataURL("image/jpeg", 0.8);
	}

	// -- orders -------------------------------------------------------------------------------------------------

	const order = document.querySelector("#order form");
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

	const orders = document.getElementById("orders");

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

	// -- what was refused comes back into its form; the new entry is another one for the server --------------------

	const REOPEN = {
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
		delivery({ about, args }) {
			show_tab("deliver");
			open_delivery(about);
			const form = deliver.querySelector("form[data-kind='delivery']");
			const { received_by, proof, place, remark, counted, signature, delivered_at } = args;
			fill(form, { received_by, proof, place, remark });
			counted.forEach(({ quantity }, index) => (form[`count_${index}`].value = quantity));
			form.delivered_at = delivered_at;
			draw_signature(form, signature);
			return form;
		},
		agreement({ about, args }) {
			show_tab("deliver");
			open_agreement(about);
			const form = deliver.querySelector("form[data-kind='agreement']");
			const { agreed_with = "", agreed_for = "", remark } = args;
			fill(form, { agreed_with, agreed_for: agreed_for.slice(0, 16).replace(" ", "T"), remark });
			return form;
		},
		trouble({ about, args }) {
			show_tab("orders");
			open_trouble(about);
			const form = orders.querySelector("form");
			fill(form, { kind: args.kind, description: args.description });
			return form;
		},
	};

	function fill(form, values) {
		for (const [field, value] of Object.entries(values)) {
			form.elements[field].value = value;
		}
	}

	function draw_signature(form, address) {
		if (!address) {
			return;
		}
		const canvas = form.querySelector("canvas");
		const drawn = new Image();
		drawn.onload = () => canvas.getContext("2d").drawImage(drawn, 0, 0);
		drawn.src = address;
		canvas.signed = true;
	}

	async function correct(entry) {
		const form = REOPEN[entry.kind](entry);
		form.kept_photo = entry.photo;
		await FieldQueue.discard(entry.id);
		say(entry.photo ? words.photoKept : "", "quiet");
		form.scrollIntoView();
	}

	// -- what is found while typing -------------------------------------------------------------------------------

	const FOUND = {
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

	function find_while_typing(input) {
		let timer = null;
		let asked = 0;
		input.addEventListener("input", () => {
			clearTimeout(timer);
			if (input.name === "customer_text") {
				order.customer.value = "";
			}
			timer = setTimeout(async () => {
				if (input.dataset.find === "orders") {
					return list_orders(input.value);
				}
				const question = ++asked;
				try {
					const rows = await ask(input.dataset.find, { text: input.value });
					// A slower answer to an earlier question must not replace a later one.
					if (question === asked) {
						const list = document.querySelector(`[data-found=${input.dataset.find}]`);
						fill_list(list, rows, ...FOUND[input.dataset.find]);
					}
				} catch {
					say(words.unread, "bad");
				}
			}, WAIT_MS);
		});
	}

	function take_scanned(text) {
		order.product_text.value = text;
		order.product_text.dispatchEvent(new Event("input"));
	}

	// -- sending ------------------------------------------------------------------------------------------------

	const ENTRIES = {
		agreement: agreement_entry,
		delivery: delivery_entry,
		order: order_entry,
		trouble: trouble_entry,
	};

	function send_form(form) {
		form.kept_photo = "";
		form.addEventListener("reset", () => Object.assign(form, { kept_photo: "", delivered_at: "" }));
		form.addEventListener("submit", async (event) => {
			event.preventDefault();
			let entry = null;
			try {
				entry = await ENTRIES[form.dataset.kind](form, event.submitter);
			} catch {
				// The only thing that can fail here is the picture; everything typed is still there.
				say(words.picture, "bad");
			}
			if (!entry) {
				return;
			}
			const { kind } = form.dataset;
			const { about } = form;
			form.reset();
			form.querySelectorAll("[data-lines] > li").forEach((item) => item.remove());
			await FieldQueue.add({ ...entry, kind, about });
			if (["agreement", "delivery"].includes(form.dataset.kind)) {
				list_shipments();
			} else if (form.dataset.kind === "trouble") {
				list_orders("");
			}
		});
		form.querySelector("[data-agree]")?.addEventListener("click", () => open_agreement(form.about));
		form.querySelector("[data-back]")?.addEventListener("click", () => show_tab(form.closest("section").id));
	}

	FieldQueue.on_change((entries, { sent, answer, kept, refused, logged_out }) => {
		const waiting = entries.filter((entry) => !entry.refused);
		const line = document.getElementById("waiting");
		line.hidden = !waiting.length;
		line.querySelector("span").textContent = waiting.length;
		const list = document.getElementById("refused");
		list.innerHTML = "";
		for (const entry of entries.filter((candidate) => candidate.refused)) {
			const item = document.createElement("li");
			item.innerHTML = `<strong>${escape(entry.title)}</strong><br>${escape(entry.refused)}<br>
				<button type="button">${escape(words.again)}</button> <button type="button">${escape(words.discard)}</button>
				<button type="button" ${REOPEN[entry.kind] ? "" : "hidden"}>${escape(words.correct)}</button>`;
			const [again, discard, reopen] = item.querySelectorAll("button");
			reopen.addEventListener("click", () => correct(entry));
			again.addEventListener("click", () => FieldQueue.send_again(entry.id));
			discard.addEventListener("click", () => confirm(words.discardReally) && FieldQueue.discard(entry.id));
			list.append(item);
		}
		if (sent) {
			say(`${words.sent} ${sent.title} ${answer.order || ""}`, "good");
		} else if (refused) {
			say(words.refused, "bad");
		} else if (kept) {
			say(logged_out ? words.login : words.kept, "bad");
		}
	});

	document
		.querySelectorAll("nav button")
		.forEach((button) => button.addEventListener("click", () => show_tab(button.dataset.tab)));
	document.querySelectorAll("form").forEach(send_form);
	document.querySelectorAll("[data-find]").forEach(find_while_typing);
	document.querySelectorAll("canvas").forEach((canvas) => {
		let_sign(canvas);
		canvas.parentElement
			.querySelector("[data-clear]")
			.addEventListener("click", () => clear_signature(canvas.closest("form")));
	});
	document
		.querySelectorAll("[data-scan]")
		.forEach((button) =>
			FieldCamera.offer(button, button.nextElementSibling, take_scanned, () => say(words.camera, "bad")),
		);
	show_tab(document.querySelector("nav button").dataset.tab);
	FieldQueue.tell({});
	FieldQueue.flush();
	// Pages with https only have one; without it the page needs the network to open, as any other.
	navigator.serviceWorker?.register("/field_worker.js", { scope: "/field" });
})();
