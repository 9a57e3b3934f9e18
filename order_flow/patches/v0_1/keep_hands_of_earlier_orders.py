"""Orders from before the field ``hands`` knew only their owner and who holds them now (K-14, R-092)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from order_flow.domain.access.four_eyes import with_hands
from order_flow.flow.orders.intake import ORDER_FIELDS

_PORTION = 1000


def execute() -> None:
    """Fill the empty field from owner and holder, and from the record of changes."""
    empty = "coalesce(hands, '') = ''"
    orders = frappe.db.sql_list(f"select name from `tabOrder` where {empty} order by name")
    frappe.db.sql(
        f"""update `tabOrder` set hands = concat_ws('\\n', owner, nullif(nullif(sales_rep, ''), owner))
        where {empty}"""
    )
    for start in range(0, len(orders), _PORTION):
        _add_people_of_changes(orders[start : start + _PORTION])


def _add_people_of_changes(orders: list[str]) -> None:
    people: dict[str, list[str]] = {}
    for version in frappe.get_all(
        "Version",
        {"ref_doctype": "Order", "docname": ("in", orders)},
        ["docname", "owner", "data"],
        order_by="creation",
        limit_page_length=0,
    ):
        changes = frappe.parse_json(version.data or "{}")
        people.setdefault(version.docname, []).extend(_people_of(changes, version.owner))
    stored = frappe.get_all(
        "Order", {"name": ("in", [order for order in people if people[order]])}, ["name", "hands"]
    )
    for order in stored:
        # A statement for each order that changed hands; there is no column to join by.
        hands = with_hands(order.hands, *people[order.name])
        frappe.db.set_value("Order", order.name, "hands", hands, update_modified=False)


def _people_of(changes: dict[str, Any], writer: str) -> Iterator[str]:
    """Return who held the order before and after a change, and who wrote it where content changed."""
    changed = changes.get("changed") or []
    rows = any(changes.get(kind) for kind in ("added", "removed", "row_changed"))
    if rows or {field for field, *_values in changed} & set(ORDER_FIELDS):
        yield writer
    for field, *holders in changed:
        if field == "sales_rep":
            yield from (holder for holder in holders if holder)
