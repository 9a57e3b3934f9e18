// Opens the page of field reps and drivers without network: its last copy, its scripts, and the last round of
// deliveries. The network always comes first; once it leads to the login, the copies are deleted.

const COPIES = "field-1";
const PATIENCE_MS = 6000;
const PAGE = "/field";
const ROUND = "/api/method/order_flow.api.field.shipments";
const FILES = [
	...["queue", "camera", "page", "deliveries", "orders"].map((part) => `js/field_${part}.js`),
	...["js/field.js", "css/field.css"],
].map((name) => `/assets/order_flow/${name}`);
const KEPT = new Set([PAGE, ROUND, ...FILES]);
// Counts the log-outs seen: what was asked for before one must not be kept after it.
let logouts = 0;

self.addEventListener("install", (event) => event.waitUntil(copy_all()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
	const { pathname, origin } = new URL(event.request.url);
	if (origin === self.location.origin && event.request.method === "GET" && KEPT.has(pathname)) {
		event.respondWith(network_first(pathname, event.request));
	}
});

async function copy_all() {
	await Promise.all([...KEPT].map((path) => fetched(path, path)));
	await self.skipWaiting();
}

async function fetched(path, request) {
	const before = logouts;
	return keep(path, await fetch(request), before);
}

async function keep(path, answer, before) {
	if (answer.ok && !answer.redirected) {
		if (before === logouts) {
			await (await caches.open(COPIES)).put(path, answer.clone());
		}
	} else if (path === PAGE && to_the_login(answer)) {
		// To the login: whoever takes the phone next finds nothing.
		logouts += 1;
		await caches.delete(COPIES);
	}
	return answer;
}

async function network_first(path, request) {
	// Kept, or found to be a log-out, also when the copy was faster.
	const asked = fetched(path, request);
	asked.catch(() => {});
	const late = new Promise((_resolve, reject) => setTimeout(reject, PATIENCE_MS));
	try {
		return await Promise.race([asked, late]);
	} catch {
		const copy = await (await caches.open(COPIES)).match(path);
		if (!copy) {
			return asked;
		}
		if (path === PAGE) {
			asked.then(leave_if_logged_out, () => {});
		}
		return marked(copy);
	}
}

function to_the_login(answer) {
	return answer.redirected || answer.type === "opaqueredirect" || answer.status === 403;
}

// The copy is on the screen of somebody whom the server no longer knows.
async function leave_if_logged_out(answer) {
	if (!to_the_login(answer)) {
		return;
	}
	for (const client of await self.clients.matchAll({ type: "window" })) {
		client.navigate(PAGE);
	}
}

function marked(copy) {
	const headers = new Headers(copy.headers);
	headers.set("X-Kept-At", new Date(copy.headers.get("Date")).toLocaleString("sv"));
	return new Response(copy.body, { status: copy.status, headers });
}
