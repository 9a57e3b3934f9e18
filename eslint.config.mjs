// Rules for the JavaScript of the app. The packages are those that the host installs (dev/js/package.json).
import { createRequire } from "node:module";

const require = createRequire(new URL("./.bench/js-tools/", import.meta.url));
const js = require("@eslint/js");
const globals = require("globals");

// What Frappe 15 puts into the window of its desk, and our own name space there.
const DESK = Object.fromEntries(
	[
		...["$", "__", "cint", "comment_when", "cur_dialog", "cur_frm", "cur_list", "flt", "format_currency", "frappe"],
		...["locals", "moment", "open_url_post", "strip_html"],
	].map((name) => [name, "readonly"]),
);
// Pages of our own, without the desk's libraries.
const OWN_PAGES = ["order_flow/public/js/field*.js", "order_flow/public/js/track.js"];

export default [
	{ ignores: [".bench/**", "node_modules/**", "order_flow/public/dist/**"] },
	js.configs.recommended,
	{
		linterOptions: { reportUnusedDisableDirectives: "error" },
		languageOptions: { ecmaVersion: 2022, sourceType: "script" },
		rules: {
			curly: "error",
			eqeqeq: "error",
			"no-shadow": "error",
			"no-var": "error",
			"prefer-const": "error",
		},
	},
	{
		files: ["order_flow/**/*.js"],
		ignores: [...OWN_PAGES, "order_flow/www/**"],
		languageOptions: { globals: { ...globals.browser, ...DESK, order_flow: "writable" } },
	},
	{ files: OWN_PAGES, languageOptions: { globals: globals.browser } },
	{ files: ["order_flow/www/**/*.js"], languageOptions: { globals: globals.serviceworker } },
	{ files: ["**/*.mjs"], languageOptions: { sourceType: "module", globals: globals.node } },
];
