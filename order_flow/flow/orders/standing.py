"""Where an order stands, for the top of its form: its stations, and what each side says (R-015, R-027)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.orders.stages import stages
from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyState

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_TIMES = {
    OrderState.UNCONFIRMED: "ordered_at",
    OrderState.CONFIRMED: "confirmed_at",
    OrderState.PAID: "paid_at",
    OrderState.SHIPPED: "shipped_at",
    OrderState.RECEIVED: "received_at",
    OrderState.COMPLETED: "completed_at",
    OrderState.VOIDED: "cancelled_at",
    OrderState.CANCELLED: "cancelled_at",
}


def stage_bar(order: Order) -> list[dict[str, Any]]:
    """The stations of an order.

    Args:
        order: the Order document.

    Returns:
        ``state``, ``standing`` (words of ``domain.stages.Standing``) and ``at`` for each.
    """
    bar = stages(
        OrderState(order.workflow_state),
        PaymentFamily(order.payment_family),
        {state: order.get(field) for state, field in _TIMES.items()},
        reviewed=bool(order.review_checklist),
    )
    return [{"state": stage.state.value, "standing": stage.standing.value, "at": stage.at} for stage in bar]


def sides(order: Order) -> list[dict[str, Any]]:
    """What the site, WDT and U8 say of an order, as far as it is known here, with the age of each answer.

    Args:
        order: the Order document.

    Returns:
        One entry a side that the order has: ``side``, ``account``, ``says`` (words to translate), ``numbers``
        (over there), ``heard_at`` (None where nothing was heard yet), ``differences`` (open discrepancies).
    """
    found = [
        {
            "side": "Order Flow",
            "account": "",
            "says": [order.workflow_state, order.payment_status, order.delivery_status],
            "numbers": order.name,
            "heard_at": order.modified,
            "differences": 0,
        }
    ]
    if not (order.wdt_account or order.u8_account):
        return found
    differences = _differences(order)
    if order.wdt_account:
        found.append(
            {
                "side": "WDT",
                "account": order.wdt_account,
                "says": [order.wdt_stage] if order.wdt_stage else [],
                "numbers": order.wdt_trade_number or "",
                "heard_at": order.wdt_read_at,
                "differences": differences.get(AccountType.WDT, 0),
            }
        )
    if order.u8_account:
        found.append(
            {
                "side": "U8",
                "account": order.u8_account,
                "says": [order.u8_status] if order.u8_status else [],
                "numbers": order.u8_documents or "",
                "heard_at": order.u8_posted_at,
                "differences": differences.get(AccountType.U8, 0),
            }
        )
    return found


def _differences(order: Order) -> dict[str, int]:
    rows = frappe.db.sql(
        """select account_type, count(*) from `tabSync Discrepancy`
        where document_type = %s and document = %s and state = %s group by account_type""",
        (order.doctype, order.name, DiscrepancyState.OPEN.value),
    )
    return {kind: int(count) for kind, count in rows}
