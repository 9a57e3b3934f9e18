// The health of the sync on its workspace: is anybody working, what waits, when did each side answer last.
/* exported draw_sync_health -- called by the block of the workspace (defaults/blocks.py) */

function draw_sync_health(root) {
	const box = root.querySelector(".sync-health");
	return frappe.call({ method: "order_flow.api.sync.sync_health", type: "GET" }).then(({ message }) => {
		box.innerHTML = health_style() + health_line(message) + health_table(message.accounts);
	});
}

// A block lives in a shadow of its own: the desk's styles do not reach it, its variables do.
function health_style() {
	return `<style>
		.line { margin-bottom: 8px; }
		.good { color: var(--green-700); }
		.bad { color: var(--red-700); font-weight: 600; }
		table { width: 100%; border-collapse: collapse; color: var(--text-color); font-size: var(--text-md); }
		th, td { padding: 6px 8px; border-bottom: 1px solid var(--border-color); text-align: left; }
		th { color: var(--text-muted); font-weight: normal; }
	</style>`;
}

function health_line({ scheduler_alive, redis_alive, open_discrepancies }) {
	const part = (good, yes, no) => `<span class="${good ? "good" : "bad"}">${good ? yes : no}</span>`;
	return `<div class="line">${[
		part(
			scheduler_alive,
			__("The scheduler runs"),
			__("The scheduler stands still: start it, nothing is read or sent"),
		),
		part(redis_alive, __("The queue answers"), __("The queue does not answer: messages wait in the database")),
		part(!open_discrepancies, __("No differences"), __("{0} differences to settle", [open_discrepancies])),
	].join(" · ")}</div>`;
}

function health_table(accounts) {
	const escape = frappe.utils.escape_html;
	const rows = accounts.map(
		({ account_type, account, rows: waiting, oldest_due_seconds, last_success, obstacle }) => `<tr>
			<td>${escape(__(account_type))} ${escape(account)}</td>
			<td>${waiting_words(waiting)}</td>
			<td>${oldest_due_seconds ? __("{0} min", [Math.round(oldest_due_seconds / 60)]) : "–"}</td>
			<td>${last_success ? frappe.datetime.str_to_user(last_success.slice(0, 19)) : __("Never")}</td>
			<td class="${obstacle ? "bad" : "good"}">${obstacle ? escape(obstacle) : __("Nothing")}</td>
		</tr>`,
	);
	return `<table>
		<thead><tr>
			<th>${__("Account")}</th>
			<th>${__("Waiting")}</th>
			<th>${__("Oldest Waits")}</th>
			<th>${__("Last Success")}</th>
			<th>${__("In the Way")}</th>
		</tr></thead>
		<tbody>${rows.join("") || `<tr><td colspan="5">${__("No account is set up.")}</td></tr>`}</tbody>
	</table>`;
}

function waiting_words(rows) {
	const words = Object.entries(rows).map(([state, count]) => `${frappe.utils.escape_html(__(state))} ${count}`);
	return words.join(", ") || "–";
}
