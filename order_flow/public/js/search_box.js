// The search box at the top finds an order by every number that anybody has of it, and Enter opens it.
// What the reader may see is decided by order_flow.api.desk.find.

frappe.provide("frappe.search");

(() => {
	const SHORTEST = 3;
	// Above everything the framework offers: whoever types a number of an order wants the order.
	const FIRST = 500;
	const SHORTLY = 150;

	class NumberSearch {
		constructor(input) {
			this.input = input;
			// Of the last text alone: what was not there a while ago may have come in since.
			this.answer = { text: "", found: [] };
			input.addEventListener("input", () => this.typed());
			input.addEventListener("blur", () => (this.answer = { text: "", found: [] }));
			// Before the framework's own list takes the key for another entry.
			input.addEventListener("keydown", (event) => this.pressed(event), true);
		}

		text() {
			return this.input.value.trim();
		}

		typed() {
			clearTimeout(this.timer);
			this.jump = false;
			const text = this.text();
			if (text.length >= SHORTEST && this.answer.text !== text) {
				this.timer = setTimeout(() => this.ask(text), SHORTLY);
			}
		}

		async ask(text) {
			clearTimeout(this.timer);
			if (this.asking === text) {
				return;
			}
			this.asking = text;
			let found = [];
			try {
				const answer = await frappe.call({
					method: "order_flow.api.desk.find",
					type: "GET",
					args: { text },
					silent: true,
				});
				found = answer.message || [];
			} catch {
				// Offline or logged out: the framework says so; its own entries stay.
			}
			this.asking = null;
			if (this.text() !== text) {
				return;
			}
			this.answer = { text, found };
			if (this.jump && this.open_exact(text)) {
				return;
			}
			// The framework draws its list from an input event; now there is more to draw.
			$(this.input).trigger("input");
		}

		pressed(event) {
			const text = this.text();
			if (event.key !== "Enter" || event.isComposing || text.length < SHORTEST) {
				return;
			}
			// What was chosen with the arrow keys is meant as it stands.
			if (this.chosen_by_arrow()) {
				return;
			}
			if (this.answer.text !== text) {
				this.jump = true;
				this.ask(text);
			} else if (!this.open_exact(text)) {
				return;
			}
			event.preventDefault();
			event.stopImmediatePropagation();
		}

		chosen_by_arrow() {
			const { awesomplete } = this.input;
			return Boolean(awesomplete && awesomplete.index > 0);
		}

		open_exact(text) {
			const exact = this.found(text).filter((hit) => hit.exact);
			if (exact.length !== 1) {
				return false;
			}
			$(this.input).val("").trigger("blur");
			this.input.awesomplete?.close();
			frappe.set_route("Form", exact[0].doctype, exact[0].name);
			return true;
		}

		found(text) {
			return this.answer.text === text ? this.answer.found : [];
		}

		options(text) {
			return this.found(text.trim()).map((hit, place) => ({
				label: `${__(hit.doctype)} <b>${frappe.utils.escape_html(hit.name)}</b>`,
				value: `${hit.doctype} ${hit.name}`,
				description: hit.shown.map((word) => frappe.utils.escape_html(__(word))).join(" · "),
				index: FIRST - place,
				match: text,
				route: ["Form", hit.doctype, hit.name],
			}));
		}
	}

	const { setup, build_options } = frappe.search.AwesomeBar.prototype;

	frappe.search.AwesomeBar.prototype.setup = function (element) {
		setup.call(this, element);
		const input = $(element).get(0);
		this.by_number = input && new NumberSearch(input);
	};

	frappe.search.AwesomeBar.prototype.build_options = function (text) {
		const own = this.by_number ? this.by_number.options(text) : [];
		return [...own, ...build_options.call(this, text)];
	};
})();
