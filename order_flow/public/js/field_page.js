// What all parts of the page for field reps share: words, messages, lists, questions to the server.
/* exported FieldPage -- the other scripts of the page use it */

const FieldPage = (() => {
	const words = document.getElementById("words").dataset;
	const said = document.getElementById("said");
	const API = "/api/method/order_flow.api.field.";
	const LONGEST_SIDE = 1280;
	// What a part reads anew when its tab is opened.
	const read_on_tab = {};

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

	function on_tab(name, read) {
		read_on_tab[name] = read;
	}

	function show_tab(name) {
		for (const section of document.querySelectorAll("main > section")) {
			section.hidden = section.id !== name;
		}
		for (const button of document.querySelectorAll("nav button")) {
			button.toggleAttribute("aria-current", button.dataset.tab === name);
		}
		say("", "");
		read_on_tab[name]?.();
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

	function fill(form, values) {
		for (const [field, value] of Object.entries(values)) {
			form.elements[field].value = value;
		}
	}

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

	return { words, escape, say, ask, on_tab, show_tab, fill_list, read_into, fill, picture_of };
})();
