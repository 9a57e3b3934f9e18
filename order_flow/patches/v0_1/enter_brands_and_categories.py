"""Brands and categories were texts on products; each becomes a document of its own name."""

from __future__ import annotations

import frappe

MASTERS = {"brand": ("Brand", "brand_name"), "category": ("Product Category", "category_name")}


def execute() -> None:
    """Enter what products name and nobody has entered; names differing in case only are one."""
    for field, (doctype, column) in MASTERS.items():
        rows = frappe.get_all("Product", filters={field: ("is", "set")}, fields=[field], distinct=True)
        known = {name.casefold() for name in frappe.get_all(doctype, pluck="name", limit_page_length=0)}
        for name in sorted({row[field].strip() for row in rows} - {""}):
            if name.casefold() not in known:
                known.add(name.casefold())
                frappe.get_doc({"doctype": doctype, column: name}).insert(
                    ignore_permissions=True  # runs on migrate only, never for a request
                )
