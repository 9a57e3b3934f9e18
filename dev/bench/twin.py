"""The rule-free twin: the order's fields in a DocType without controller, workflow and rules (design 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import frappe
from frappe.model import default_fields

TWIN: Final = "Bench Twin"
TWIN_ITEM: Final = "Bench Twin Item"
_ITEMS: Final = "items"
_FIELD_KEYS: Final = (
    "fieldname", "fieldtype", "label", "options", "reqd", "read_only", "default", "precision", "length",
    "in_list_view", "search_index", "no_copy", "allow_on_submit", "non_negative", "fetch_from", "hidden",
    "print_hide", "permlevel", "in_global_search", "in_standard_filter",
)  # fmt: skip


def make_twin() -> None:
    """Create the twin and its child table from the fields that Order and Order Item have now."""
    for name in (TWIN, TWIN_ITEM):
        if frappe.db.exists("DocType", name):
            frappe.delete_doc("DocType", name, force=True)
    _make(TWIN_ITEM, "Order Item", {"istable": 1})
    _make(TWIN, "Order", {"is_submittable": 1, "track_changes": 1, "autoname": "hash"})
    frappe.db.commit()


def _make(name: str, model: str, options: Mapping[str, Any]) -> None:
    fields = [{key: df.get(key) for key in _FIELD_KEYS} for df in frappe.get_meta(model).fields]
    for field in fields:
        if field["fieldname"] == _ITEMS:
            field["options"] = TWIN_ITEM
        elif field["options"] == model:
            field["options"] = name
    permission = {"role": "System Manager", "read": 1, "write": 1, "create": 1, "submit": 1}
    frappe.get_doc(
        {
            "doctype": "DocType",
            "name": name,
            "module": "Core",
            "custom": 1,
            "fields": fields,
            "permissions": [] if options.get("istable") else [permission],
            **options,
        }
    ).insert()


def twin_values(order: str) -> dict[str, Any]:
    """The values that an order has after its creation, for the twin: it computes and fills nothing itself."""
    stored = frappe.get_doc("Order", order).as_dict()
    values = _entered(stored) | {"doctype": TWIN}
    values[_ITEMS] = [_entered(line) for line in stored[_ITEMS]]
    return values


def _entered(row: Mapping[str, Any]) -> dict[str, Any]:
    skipped = {*default_fields, "parent", "parentfield", "parenttype", _ITEMS}
    return {key: value for key, value in row.items() if key not in skipped and not key.startswith("_")}


def create_twin(values: Mapping[str, Any]) -> str:
    """Insert and commit one twin; returns its name."""
    twin = frappe.get_doc({**values, _ITEMS: [dict(line) for line in values[_ITEMS]]}).insert()
    frappe.db.commit()
    return str(twin.name)


def submit_twin(name: str) -> None:
    """Load, submit and commit one twin."""
    frappe.get_doc(TWIN, name, for_update=True).submit()
    frappe.db.commit()
