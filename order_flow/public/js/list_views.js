// Tabs above a working list: the questions that are asked of it all day, each a set of filters. A list's own file
// names them; a tab adds nothing that its reader could not filter for, and hides nothing.

frappe.provide("order_flow");

// views: [[label, filters]]; a filter is [field, operator, value]. The first that fits what is filtered is marked.
order_flow.list_views = (doctype, views) => {
	const settings = frappe.listview_settings[doctype];
	const { onload, refresh } = settings;
	Object.assign(settings, {
		onload(list) {
			onload?.(list);
			draw_views(list, views);
		},
		refresh(list) {
			refresh?.(list);
			mark_view(list, views);
		},
	});
};

function draw_views(list, views) {
	const bar = $(`<div class="list-views" role="group" aria-label="${__("Views of this list")}"></div>`);
	for (const [label, filters] of views) {
		const tab = $(`<button type="button" class="btn btn-xs btn-default">${label}</button>`);
		tab.on("click", () => {
			const wanted = filters.map((filter) => [list.doctype, ...filter]);
			list.filter_area
				.clear(false)
				.then(() => list.filter_area.set(wanted))
				.then(() => {
					list.start = 0;
					list.refresh();
				});
		});
		bar.append(tab);
	}
	bar.insertBefore(list.$frappe_list);
}

function mark_view(list, views) {
	const said = (filters) => JSON.stringify(filters.map((filter) => filter.map(String)).sort());
	const now = said(list.filter_area.get().map(([, ...filter]) => filter.slice(0, 3)));
	list.page.main.find(".list-views button").each((at, tab) => {
		const fits = said(views[at][1]) === now;
		$(tab).toggleClass("btn-default", !fits).toggleClass("btn-primary", fits).attr("aria-pressed", fits);
	});
}
