"""Committed orders for tests that need other connections: stored rows as they are, and their removal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.utils import now_datetime

Rows = tuple[tuple[Any, ...], ...]

TRACES: dict[str, str] = {
    "Order": "name",
    "Order Item": "parent",
    "Order Event": "order_id",
    "Order Payment": "order_id",
    "Shipment": "order_id",
    "Change Notice": "order_id",
    "Order Version": "order_id",
    "Sync Outbox": "document",
    "Version": "docname",
    "Comment": "reference_name",
    "ToDo": "reference_name",
    "Workflow Action": "reference_name",
    "Order Clock": "order_id",
    "Review Checklist": "order_id",
    "Open Point": "order_id",
    "Stock Reservation": "order_id",
}
"""Every table in which an order leaves rows, with the column that names it."""

_CHILDREN = {
    "Shipment Item": ("Shipment",),
    "Shipment Event": ("Shipment",),
    "Change Notice Line": ("Change Notice",),
    "Change Notice Impact": ("Change Notice",),
    "Department Answer": ("Change Notice", "Review Checklist"),
    "Review Meeting": ("Review Checklist",),
    "Sync Attempt": ("Sync Outbox",),
    "Workflow Action Permitted Role": ("Workflow Action",),
    "Clock Call": ("Order Clock",),
}
_PARENT_COLUMN = {"Sync Attempt": "outbox_row", "Clock Call": "clock"}


def stored_rows(order: str) -> dict[str, Rows]:
    """All columns of all rows that an order has anywhere, for comparing before with after."""
    return {
        doctype: frappe.db.sql(f"select * from `tab{doctype}` where `{column}` = %s order by name", (order,))
        for doctype, column in TRACES.items()
    }


def restore(order: str, rows: dict[str, Rows]) -> None:
    """Put an order's rows back as they were and commit, so that the next test starts from the same state."""
    _delete([order], TRACES)
    for doctype, stored in rows.items():
        for row in stored:
            places = ", ".join(["%s"] * len(row))
            frappe.db.sql(f"insert into `tab{doctype}` values ({places})", row)
    frappe.db.commit()


def forget_later_stock() -> None:
    """Take away stock figures of a turned clock, which no reading of today would replace; and commit."""
    frappe.db.delete("Stock Level", {"read_at": (">", now_datetime())})
    frappe.db.commit()


def remove_orders(orders: Iterable[str]) -> None:
    """Take orders and all their traces out of the test site again and commit.

    Orders are never deleted by the app itself (R-149), hence plain SQL.
    """
    names = list(orders)
    frappe.db.rollback()
    if names:
        _delete(names, TRACES)
        frappe.db.delete("Sync Discrepancy", {"document_type": "Order", "document": ("in", names)})
        # Tasks about discrepancies end with them in the app; here the rows were taken away.
        frappe.db.sql(
            """delete t from `tabToDo` t
            left join `tabSync Discrepancy` d on cast(d.name as char) = t.reference_name
            where t.reference_type = 'Sync Discrepancy' and d.name is null"""
        )
        frappe.db.commit()


def _delete(orders: list[str], tables: dict[str, str]) -> None:
    """Names first, without locks: a deletion by another column would lock rows of tests that run besides."""
    found = {doctype: _names_where(doctype, column, orders) for doctype, column in tables.items()}
    for child, parents in _CHILDREN.items():
        holders = [name for parent in parents for name in found[parent]]
        _delete_by_name(child, _names_where(child, _PARENT_COLUMN.get(child, "parent"), holders))
    for doctype, names in found.items():
        _delete_by_name(doctype, names)


def _names_where(doctype: str, column: str, values: list[Any]) -> list[Any]:
    if not values:
        return []
    rows = frappe.db.sql(f"select name from `tab{doctype}` where `{column}` in %s", (tuple(values),))
    return [name for (name,) in rows]


def _delete_by_name(doctype: str, names: list[Any]) -> None:
    if names:
        frappe.db.sql(f"delete from `tab{doctype}` where name in %s", (tuple(names),))
