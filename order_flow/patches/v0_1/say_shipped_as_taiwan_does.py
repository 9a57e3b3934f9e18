"""The customer's word for Shipped in traditional characters was the mainland's; Taiwan says 已出貨."""

from __future__ import annotations

import frappe

from order_flow.domain.states import OrderState
from order_flow.flow.orders.state_words import forget_aliases

AS_IT_WAS, AS_IT_IS = "已發貨", "已出貨"


def execute() -> None:
    """Change the shipped row only; words that a company chose stay."""
    shipped = {"state": OrderState.SHIPPED.value, "language": "zh-TW", "words": AS_IT_WAS}
    for name in frappe.get_all("State Alias", {**shipped, "sales_channel": ("is", "not set")}, pluck="name"):
        frappe.db.set_value("State Alias", name, "words", AS_IT_IS)
    forget_aliases()
