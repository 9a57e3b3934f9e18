"""What lists, jobs and charts find orders by, beside the single fields marked in the DocType."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import frappe

INDEXES: Final[Mapping[str, tuple[str, ...]]] = {
    "account_state": ("wdt_account", "workflow_state"),
    "work_queue": ("workflow_state", "confirmed_at"),
    "urgent_queue": ("urgency", "workflow_state", "confirmed_at"),
    "ledger_state": ("u8_account", "u8_status"),
    "customer_credit": ("customer", "open_amount", "payment_due_date"),
    "open_money": ("open_amount", "customer", "payment_due_date"),
    "money_due": ("payment_due_date", "open_amount"),
    # The search box, see domain.orders.finding.
    "external_number": ("external_number",),
    "customer_order_number": ("customer_order_number",),
    "mobile": ("mobile",),
    "wdt_trade_number": ("wdt_trade_number",),
    # Former receivers of a customer, and his orders as lists show them.
    "customer_newest": ("customer", "creation"),
    # The list as the desk opens it.
    "newest": ("creation",),
    # What a chart by day adds up stands in the index, so that no order is read for it.
    "live_orders_by_day": ("ordered_at", "workflow_state", "total", "exchange_rate"),
}


def ensure_indexes() -> None:
    """Create each index where it is missing, and the one that takes an outside number only once a channel."""
    frappe.db.add_unique("Order", ["channel", "external_number"], constraint_name="unique_channel_external")
    for name, fields in INDEXES.items():
        frappe.db.add_index("Order", list(fields), index_name=name)
