"""Warehouse: a place that keeps goods; which one gives them is a matter of its priority (R-266)."""

from __future__ import annotations

import frappe

from order_flow.flow.entry_document import EntryDocument


class Warehouse(EntryDocument):
    """One warehouse, kept here and where it is WDT's also known by its number over there."""


def on_doctype_update() -> None:
    """What a reader of WDT's stock looks up."""
    frappe.db.add_index("Warehouse", ["wdt_account", "wdt_warehouse_no"], index_name="wdt_number")
