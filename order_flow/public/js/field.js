// The page for field reps and drivers: its forms, what is found while typing, what is sent through FieldQueue.
/* global FieldCamera, FieldDeliveries, FieldOrders, FieldPage, FieldQueue -- loaded before this script */

(() => {
	const { words, escape, say, ask, show_tab, fill_list } = FieldPage;
	const WAIT_MS = 250;
	const ENTRIES = { ...FieldDeliveries.entries, ...FieldOrders.entries };
	// What was refused comes back into its form; the new entry is another one for the server.
	const REOPEN = { ...FieldDeliveries.reopen, ...FieldOrders.reopen };

	async function correct(entry) {
		const form = REOPEN[entry.kind](entry);
		form.kept_photo = entry.photo;
		await FieldQueue.discard(entry.id);
		say(entry.photo ? words.photoKept : "", "quiet");
		form.scrollIntoView();
	}

	function find_while_typing(input) {
		let timer = null;
		let asked = 0;
		input.addEventListener("input", () => {
			clearTimeout(timer);
			if (input.name === "customer_text") {
				FieldOrders.forget_customer();
			}
			timer = setTimeout(async () => {
				if (input.dataset.find === "orders") {
					return FieldOrders.list(input.value);
				}
				const question = ++asked;
				try {
					const rows = await ask(input.dataset.find, { text: input.value });
					// A slower answer to an earlier question must not replace a later one.
					if (question === asked) {
						const list = document.querySelector(`[data-found=${input.dataset.find}]`);
						fill_list(list, rows, ...FieldOrders.found[input.dataset.find]);
					}
				} catch {
					say(words.unread, "bad");
				}
			}, WAIT_MS);
		});
	}

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
				FieldDeliveries.list();
			} else if (form.dataset.kind === "trouble") {
				FieldOrders.list("");
			}
		});
		form.querySelector("[data-agree]")?.addEventListener("click", () => FieldDeliveries.open_agreement(form.about));
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
		FieldDeliveries.let_sign(canvas);
		canvas.parentElement
			.querySelector("[data-clear]")
			.addEventListener("click", () => FieldDeliveries.clear_signature(canvas.closest("form")));
	});
	document
		.querySelectorAll("[data-scan]")
		.forEach((button) =>
			FieldCamera.offer(button, button.nextElementSibling, FieldOrders.take_scanned, () =>
				say(words.camera, "bad"),
			),
		);
	show_tab(document.querySelector("nav button").dataset.tab);
	FieldQueue.tell({});
	FieldQueue.flush();
	// Pages with https only have one; without it the page needs the network to open, as any other.
	navigator.serviceWorker?.register("/field_worker.js", { scope: "/field" });
})();
