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
			this.hits = new Map();
			input.addEventListener("input", () => this.typed());
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
			if (text.length >= SHORTEST && !this.hits.has(text)) {
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
			this.hits.set(text, found);
			if (this.text() !== text) {
				return;
			}
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
			if (!this.hits.has(text)) {
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
			const exact = (this.hits.get(text) || []).filter((hit) => hit.exact);
			if (exact.length !== 1) {
				return false;
			}
			$(this.input).val("").trigger("blur");
			this.input.awesomplete?.close();
			frappe.set_route("Form", exact[0].doctype, exact[0].name);
			return true;
		}

		options(text) {
			return (this.hits.get(text.trim()) || []).map((hit, place) => ({
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
