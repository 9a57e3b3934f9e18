"""Orders on a calendar: when they are promised and when they are to leave (issue: face 2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _

from order_flow.domain.states import CALLED_OFF_STATES, DeliveryStatus

PROMISED_COLOR = "#2490EF"
SHIP_COLOR = "#29CD42"
LATE_COLOR = "#E24C4C"
MOST_EVENTS = 1000
"""Of each kind; a calendar with more in view says nothing any more."""


def order_events(first: date, last: date, today: date) -> list[dict[str, Any]]:
    """Return what the reader may see of a stretch of the calendar, in two statements.

    Args:
        first: first day shown.
        last: last day shown.
        today: the current day in Shanghai; an order not shipped by its day is late.

    Returns:
        Events as the framework's calendar draws them. ``docstatus`` 1 keeps them from being dragged: a
        promised date changes only on paper (R-143).
    """
    return [
        *_events("promised_date", _("Promised: {0}"), PROMISED_COLOR, (first, last), today),
        *_events("planned_ship_date", _("Ships: {0}"), SHIP_COLOR, (first, last), today),
    ]


def _events(field: str, words: str, color: str, days: tuple[date, date], today: date) -> list[dict[str, Any]]:
    rows = frappe.get_list(
        "Order",
        filters={
            field: ("between", [str(day) for day in days]),
            "workflow_state": ("not in", [state.value for state in CALLED_OFF_STATES]),
        },
        fields=["name", "customer_name", "delivery_status", field],
        order_by=f"{field} asc, name asc",
        limit_page_length=MOST_EVENTS,
    )
    return [
        {
            "name": row.name,
            "doctype": "Order",
            "title": words.format(f"{row.name} {row.customer_name or ''}".strip()),
            "start": str(row[field]),
            "end": str(row[field]),
            "all_day": 1,
            "no": 0,
            "docstatus": 1,
            "color": LATE_COLOR if _is_late(row, field, today) else color,
        }
        for row in rows
    ]


def _is_late(row: Any, field: str, today: date) -> bool:
    return row[field] < today and DeliveryStatus(row.delivery_status) is not DeliveryStatus.SHIPPED
