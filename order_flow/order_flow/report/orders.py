"""The orders of a report, as far as its reader may see them, and their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import add_days, getdate, nowdate

from order_flow.domain.amounts import ZERO, to_decimal

DAYS_BACK = 30
"""The period where the reader names none; a register of all orders of all years helps nobody."""
_LINES = """
    select parent as order_id, product, product_name, specification, model, unit, quantity, shipped_quantity
    from `tabOrder Item`
    where parenttype = 'Order' and parent in %(orders)s
    order by parent, idx
"""


def visible_orders(wanted: Any, fields: Sequence[str], conditions: Iterable[Sequence[Any]] = ()) -> list[Any]:
    """The orders of a period, in one statement with the reader's own conditions on orders.

    Args:
        wanted: filters ``from_date``, ``to_date`` (days of the order time), ``customer``, ``workflow_state``,
            ``sales_rep``; each may be missing.
        fields: columns of Order.
        conditions: more filters, as the framework reads them.
    """
    last = getdate(wanted.get("to_date") or nowdate())
    first = getdate(wanted.get("from_date") or add_days(last, -DAYS_BACK))
    filters = [
        ["ordered_at", ">=", str(first)],
        ["ordered_at", "<", str(add_days(last, 1))],
        *conditions,
    ]
    for field in ("customer", "workflow_state", "sales_rep"):
        if wanted.get(field):
            filters.append([field, "=", wanted[field]])
    return list(
        frappe.get_list(
            "Order",
            filters=filters,
            fields=list(fields),
            order_by="ordered_at asc, name asc",
            limit_page_length=0,
        )
    )


def lines_of(orders: Sequence[str]) -> dict[str, list[Any]]:
    """Lines by order, in one statement; whoever may see the order may see them."""
    found: dict[str, list[Any]] = defaultdict(list)
    if orders:
        for row in frappe.db.sql(_LINES, {"orders": tuple(orders)}, as_dict=True):
            found[row.order_id].append(row)
    return found


def product_detail(lines: Iterable[Any]) -> str:
    """Return what was ordered, in words: code, name, specification and quantity of each line (R-105)."""
    return "; ".join(
        " ".join(
            part
            for part in (
                line.product,
                line.product_name,
                line.specification,
                f"x {plain(line.quantity)}",
                line.unit,
            )
            if part
        )
        for line in lines
    )


def plain(quantity: Any) -> str:
    """A quantity without the zeros that the database adds."""
    return format(to_decimal(quantity).normalize(), "f")


def total(lines: Iterable[Any], column: str) -> Decimal:
    """The sum of a column of the lines."""
    return sum((to_decimal(line[column]) for line in lines), ZERO)
