"""Order Performance: how fast, how punctual and how faultless orders run, by month (R-359, R-365, R-310)."""

from __future__ import annotations

from typing import Any, Final

import frappe
from frappe import _
from frappe.utils import add_days, add_months, flt, getdate, nowdate

from order_flow.domain.changes.model import ChangeState
from order_flow.order_flow.report.filters import read_filters

PERCENT: Final = 100
_HOURS: Final = "timestampdiff(second, o.{start}, o.{end}) / 3600"
STAGES: Final = {
    "to_confirm": ("ordered_at", "confirmed_at"),
    "to_pay": ("confirmed_at", "paid_at"),
    "to_ship": ("confirmed_at", "shipped_at"),
    "to_complete": ("shipped_at", "completed_at"),
}
"""Times between stations, in calendar hours; an order that skipped one of the two does not count there."""


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Columns, rows and chart.

    Args:
        filters: ``from_date`` and ``to_date`` (days of the order, both belong to it), ``channel``
            (optional).

    Returns:
        One row a month of entry: orders confirmed, average hours between the stations, the share shipped by
        the promised date of those shipped that have one (K-19: no tolerance), and the share that needed no
        change notice after its confirmation.
    """
    wanted = read_filters(filters)
    rows = _rows(wanted)
    return _columns(), rows, None, _chart(rows)


def _rows(wanted: Any) -> list[Any]:
    last = getdate(wanted.to_date or nowdate())
    averages = ", ".join(
        f"avg({_HOURS.format(start=start, end=end)}) as {name}" for name, (start, end) in STAGES.items()
    )
    rows = frappe.db.sql(
        f"""
        select date_format(o.ordered_at, '%%Y-%%m') as month, count(*) as orders, {averages},
            sum(o.shipped_at is not null and o.promised_date is not null) as with_promise,
            sum(date(o.shipped_at) <= o.promised_date) as punctual,
            sum(not exists (select 1 from `tabChange Notice` n where n.order_id = o.name
                and n.change_state = %(applied)s)) as unchanged
        from `tabOrder` o
        where o.ordered_at >= %(first)s and o.ordered_at < %(end)s and o.confirmed_at is not null
            {"and o.channel = %(channel)s" if wanted.channel else ""}
        group by month order by month
        """,
        {
            "first": getdate(wanted.from_date or add_months(last, -6)),
            "end": add_days(last, 1),
            "channel": wanted.channel,
            "applied": ChangeState.APPLIED.value,
        },
        as_dict=True,
    )
    for row in rows:
        row.on_time = PERCENT * flt(row.punctual) / row.with_promise if row.with_promise else None
        row.faultless = PERCENT * flt(row.unchanged) / row.orders
        for name in STAGES:
            row[name] = round(flt(row[name]), 1) if row[name] is not None else None
    return list(rows)


def _chart(rows: list[Any]) -> dict[str, Any] | None:
    if not rows:
        return None
    return {
        "type": "bar",
        "data": {
            "labels": [row.month for row in rows],
            "datasets": [
                {"name": column["label"], "values": [flt(row[column["fieldname"]]) for row in rows]}
                for column in _columns()
                if column["fieldname"] in STAGES
            ],
        },
    }


def _columns() -> list[dict[str, Any]]:
    hours = {"fieldtype": "Float", "precision": 1, "width": 150}
    share = {"fieldtype": "Percent", "width": 130}
    return [
        {"fieldname": "month", "label": _("Month"), "fieldtype": "Data", "width": 100},
        {"fieldname": "orders", "label": _("Orders Confirmed"), "fieldtype": "Int", "width": 120},
        {"fieldname": "to_confirm", "label": _("Entry to Confirmation (h)"), **hours},
        {"fieldname": "to_pay", "label": _("Confirmation to Payment (h)"), **hours},
        {"fieldname": "to_ship", "label": _("Confirmation to Shipping (h)"), **hours},
        {"fieldname": "to_complete", "label": _("Shipping to Completion (h)"), **hours},
        {"fieldname": "on_time", "label": _("Shipped on Time"), **share},
        {"fieldname": "faultless", "label": _("Without a Change"), **share},
    ]
