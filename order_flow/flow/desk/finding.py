"""The one search box: documents of the app by any number that somebody has of them (R-015).

Two steps, so that a million orders cost no more than ten: every index is asked once for what begins with the
entry, in one statement; then each DocType that was hit is read as the caller may read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, Final

import frappe
from pypika import Order
from pypika.terms import ValueWrapper

from order_flow.domain.orders.finding import NUMBERS, is_exact, wanted

MOST_BEGUN: Final = 6
"""Hits of one field that only begin with the entry; who needs more goes on in the list."""
MOST_EXACT: Final = 50
"""Documents of one number, e.g. a customer's telephone, that are looked at before rights leave some out."""
MOST_SHOWN: Final = 8
"""Of one DocType."""
SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "Order": ("customer_name", "workflow_state", "payment_status", "delivery_status"),
    "Shipment": ("order_id", "customer_name", "shipment_state", "carrier", "waybill_number"),
    "Change Notice": ("order_id", "customer_name", "change_state"),
    "Order Payment": ("order_id", "kind", "status", "reference"),
    "Customer": ("customer_name",),
    "Product": ("product_name", "specification"),
}
"""What stands beside the number of a hit, so that one is told from another."""


def find(text: str) -> list[dict[str, Any]]:
    """Find documents by a number, or by the beginning of a number or name.

    Args:
        text: as typed.

    Returns:
        For each hit that the caller may read ``doctype``, ``name``, ``exact`` (the whole number was entered)
        and ``shown`` (values that tell it from others); exact ones first, and of these the newest.

    Raises:
        frappe.PermissionError: the caller reads none of the kinds that are searched.
    """
    readable = [doctype for doctype in NUMBERS if frappe.has_permission(doctype)]
    if not readable:
        raise frappe.PermissionError
    entered = wanted(text)
    if not entered:
        return []
    found: list[dict[str, Any]] = []
    for doctype, names in _hits(entered, readable).items():
        rows = frappe.get_list(
            doctype,
            filters={"name": ("in", sorted(names))},
            fields=["name", *SHOWN[doctype]],
            order_by="name desc",
            limit=0,
        )
        rows.sort(key=lambda row: not names[row.name])
        found += [
            {
                "doctype": doctype,
                "name": row.name,
                "exact": names[row.name],
                "shown": [row[field] for field in SHOWN[doctype] if row.get(field)],
            }
            for row in rows[:MOST_SHOWN]
        ]
    return sorted(found, key=lambda hit: not hit["exact"])


def _hits(entered: str, doctypes: Iterable[str]) -> dict[str, dict[str, bool]]:
    """By DocType the names of its documents that were hit, and whether exactly; rights are not asked here."""
    union = reduce(
        lambda all_, one: all_.union_all(one),
        (
            part
            for doctype in doctypes
            for field in NUMBERS[doctype]
            for part in _of_field(doctype, field, entered)
        ),
    )
    hits: dict[str, dict[str, bool]] = {}
    for doctype, name, value in frappe.qb.from_(union).select(union.doctype, union.name, union.value).run():
        of_doctype = hits.setdefault(doctype, {})
        of_doctype[name] = of_doctype.get(name, False) or is_exact(entered, value)
    return hits


def _of_field(doctype: str, field: str, entered: str) -> Iterable[Any]:
    """Where the entry is the whole number, newest first, and where a number begins with it."""
    table = frappe.qb.DocType(doctype)
    begins = entered.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = frappe.qb.from_(table).select(table.name, table[field].as_("value"))
    whole = found.where(table[field] == entered).orderby(table.name, order=Order.desc).limit(MOST_EXACT)
    begun = found.where(table[field].like(begins)).orderby(table[field]).limit(MOST_BEGUN)
    # Each in a query of its own, because only there a limit belongs to this part of the union.
    for part in (whole, begun):
        yield frappe.qb.from_(part).select(ValueWrapper(doctype, alias="doctype"), part.name, part.value)
