// The customer confirms the arrival, reports a problem or answers an offer; without a login, with the token of the link.

(() => {
	const { token } = document.currentScript.dataset;
	const answer = document.getElementById("answer");
	const closed = new Set();
	const buttons = [...document.querySelectorAll("[data-deed]")];

	// Why it was refused, in the page's language; empty where the server said nothing.
	function reason_of(said) {
		const messages = JSON.parse(said._server_messages || "[]").map((text) => JSON.parse(text).message);
		return new DOMParser().parseFromString(messages.join(" "), "text/html").body.textContent;
	}

	async function act(button) {
		const { deed, agreed } = button.dataset;
		buttons.forEach((other) => (other.disabled = true));
		const body = new URLSearchParams({ t: token, _lang: document.documentElement.lang });
		if (deed === "report_problem") {
			body.set("text", document.getElementById("problem").value);
		}
		const offer = button.closest("[data-offer]");
		if (offer) {
			body.set("shortage", offer.dataset.offer);
			body.set("agreed", agreed);
			body.set("remark", offer.querySelector("textarea").value);
		}
		let done = false;
		let reason = "";
		try {
			const response = await fetch(`/api/method/order_flow.api.links.${deed}`, { method: "POST", body });
			done = response.ok;
			reason = done ? "" : reason_of(await response.json());
		} catch {
			// No network: the words below ask to try again, what was typed is still there.
		}
		answer.textContent = done ? answer.dataset.done : reason || answer.dataset.failed;
		// What was answered is closed; other questions stay open.
		if (done) {
			closed.add(offer);
		}
		for (const other of buttons) {
			const question = other.closest("[data-offer]");
			other.disabled = question !== null && closed.has(question);
		}
	}

	for (const button of buttons) {
		button.addEventListener("click", () => act(button));
	}
})();
