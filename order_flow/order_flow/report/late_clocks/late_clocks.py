"""Late Clocks: who is late with what, the longest first, by the role that must act (R-253)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import OPEN_STATES, ClockKind, Unit
from order_flow.domain.clocks.times import elapsed
from order_flow.flow.clocks.rules import calendar_named
from order_flow.flow.clocks.store import minutes
from order_flow.order_flow.report.filters import read_filters

MINUTES_PER_HOUR = 60


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows of the report.

    Args:
        filters: ``owner_role`` and ``flow_profile``, both optional.

    Returns:
        Columns and rows; only clocks of orders that the caller may see.
    """
    wanted = read_filters(filters)
    now = now_datetime()
    conditions: dict[str, Any] = {
        "state": ("in", [state.value for state in OPEN_STATES]),
        "kind": ClockKind.DEADLINE.value,
        "due_at": ("<", now),
        **{key: wanted[key] for key in ("owner_role", "flow_profile") if wanted.get(key)},
    }
    fields = ["name", "order_id", "rule", "title", "owner_role", "state", "due_at", "paused_at"]
    rows = frappe.get_list(
        "Order Clock",
        filters=conditions,
        fields=[*fields, "unit", "working_calendar", "flow_profile"],
        order_by="due_at",
        limit_page_length=0,
    )
    for row in rows:
        late = elapsed(calendar_named(row.working_calendar), Unit(row.unit), row.due_at, row.paused_at or now)
        row.late_hours = round(minutes(late) / MINUTES_PER_HOUR, 1)
        row.title, row.state, row.owner_role = _(row.title), _(row.state), _(row.owner_role)
    return _columns(), [row for row in rows if row.late_hours > 0]


def _columns() -> list[dict[str, Any]]:
    link, data = {"fieldtype": "Link"}, {"fieldtype": "Data"}
    return [
        {"fieldname": "owner_role", "label": _("Role That Must Act"), **data, "width": 140},
        {"fieldname": "order_id", "label": _("Order"), **link, "options": "Order", "width": 130},
        {"fieldname": "title", "label": _("Limit"), **data, "width": 280},
        {"fieldname": "due_at", "label": _("Due Time"), "fieldtype": "Datetime", "width": 160},
        {"fieldname": "late_hours", "label": _("Late (Hours)"), "fieldtype": "Float", "width": 110},
        {"fieldname": "state", "label": _("State"), **data, "width": 90},
        {"fieldname": "flow_profile", "label": _("Flow Profile"), **data, "width": 140},
        {"fieldname": "rule", "label": _("Clock Rule"), **link, "options": "Clock Rule", "width": 100},
    ]
