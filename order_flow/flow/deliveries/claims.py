"""Until when a customer may claim: counted from his receipt, whatever the way it was confirmed (K-22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate, now_datetime

from order_flow.domain.clocks.working_time import shift_working_days
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.flow.clocks.due_times import CALENDAR
from order_flow.flow.clocks.rules import calendar_named
from order_flow.flow.profiles import profile_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def claim_until(order: Order, at: datetime) -> date | None:
    """The last day of claims: ten working days from the receipt at contracts between companies.

    Args:
        order: the Order document.
        at: when the goods were received.

    Returns:
        None where the company's procedure sets no limit.
    """
    days = profile_of(order).claim_days
    return shift_working_days(calendar_named(CALENDAR), getdate(at), int(days)) if days else None


def receipt_confirmed(order: Order) -> None:
    """Start the time of claims for goods that nobody recorded at the door; no statement without a limit.

    Args:
        order: the Order document at its receipt.
    """
    until = claim_until(order, now_datetime())
    if until is None:
        return
    frappe.db.set_value(
        "Shipment",
        {
            "order_id": order.name,
            "shipment_state": ("in", [state.value for state in LEFT_WAREHOUSE]),
            "claim_until": ("is", "not set"),
        },
        "claim_until",
        until,
    )
