"""Keeps what an order was before a change, complete with its lines, and shows two contents side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import now_datetime

from order_flow.flow.access.sight import levels_read
from order_flow.flow.changes.values import text_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

VERSION = "Order Version"
_BOOKKEEPING = frozenset(
    {
        "name",
        "owner",
        "creation",
        "modified",
        "modified_by",
        "docstatus",
        "idx",
        "parent",
        "parenttype",
        "parentfield",
    }
)


def content_of(order: Order) -> dict[str, Any]:
    """Everything that stands on an order and its lines, as JSON values.

    Args:
        order: the Order document.

    Returns:
        ``{"order": {field: value}, "items": [{"name", "idx", field: value}]}``.
    """
    return {
        "order": order.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True),
        "items": [
            line.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True) for line in order.items
        ],
    }


def keep_version(order: Order, before: dict[str, Any], notice: str) -> str:
    """Store what an order was and what it became (design 4, R-141).

    Args:
        order: the Order document, saved with its new content.
        before: ``content_of`` the order as it was.
        notice: the Change Notice that was applied.

    Returns:
        The version's name.
    """
    number = frappe.db.count(VERSION, {"order_id": order.name}) + 1
    version = frappe.get_doc(
        {
            "doctype": VERSION,
            "order_id": order.name,
            "version_number": number,
            "change_notice": notice,
            "replaced_at": now_datetime(),
            "replaced_by": frappe.session.user,
            "content": frappe.as_json(before),
            "next_content": frappe.as_json(content_of(order)),
        }
    )
    # Written by the system with the change itself; nobody has a right to create versions.
    version.insert(ignore_permissions=True)
    return str(version.name)


def side_by_side(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Compare two contents of one order, field by field and line by line.

    Args:
        before: ``content_of`` the older one.
        after: ``content_of`` the newer one.

    Returns:
        ``{"order": [{"label", "old", "new", "changed"}], "lines": [{"line", "change", "cells": [...]}]}``;
        ``change`` is ``same``, ``changed``, ``added`` or ``removed``. Labels are translated. Prices and sums
        are left out for who may not see them.
    """
    old_lines = {line["name"]: line for line in before["items"]}
    new_lines = {line["name"]: line for line in after["items"]}
    ordered = [*old_lines, *(name for name in new_lines if name not in old_lines)]
    return {
        "order": _cells("Order", before["order"], after["order"]),
        "lines": [_line(old_lines.get(name), new_lines.get(name)) for name in ordered],
    }


def _line(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    shown = new or old or {}
    cells = _cells("Order Item", old or {}, new or {})
    if old is None or new is None:
        change = "removed" if new is None else "added"
    else:
        change = "changed" if any(cell["changed"] for cell in cells) else "same"
    return {"line": f"{shown.get('idx')}: {shown.get('product')}", "change": change, "cells": cells}


def _cells(doctype: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    cells = []
    levels = levels_read("Order")
    for df in frappe.get_meta(doctype).fields:
        if df.permlevel not in levels:
            continue
        if df.fieldtype in (*no_value_fields, *table_fields) or df.hidden or df.fieldname in _BOOKKEEPING:
            continue
        was = text_of(old.get(df.fieldname), df) if old else ""
        became = text_of(new.get(df.fieldname), df) if new else ""
        if was or became:
            cells.append({"label": _(df.label), "old": was, "new": became, "changed": was != became})
    return cells


def order_version(order: str) -> int:
    """Return which version of an order is printed: 1, and one more for each applied change (R-113, R-133)."""
    return int(frappe.db.count("Order Version", {"order_id": order})) + 1
