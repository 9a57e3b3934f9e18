// What the actions of the outbox are called; a test keeps the table as long as the registry's.

frappe.provide("order_flow");

order_flow.outbox_actions = {
	wdt_trade_push: __("Order to WDT"),
	wdt_withdrawal: __("Withdrawal of an Edition from WDT"),
	wdt_cancellation: __("Cancellation in WDT"),
	u8_posting: __("Posting to U8"),
	customer_message: __("Message to the customer"),
};

order_flow.outbox_action = (action) => frappe.utils.escape_html(order_flow.outbox_actions[action] || action || "");
