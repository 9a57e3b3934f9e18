// Entries of the phone: kept in its database until the server has them, sent one after the other, each once.
// The server knows an entry by its number, so that sending it again after a lost answer changes nothing.
// An entry is its author's: whoever logs in on the phone next neither sees nor sends it.
/* exported FieldQueue -- field.js uses it */

const FieldQueue = (() => {
	const STORE = "entries";
	const CSRF = document.body.dataset.csrf;
	const USER = document.body.dataset.user;
	let opened = null;
	let sending = null;
	const listeners = [];

	function database() {
		opened ||= new Promise((resolve, reject) => {
			const request = indexedDB.open("order_flow_field", 1);
			request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
		return opened;
	}

	async function within(mode, act) {
		const store = (await database()).transaction(STORE, mode).objectStore(STORE);
		return new Promise((resolve, reject) => {
			const request = act(store);
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
	}

	const keep = (entry) => within("readwrite", (store) => store.put(entry));
	const forget = (id) => within("readwrite", (store) => store.delete(id));
	const all = async () =>
		(await within("readonly", (store) => store.getAll()))
			.filter((entry) => entry.user === USER)
			.sort((a, b) => a.at - b.at);

	async function tell(event) {
		const entries = await all();
		listeners.forEach((listener) => listener(entries, event));
	}

	// A refusal is an answer: the entry stays with its reason. Everything else is tried again later.
	class Refused extends Error {}
	class LoggedOut extends Error {}

	// The page may be a copy of somebody's who has logged out since; the server asks whose entries these are.
	const own = () => ({ "X-Frappe-CSRF-Token": CSRF, "X-Entries-Of": encodeURIComponent(USER) });

	async function post(url, body, headers = {}) {
		const answer = await fetch(url, { method: "POST", body, headers: { ...own(), ...headers } });
		const text = await answer.text();
		let said = {};
		try {
			said = JSON.parse(text);
		} catch {
			throw new Error(`${answer.status}: no JSON`);
		}
		if (answer.ok) {
			return said.message;
		}
		if (answer.status === 401 || (said.exc_type || "").startsWith("CSRF") || said.session_expired) {
			throw new LoggedOut();
		}
		if (answer.status >= 500) {
			throw new Error(String(answer.status));
		}
		throw new Refused(words_of(said));
	}

	function words_of(said) {
		const messages = JSON.parse(said._server_messages || "[]").map((text) => JSON.parse(text).message);
		// Read once: what a name in it looks like after a second reading is not markup.
		const read = new DOMParser().parseFromString(messages.join(" "), "text/html");
		return read.body.textContent || said.exc_type || "";
	}

	// Entries that a phone kept before the methods of deliveries moved.
	const today = (method) => method.replace(/^order_flow\.delivery_api\./, "order_flow.api.deliveries.");

	const call = (method, args) =>
		post(`/api/method/${method}`, JSON.stringify(args), { "Content-Type": "application/json" });

	async function upload(photo, target = {}) {
		const form = new FormData();
		form.set("file", await (await fetch(photo)).blob(), "photo.jpg");
		form.set("is_private", "1");
		for (const [name, value] of Object.entries(target)) {
			form.set(name, value);
		}
		return (await post("/api/method/upload_file", form)).file_url;
	}

	async function send(entry) {
		const { photo, photo_of } = entry;
		if (photo && !photo_of && !entry.args.photo) {
			entry.args.photo = await upload(photo);
			await keep(entry);
		}
		const answer = await call(today(entry.method), entry.args);
		if (photo && photo_of) {
			await upload(photo, { doctype: photo_of, docname: answer.order });
		}
		return answer;
	}

	async function send_all() {
		for (const entry of await all()) {
			if (entry.refused) {
				continue;
			}
			try {
				const answer = await send(entry);
				await forget(entry.id);
				await tell({ sent: entry, answer });
			} catch (error) {
				if (error instanceof Refused) {
					await keep({ ...entry, refused: error.message });
					await tell({ refused: entry });
					continue;
				}
				await tell({ kept: entry, logged_out: error instanceof LoggedOut });
				return;
			}
		}
	}

	// One sender at a time; whoever asks meanwhile gets another round afterwards.
	function flush() {
		sending = (sending || Promise.resolve()).then(send_all, send_all);
		return sending;
	}

	async function add(entry) {
		await keep({ at: Date.now(), user: USER, ...entry });
		await tell({});
		return flush();
	}

	async function send_again(id) {
		const entry = (await all()).find((candidate) => candidate.id === id);
		await keep({ ...entry, refused: "" });
		return flush();
	}

	async function discard(id) {
		await forget(id);
		await tell({});
	}

	window.addEventListener("online", flush);
	return { add, flush, send_again, discard, on_change: (listener) => listeners.push(listener), tell };
})();
