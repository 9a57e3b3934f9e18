// The customer confirms the arrival or reports a problem; without a login, with the token of the link.

(() => {
	const { token } = document.currentScript.dataset;
	const answer = document.getElementById("answer");
	const buttons = [...document.querySelectorAll("[data-deed]")];

	async function act(deed) {
		buttons.forEach((button) => (button.disabled = true));
		const body = new URLSearchParams({ t: token });
		if (deed === "report_problem") {
			body.set("text", document.getElementById("problem").value);
		}
		let done = false;
		try {
			const response = await fetch(`/api/method/order_flow.link_api.${deed}`, { method: "POST", body });
			done = response.ok;
		} catch {
			// No network: the words below ask to try again, what was typed is still there.
		}
		answer.textContent = done ? answer.dataset.done : answer.dataset.failed;
		if (!done) {
			buttons.forEach((button) => (button.disabled = false));
		}
	}

	for (const button of buttons) {
		button.addEventListener("click", () => act(button.dataset.deed));
	}
})();
