// Barcodes by the phone's camera, with the reader that the framework ships for its own scan fields.
/* exported FieldCamera -- field.js uses it */
/* global Html5Qrcode -- of the library that load() fetches */

const FieldCamera = (() => {
	// Where the framework's versions keep it.
	const PLACES = ["dist/html5-qrcode.min.js", "html5-qrcode.min.js"];
	const FOLDER = "/assets/frappe/node_modules/html5-qrcode/";
	const FRAMES_A_SECOND = 10;
	let loaded = null;

	function load_from(place) {
		return new Promise((resolve, reject) => {
			const script = document.createElement("script");
			script.src = FOLDER + place;
			script.onload = resolve;
			script.onerror = reject;
			document.head.append(script);
		});
	}

	const load = () => (loaded ||= load_from(PLACES[0]).catch(() => load_from(PLACES[1])));

	// Resolves with the text of the code, or with nothing when the button was pressed again.
	async function read_once(button, view) {
		await load();
		const reader = new Html5Qrcode(view.id);
		view.hidden = false;
		let started = null;
		try {
			return await new Promise((resolve, reject) => {
				const nothing_in_this_picture = () => {};
				const how = { fps: FRAMES_A_SECOND };
				started = reader.start({ facingMode: "environment" }, how, resolve, nothing_in_this_picture);
				started.catch(reject);
				button.addEventListener("click", () => resolve(""), { once: true });
			});
		} finally {
			await started.then(
				() => reader.stop(),
				() => {},
			);
			view.hidden = true;
		}
	}

	function offer(button, view, found, failed) {
		// Browsers give the camera to pages with https only.
		if (!navigator.mediaDevices) {
			return;
		}
		button.hidden = false;
		let reading = false;
		button.addEventListener("click", async () => {
			if (reading) {
				return;
			}
			reading = true;
			try {
				const text = await read_once(button, view);
				text && found(text);
			} catch {
				failed();
			} finally {
				reading = false;
			}
		});
	}

	return { offer };
})();
