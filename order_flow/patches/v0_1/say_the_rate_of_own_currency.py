"""An order in the company's own currency was stored with the rate 0, which now says that nobody knows it."""

from __future__ import annotations

import frappe

from order_flow.flow.orders.masters import company_currency


def execute() -> None:
    """Store 1 for those; a foreign order without a rate stays unknown until somebody enters one."""
    frappe.db.sql(
        "update `tabOrder` set exchange_rate = 1 where currency = %s and coalesce(exchange_rate, 0) = 0",
        (company_currency(),),
    )
