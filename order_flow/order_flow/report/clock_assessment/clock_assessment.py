"""Clock Assessment: how well each limit was kept in a month, by role, for management (R-251, K-19)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, flt

from order_flow.domain.clocks.model import ClockKind, ClockState
from order_flow.order_flow.report.filters import read_filters

PERCENT = 100
MINUTES_PER_HOUR = 60


def execute(filters: Any = None) -> tuple[Any, ...]:
    """Columns, rows and summary of the report.

    Args:
        filters: ``from_date``, ``to_date`` (both days belong to it), ``flow_profile`` (optional).

    Returns:
        What the framework draws: columns, rows, no message, no chart, the on-time shipments as summary.
    """
    wanted = read_filters(filters, needed=("from_date", "to_date"))
    period = {
        "start": wanted.from_date,
        "end": add_days(wanted.to_date, 1),
        "profile": wanted.flow_profile,
        "met": ClockState.MET.value,
        "missed": ClockState.MISSED.value,
        "deadline": ClockKind.DEADLINE.value,
    }
    return _columns(), _rows(period), None, None, _shipments(period)


def _rows(period: dict[str, Any]) -> list[dict[str, Any]]:
    which = "and k.flow_profile = %(profile)s" if period["profile"] else ""
    rows = frappe.db.sql(
        f"""
        select k.owner_role, k.rule, min(k.title) as title, count(*) as ended,
            sum(k.state = %(met)s) as met, sum(k.state = %(missed)s) as missed,
            avg(if(k.state = %(missed)s, k.overrun_minutes, null)) as average_overrun,
            max(k.overrun_minutes) as longest_overrun
        from `tabOrder Clock` k
        where k.stopped_at >= %(start)s and k.stopped_at < %(end)s and k.kind = %(deadline)s
            and k.state in (%(met)s, %(missed)s) {which}
        group by k.owner_role, k.rule
        order by k.owner_role, k.rule
        """,
        period,
        as_dict=True,
    )
    for row in rows:
        row.title, row.owner_role = _(row.title), _(row.owner_role)
        row.on_time = PERCENT * flt(row.met) / row.ended
        for field in ("average_overrun", "longest_overrun"):
            row[field] = round(flt(row[field]) / MINUTES_PER_HOUR, 1)
    return list(rows)


def _shipments(period: dict[str, Any]) -> list[dict[str, Any]]:
    """On-time shipments count against the promised date; the tolerance changes nothing here (K-19)."""
    which = (
        "and exists (select 1 from `tabSales Channel` c where c.name = o.channel"
        " and c.flow_profile = %(profile)s)"
        if period["profile"]
        else ""
    )
    ((shipped, on_time),) = frappe.db.sql(
        f"""
        select count(*), coalesce(sum(date(o.shipped_at) <= o.promised_date), 0) from `tabOrder` o
        where o.shipped_at >= %(start)s and o.shipped_at < %(end)s and o.promised_date is not null {which}
        """,
        period,
    )
    rate = PERCENT * flt(on_time) / shipped if shipped else 0
    return [
        {"label": _("Shipped Orders With a Promised Date"), "value": shipped, "datatype": "Int"},
        {"label": _("Shipped by the Promised Date"), "value": rate, "datatype": "Percent"},
    ]


def _columns() -> list[dict[str, Any]]:
    link, number = {"fieldtype": "Link"}, {"fieldtype": "Int", "width": 90}
    return [
        {"fieldname": "owner_role", "label": _("Role That Must Act"), "fieldtype": "Data", "width": 140},
        {"fieldname": "rule", "label": _("Clock Rule"), **link, "options": "Clock Rule", "width": 100},
        {"fieldname": "title", "label": _("Limit"), "fieldtype": "Data", "width": 280},
        {"fieldname": "ended", "label": _("Ended"), **number},
        {"fieldname": "met", "label": _("Met"), **number},
        {"fieldname": "missed", "label": _("Missed"), **number},
        {"fieldname": "on_time", "label": _("On Time"), "fieldtype": "Percent", "width": 90},
        {"fieldname": "average_overrun", "label": _("Average Overrun (Hours)"), "fieldtype": "Float"},
        {"fieldname": "longest_overrun", "label": _("Longest Overrun (Hours)"), "fieldtype": "Float"},
    ]
