// What waits for whoever looks: tasks one has, then those of one's roles that nobody has taken, each with the
// document where it is done. The whole list is the framework's own (task_list.js), with the same filter.
/* exported draw_my_tasks -- called by the block of the workspaces (defaults/blocks.py) */

const MOST_TASKS = 6;

function draw_my_tasks(root) {
	const box = root.querySelector(".my-tasks");
	const filters = { status: "Open", allocated_to: ["in", ["", frappe.session.user]] };
	const fields = ["name", "description", "reference_type", "reference_name", "role", "allocated_to", "priority"];
	frappe.db
		.get_list("ToDo", { filters, fields, order_by: "creation asc", limit: 100 })
		.then((tasks) => show_tasks(box, most_pressing(tasks)));
}

// Mine before those that are free, urgent ones first, of the same rank the one that has waited longest.
function most_pressing(tasks) {
	const rank = { High: 0, Medium: 1, Low: 2 };
	const key = (task) => (task.allocated_to ? 0 : 3) + (rank[task.priority] ?? 1);
	return tasks.slice().sort((one, other) => key(one) - key(other));
}

function show_tasks(box, tasks) {
	const rest = tasks.length - MOST_TASKS;
	const words = tasks.length ? __("My Tasks") : __("No task waits for you now.");
	const more = rest > 0 ? `<a href="/app/todo" class="all">${__("All My Tasks")}</a>` : "";
	box.innerHTML = `${tasks_style()}<section><h4>${words}</h4>
		<ul>${tasks.slice(0, MOST_TASKS).map(task_row).join("")}</ul>${more}</section>`;
	box.querySelectorAll("a").forEach((link) =>
		link.addEventListener("click", (event) => {
			event.preventDefault();
			frappe.set_route(link.getAttribute("href"));
		}),
	);
}

function task_row(task) {
	const place = task.reference_name
		? frappe.utils.get_form_link(task.reference_type, task.reference_name)
		: frappe.utils.get_form_link("ToDo", task.name);
	const words = frappe.utils.escape_html(strip_html(task.description || "").trim());
	const whose = task.allocated_to ? __("I have it") : task.role ? __("Free: {0}", [__(task.role)]) : __("Free");
	const urgent = task.priority === "High" ? "urgent" : "";
	return `<li class="${urgent}"><span class="words" title="${words}">${words}</span>
		<span class="whose">${whose}</span><a href="${place}" class="open">${__("Open Document")}</a></li>`;
}

// A block lives in a shadow of its own: the desk's styles do not reach it, its variables do.
function tasks_style() {
	return `<style>
		section { border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 14px; color: var(--text-color); font-size: var(--text-md); }
		h4 { margin: 0; font-size: inherit; font-weight: 600; }
		ul { list-style: none; margin: 0; padding: 0; }
		li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 7px 0 7px 8px; border-left: 3px solid transparent; }
		li.urgent { border-left-color: var(--red-500); }
		.words { flex: 1 1 220px; min-width: 0; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
		.whose { color: var(--text-muted); font-size: var(--text-sm); }
		a { color: var(--primary); text-decoration: none; }
		a.open { border: 1px solid var(--border-color); border-radius: 6px; padding: 4px 10px; white-space: nowrap; }
		a.all { display: inline-block; padding-top: 6px; }
	</style>`;
}
