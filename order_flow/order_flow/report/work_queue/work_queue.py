"""Work Queue: confirmed orders in the order in which they are processed (R-029)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.domain.orders.classes import Urgency
from order_flow.domain.orders.work_queue import QUEUED_STATES, place_in_queue
from order_flow.order_flow.report.filters import read_filters

LONGEST = 1000
"""More than a desk works off in days; the index gives the oldest ones."""


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows of the report.

    Args:
        filters: ``channel`` and ``sales_rep``, both optional.

    Returns:
        Columns and rows; only orders that the caller may see, held and called-back ones left out.
    """
    wanted = read_filters(filters)
    queued = {
        "workflow_state": ("in", [state.value for state in QUEUED_STATES]),
        "on_hold": 0,
        "cancel_requested": 0,
        **{key: wanted[key] for key in ("channel", "sales_rep") if key in wanted},
    }
    # Those that go ahead first, each kind by its own index: the limit must not cut off what came late.
    ahead = _oldest({**queued, "urgency": Urgency.URGENT.value, "urgent_approved_at": ("is", "set")})
    known = {row.name for row in ahead}
    rows = [*ahead, *(row for row in _oldest(queued) if row.name not in known)][:LONGEST]
    rows.sort(
        key=lambda row: place_in_queue(
            Urgency(row.urgency or Urgency.NORMAL), bool(row.urgent_approved_at), row.confirmed_at
        )
    )
    for place, row in enumerate(rows, 1):
        row.place = place
        row.workflow_state, row.delivery_status = _(row.workflow_state), _(row.delivery_status)
        row.urgency = _(row.urgency)
    return _columns(), rows


def _oldest(filters: dict[str, Any]) -> list[Any]:
    rows: list[Any] = frappe.get_list(
        "Order",
        filters=filters,
        fields=[
            "name",
            "order_number",
            "customer_name",
            "workflow_state",
            "urgency",
            "urgent_approved_at",
            "confirmed_at",
            "promised_date",
            "delivery_status",
            "channel",
        ],
        order_by="confirmed_at asc, name asc",
        limit_page_length=LONGEST,
    )
    return rows


def _columns() -> list[dict[str, Any]]:
    data = {"fieldtype": "Data"}
    return [
        {"fieldname": "place", "label": _("Sequence"), "fieldtype": "Int", "width": 70},
        {"fieldname": "name", "label": _("Order"), "fieldtype": "Link", "options": "Order", "width": 130},
        {"fieldname": "order_number", "label": _("Order Number"), **data, "width": 140},
        {"fieldname": "customer_name", "label": _("Customer Name"), **data, "width": 200},
        {"fieldname": "workflow_state", "label": _("State"), **data, "width": 100},
        {"fieldname": "delivery_status", "label": _("Delivery Status"), **data, "width": 120},
        {"fieldname": "urgency", "label": _("Urgency"), **data, "width": 90},
        {"fieldname": "confirmed_at", "label": _("Confirmed At"), "fieldtype": "Datetime", "width": 160},
        {"fieldname": "promised_date", "label": _("Promised Date"), "fieldtype": "Date", "width": 120},
        {"fieldname": "channel", "label": _("Sales Channel"), **data, "width": 130},
    ]
