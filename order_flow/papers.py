"""What the print formats ask for beside their document (R-015, R-107, R-108, R-113).

Named in ``hooks.jinja``. A print was allowed for its document already; every function takes that document,
or tells nothing that could be read without one.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, get_fullname

from order_flow.domain.chinese_amount import in_capitals
from order_flow.domain.money import to_decimal
from order_flow.domain.stock import ReservationState
from order_flow.order_flow.report.order_status_tracking.order_status_tracking import (
    headings,
    tracking_rows,
)
from order_flow.order_flow.report.orders import plain

_CAPITALS_CURRENCY = "CNY"
_CHINESE = "zh"


def order_version(order: str) -> int:
    """Which version of an order is printed: 1, and one more for each applied change (R-113, R-133)."""
    return int(frappe.db.count("Order Version", {"order_id": order})) + 1


def plain_quantity(quantity: Any) -> str:
    """A quantity without the zeros that the database adds; none is 0."""
    return plain(quantity or 0)


def amount_in_capitals(order: Any) -> str:
    """The order's total as Chinese contracts write it; empty in other languages and currencies."""
    if order.currency != _CAPITALS_CURRENCY or not (frappe.local.lang or "").startswith(_CHINESE):
        return ""
    return in_capitals(to_decimal(order.total))


def tracking_of_order(order: Any) -> list[dict[str, Any]]:
    """The rows of Order Status Tracking for one order (R-107)."""
    row = frappe._dict(order.as_dict(), order_id=order.name)
    return tracking_rows([row], headings())


def stages_of_order(order: Any) -> list[dict[str, str]]:
    """What happened to an order, one row a step, across all departments (R-015)."""
    events = frappe.get_all(
        "Order Event",
        filters={"order_id": order.name},
        fields=["step", "at", "actor", "state_before", "state_after"],
        order_by="at asc, creation asc",
    )
    return [
        {"label": _(row.step), "at": format_datetime(row.at), "by": get_fullname(row.actor)}
        for row in events
        if row.state_before != row.state_after
    ]


def places_of_order(order: Any) -> dict[str, str]:
    """From which warehouses each line of an order is to be picked, as it is reserved (R-266, R-267)."""
    rows = frappe.get_all(
        "Stock Reservation",
        filters={"order_id": order.name, "reservation_state": ReservationState.ACTIVE.value},
        fields=["order_item", "warehouse", "quantity"],
        order_by="creation, warehouse",
    )
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(row.order_item, []).append(f"{row.warehouse}: {plain(row.quantity)}")
    return {line: "\n".join(found) for line, found in places.items()}


def order_of(shipment: Any) -> Any:
    """Where a shipment goes: numbers, person and address of its order, nothing about money."""
    fields = ["order_number", "customer_order_number", "contact_person", "mobile", "province", "city"]
    fields += ["district", "address_line", "postal_code"]
    return frappe.db.get_value("Order", shipment.order_id, fields, as_dict=True)
