// Deliveries on the page for field reps: the list, the agreement before, the handing over with its signature.
/* global FieldPage -- loaded before this script */
/* exported FieldDeliveries -- field.js uses it */

const FieldDeliveries = (() => {
	const { escape, say, ask, on_tab, show_tab, read_into, fill, picture_of } = FieldPage;
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

	const reopen = {
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
	};

	on_tab("deliver", list_shipments);

	return {
		entries: { agreement: agreement_entry, delivery: delivery_entry },
		reopen,
		list: list_shipments,
		open_agreement,
		let_sign,
		clear_signature,
	};
})();
