"""A warehouse of WDT is found by its account and its number: each pair stands on one warehouse only."""

from __future__ import annotations

import frappe


def execute() -> None:
    """Take a number that stands twice off the younger warehouses, and the index that allowed it away.

    They keep their goods; whoever entered them sees that they have no number.
    """
    if not frappe.db.table_exists("Warehouse") or not frappe.db.has_column("Warehouse", "wdt_warehouse_no"):
        return
    for field in ("wdt_account", "wdt_warehouse_no"):
        frappe.db.sql(f"update `tabWarehouse` set `{field}` = null where `{field}` = ''")
    frappe.db.sql(
        """update `tabWarehouse` w join `tabWarehouse` older on older.wdt_account = w.wdt_account
            and older.wdt_warehouse_no = w.wdt_warehouse_no
            and (older.creation, older.name) < (w.creation, w.name)
        set w.wdt_warehouse_no = null"""
    )
    frappe.db.sql_ddl("alter table `tabWarehouse` drop index if exists `wdt_number`")
