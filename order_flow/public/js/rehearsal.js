// A copy of a site says so on every page of the desk: nobody should take its orders for real ones.

$(document).on("app_ready", () => {
	if (frappe.boot.order_flow_rehearsal) {
		const words = __("Rehearsal: a copy to try things on. Nothing is told to WDT, U8 or customers.");
		$(`<div class="rehearsal" role="status">${words}</div>`).prependTo("body");
	}
});
