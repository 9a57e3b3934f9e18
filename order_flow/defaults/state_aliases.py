"""The words customers read for the states, from the written sources (R-028, K-01)."""

from __future__ import annotations

from typing import Final

import frappe

from order_flow.domain.orders.state_words import Audience
from order_flow.domain.states import OrderState

CUSTOMER_WORDS: Final[dict[OrderState, dict[str, str]]] = {
    OrderState.UNCONFIRMED: {"en": "Order placed", "zh": "已下单", "zh-TW": "已下單"},
    OrderState.UNDER_REVIEW: {"en": "In progress", "zh": "处理中", "zh-TW": "處理中"},
    OrderState.CONFIRMED: {"en": "In progress", "zh": "处理中", "zh-TW": "處理中"},
    OrderState.PAID: {"en": "Paid", "zh": "已付款", "zh-TW": "已付款"},
    OrderState.SHIPPED: {"en": "Shipped", "zh": "已发货", "zh-TW": "已出貨"},
    OrderState.RECEIVED: {"en": "Delivered", "zh": "已签收", "zh-TW": "已簽收"},
    OrderState.COMPLETED: {"en": "Completed", "zh": "已完成", "zh-TW": "已完成"},
    OrderState.VOIDED: {"en": "Cancelled", "zh": "已取消", "zh-TW": "已取消"},
    OrderState.CANCELLED: {"en": "Cancelled", "zh": "已取消", "zh-TW": "已取消"},
}


def ensure_state_aliases() -> None:
    """Fill the table on a site that has none; one that is kept stays as it is."""
    if frappe.db.count("State Alias"):
        return
    for state, words in CUSTOMER_WORDS.items():
        for language, text in words.items():
            frappe.get_doc(
                {
                    "doctype": "State Alias",
                    "audience": Audience.CUSTOMER.value,
                    "language": language,
                    "state": state.value,
                    "words": text,
                }
            ).insert(ignore_permissions=True)  # runs on install and migrate only, never for a request
