"""Order Statistics: count and value of orders by time, product, customer and more (R-357, R-358)."""

from __future__ import annotations

from typing import Any, Final

import frappe
from frappe import _
from frappe.utils import add_days, add_months, getdate, nowdate

from order_flow.domain.states import CALLED_OFF_STATES, OrderState
from order_flow.order_flow.report.filters import read_filters

BY_DAY: Final = "Day"
_ORDER_GROUPS: Final = {
    BY_DAY: "date(o.ordered_at)",
    "Week": "date(o.ordered_at) - interval weekday(o.ordered_at) day",
    "Month": "date_format(o.ordered_at, '%%Y-%%m')",
    "Customer": "o.customer",
    "Channel": "o.channel",
    "Sales Representative": "o.sales_rep",
    "State": "o.workflow_state",
}
_LINE_GROUPS: Final = {"Product": "i.product", "Category": "p.category", "Product Type": "p.product_type"}
GROUPS: Final = (*_ORDER_GROUPS, *_LINE_GROUPS)
_TRANSLATED: Final = frozenset({"State"})
_ORDER_FILTERS: Final = {
    "customer": "o.customer = %(customer)s",
    "channel": "o.channel = %(channel)s",
    "workflow_state": "o.workflow_state = %(workflow_state)s",
}
_LINE_FILTERS: Final = {
    "product": "i.product = %(product)s",
    "product_type": "p.product_type = %(product_type)s",
}
_LINES: Final = """ join `tabOrder Item` i on i.parent = o.name and i.parenttype = 'Order'
    join `tabProduct` p on p.name = i.product"""
_CALLED_OFF: Final = "o.workflow_state in %(called_off)s"
"""Such orders are counted by themselves; they are worth nothing."""
_PERIOD_GROUPS: Final = (BY_DAY, "Week", "Month")
MOST_BARS: Final = 40


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Columns, rows and chart.

    Args:
        filters: ``from_date`` and ``to_date`` (both days belong to it), ``by`` (one of ``GROUPS``),
            ``customer``, ``channel``, ``workflow_state``, ``product``, ``product_type``; each may be missing.

    Returns:
        Columns, one row a group and currency (amounts of two currencies are never added), no message, and a
        chart of the values. Where a product is asked for, values are those of the lines.
    """
    wanted = read_filters(filters)
    by = wanted.by if wanted.by in GROUPS else BY_DAY
    rows = _rows(wanted, by)
    return _columns(by), rows, None, _chart(rows, by)


def _rows(wanted: Any, by: str) -> list[Any]:
    last = getdate(wanted.to_date or nowdate())
    values = {
        **wanted,
        "first": getdate(wanted.from_date or add_months(last, -1)),
        "end": add_days(last, 1),
        "completed": OrderState.COMPLETED.value,
        "called_off": tuple(state.value for state in CALLED_OFF_STATES),
    }
    of_lines = by in _LINE_GROUPS or any(wanted.get(field) for field in _LINE_FILTERS)
    where = [text for field, text in (_ORDER_FILTERS | _LINE_FILTERS).items() if wanted.get(field)]
    group = _LINE_GROUPS.get(by) or _ORDER_GROUPS[by]
    rows = frappe.db.sql(
        f"""
        select {group} as group_value, o.currency,
            count(distinct if({_CALLED_OFF}, null, o.name)) as orders,
            sum(if({_CALLED_OFF}, null, {"i.quantity" if of_lines else "null"})) as quantity,
            sum(if({_CALLED_OFF}, 0, {"i.gross" if of_lines else "o.total"})) as value,
            count(distinct if(o.workflow_state = %(completed)s, o.name, null)) as completed,
            count(distinct if({_CALLED_OFF}, o.name, null)) as called_off
        from `tabOrder` o {_LINES if of_lines else ""}
        where o.ordered_at >= %(first)s and o.ordered_at < %(end)s {"".join(f" and {text}" for text in where)}
        group by {group}, o.currency
        order by {"group_value" if by in _PERIOD_GROUPS else "value desc, group_value"}
        """,
        values,
        as_dict=True,
    )
    for row in rows:
        row.group_value = _(row.group_value) if by in _TRANSLATED else str(row.group_value or _("None given"))
    return list(rows)


def _chart(rows: list[Any], by: str) -> dict[str, Any] | None:
    if not rows:
        return None
    labels = list(dict.fromkeys(row.group_value for row in rows))
    labels = labels[-MOST_BARS:] if by in _PERIOD_GROUPS else labels[:MOST_BARS]
    values = {(row.group_value, row.currency): float(row.value or 0) for row in rows}
    return {
        "type": "line" if by in _PERIOD_GROUPS else "bar",
        "data": {
            "labels": labels,
            # Each currency by itself: together they are no amount.
            "datasets": [
                {
                    "name": f"{_('Amount')} {currency or ''}".strip(),
                    "values": [values.get((label, currency), 0.0) for label in labels],
                }
                for currency in sorted({row.currency for row in rows}, key=str)
            ],
        },
    }


def _columns(by: str) -> list[dict[str, Any]]:
    number = {"fieldtype": "Int", "width": 110}
    return [
        {"fieldname": "group_value", "label": _(by), "fieldtype": "Data", "width": 200},
        {"fieldname": "currency", "label": _("Currency"), "fieldtype": "Data", "width": 80},
        {"fieldname": "orders", "label": _("Orders"), **number},
        {"fieldname": "quantity", "label": _("Quantity"), "fieldtype": "Float", "width": 110},
        {
            "fieldname": "value",
            "label": _("Amount"),
            "fieldtype": "Currency",
            "options": "currency",
            "width": 140,
        },
        {"fieldname": "completed", "label": _("Completed"), **number},
        {"fieldname": "called_off", "label": _("Called Off"), **number},
    ]
