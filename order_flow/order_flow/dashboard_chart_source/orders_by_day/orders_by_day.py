"""Orders by the day they came in: how many, or what they are worth (R-357)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import frappe
from frappe import _
from frappe.utils import format_date, getdate
from frappe.utils.dateutils import get_from_date_from_timespan

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.states import CALLED_OFF_STATES
from order_flow.flow.access.sight import sees_money
from order_flow.security.permissions import rows_condition

_COUNT: Final = "count(*)"
_VALUE: Final = "sum(total * exchange_rate)"
"""In the company's currency; an order without a rate adds nothing, as nobody knows what it is worth."""
_CALLED_OFF: Final = tuple(sorted(state.value for state in CALLED_OFF_STATES))
MOST_DAYS: Final = 366


@endpoint(Verb.GET, Verb.POST, of="Order")
def get(
    chart_name: str, filters: str | dict[str, Any] | None = None, **_framework: str | int | None
) -> dict[str, Any]:
    """The chart's days and values; a day without orders is a zero.

    The framework's own chart over time keeps one answer for all people and groups by the second; this one
    counts what the reader may see, from an index alone.

    Args:
        chart_name: A Dashboard Chart whose source is this; where it names a field to add up, the day's
            value is shown in the company's currency, else the number of orders.
        filters: ``from_date`` and ``to_date``, both days belong to it; without them the chart's own timespan
            up to today.

    Returns:
        Labels and one dataset.

    Raises:
        frappe.PermissionError: The reader may not read the chart, orders, or what they are worth.
        frappe.ValidationError: The period ends before it begins, or is longer than a chart can show.
    """
    chart = frappe.get_doc("Dashboard Chart", chart_name)
    chart.check_permission("read")
    frappe.has_permission("Order", "read", throw=True)
    if chart.value_based_on and not sees_money():
        frappe.throw(
            _("What orders are worth is not shown to your roles. An administrator can give the right."),
            frappe.PermissionError,
        )
    first, last = _period(chart, frappe._dict(frappe.parse_json(filters) or {}))
    found = _by_day(_VALUE if chart.value_based_on else _COUNT, first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        "labels": [format_date(day) for day in days],
        "datasets": [{"name": _(chart.name), "values": [found.get(day, 0.0) for day in days]}],
    }


def _period(chart: Any, wanted: Any) -> tuple[date, date]:
    last = getdate(wanted.to_date)
    first = getdate(wanted.from_date or get_from_date_from_timespan(last, chart.timespan))
    if not 0 <= (last - first).days < MOST_DAYS:
        frappe.throw(
            _("A chart by day shows 1 to {0} days, but {1} to {2} was asked for. Choose other dates.").format(
                MOST_DAYS, format_date(first), format_date(last)
            )
        )
    return first, last


def _by_day(measure: str, first: date, last: date) -> dict[date, float]:
    own = rows_condition("Order")
    rows = frappe.db.sql(
        f"""
        select date(ordered_at), {measure} from `tabOrder`
        where ordered_at >= %(first)s and ordered_at < %(end)s and workflow_state not in %(called_off)s
            {f"and {own}" if own else ""}
        group by date(ordered_at)
        """,
        {"first": first, "end": last + timedelta(days=1), "called_off": _CALLED_OFF},
    )
    return {getdate(day): float(value or 0) for day, value in rows}
