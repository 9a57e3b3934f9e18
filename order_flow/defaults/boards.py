"""The shipped Kanban board of open orders; what an administrator changed stays (issue: face 2)."""

from __future__ import annotations

import json
from typing import Final

import frappe

from order_flow.domain.states import FINAL_STATES, OrderState

OPEN_ORDERS: Final = "Open Orders by State"
COLORS: Final = {
    OrderState.UNCONFIRMED: "Gray",
    OrderState.UNDER_REVIEW: "Orange",
    OrderState.CONFIRMED: "Blue",
    OrderState.PAID: "Cyan",
    OrderState.SHIPPED: "Purple",
    OrderState.RECEIVED: "Green",
}
SHOWN: Final = ("customer_name", "total", "promised_date")


def ensure_boards() -> None:
    """Create the board where it is missing; finished orders stay off it, they would only pile up."""
    if frappe.db.exists("Kanban Board", OPEN_ORDERS):
        return
    final = sorted(state.value for state in FINAL_STATES)
    frappe.get_doc(
        {
            "doctype": "Kanban Board",
            "kanban_board_name": OPEN_ORDERS,
            "reference_doctype": "Order",
            "field_name": "workflow_state",
            "filters": json.dumps([["Order", "workflow_state", "not in", final]]),
            "fields": json.dumps(SHOWN),
            "show_labels": 1,
            "columns": [
                {"column_name": state.value, "status": "Active", "indicator": color}
                for state, color in COLORS.items()
            ],
        }
    ).insert(ignore_permissions=True)  # runs on install and migrate only, never for a request


def remove_boards() -> None:
    """Boards of the app's documents go with them; the framework would keep them."""
    frappe.db.delete("Kanban Board Column", {"parent": OPEN_ORDERS})
    frappe.db.delete("Kanban Board", {"reference_doctype": "Order"})
