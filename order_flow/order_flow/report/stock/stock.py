"""Stock: what each warehouse has of each product, what is claimed, how old the figure is (R-254, R-255)."""

from __future__ import annotations

from typing import Any, Final

import frappe
from frappe import _
from frappe.utils import pretty_date

from order_flow.domain.goods.stock import ReservationState, StockSource
from order_flow.flow.stock.levels import CLAIMED
from order_flow.order_flow.report.filters import read_filters

MOST_ROWS: Final = 2000
_SQL: Final = f"""
    select l.product, p.product_name, l.warehouse, l.physical, l.available, l.source, l.read_at,
        p.safety_stock,
        coalesce(claims.claimed, 0) as reserved,
        l.available - coalesce(claims.claimed, 0) as free,
        sum(l.available) over (partition by l.product) < p.safety_stock as is_low
    from `tabStock Level` l join `tabProduct` p on p.name = l.product
    left join (
{CLAIMED.format(conditions="")}
    ) claims on claims.product = l.product and claims.warehouse = l.warehouse
    where true {{conditions}}
    order by l.product, l.warehouse"""
_FILTERS: Final = {"product": "l.product = %(product)s", "warehouse": "l.warehouse = %(warehouse)s"}


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[Any], str | None]:
    """Columns and rows.

    Args:
        filters: ``product``, ``warehouse``, ``below_safety``; each may be missing.

    Returns:
        Columns, one row a product and warehouse, and a word where not all fit on the page.
    """
    wanted = read_filters(filters)
    conditions = "".join(f" and {text}" for field, text in _FILTERS.items() if wanted.get(field))
    sql = _SQL.format(conditions=conditions)
    if wanted.below_safety:
        sql = f"select * from ({sql}) figures where is_low"
    values = {**wanted, "active": ReservationState.ACTIVE.value, "hand": StockSource.HAND.value}
    rows = frappe.db.sql(f"{sql} limit {MOST_ROWS + 1}", values, as_dict=True)
    for row in rows:
        row.age = pretty_date(row.read_at) if row.read_at else _("Never")
        row.source = _(row.source)
        row.low = _("Below safety stock") if row.is_low else ""
    word = _("Only the first {0} rows are shown. Choose a product or a warehouse.").format(MOST_ROWS)
    return _columns(), rows[:MOST_ROWS], word if len(rows) > MOST_ROWS else None


def _columns() -> list[dict[str, Any]]:
    number = {"fieldtype": "Float", "width": 110}
    return [
        {
            "fieldname": "product",
            "label": _("Product"),
            "fieldtype": "Link",
            "options": "Product",
            "width": 130,
        },
        {"fieldname": "product_name", "label": _("Product Name"), "fieldtype": "Data", "width": 180},
        {
            "fieldname": "warehouse",
            "label": _("Warehouse"),
            "fieldtype": "Link",
            "options": "Warehouse",
            "width": 120,
        },
        {"fieldname": "physical", "label": _("Physical Quantity"), **number},
        {"fieldname": "available", "label": _("Available Quantity"), **number},
        {"fieldname": "reserved", "label": _("Reserved"), **number},
        {"fieldname": "free", "label": _("Free"), **number},
        {"fieldname": "age", "label": _("As Of"), "fieldtype": "Data", "width": 110},
        {"fieldname": "safety_stock", "label": _("Safety Stock"), **number},
        {"fieldname": "low", "label": _("Alert"), "fieldtype": "Data", "width": 120},
        {"fieldname": "source", "label": _("Source"), "fieldtype": "Data", "width": 80},
    ]
