"""Warehouse: a place that keeps goods; which one gives them is a matter of its priority (R-266).

In WDT a warehouse is known by its account and its number over there: two companies may both have a WH01.
"""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused

OUTSIDE = ("wdt_account", "wdt_warehouse_no")


class Warehouse(EntryDocument):
    """One warehouse, kept here and where it is WDT's also known by its number over there."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        address_line: DF.Data | None
        city: DF.Data | None
        disabled: DF.Check
        district: DF.Data | None
        is_defect: DF.Check
        priority: DF.Int
        province: DF.Data | None
        warehouse_code: DF.Data
        warehouse_name: DF.Data
        wdt_account: DF.Link | None
        wdt_warehouse_no: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """A number of WDT's belongs to one warehouse."""
        for field in OUTSIDE:
            # The database compares empty texts, and nothing with nothing never.
            self.set(field, self.get(field) or None)
        if not self.wdt_warehouse_no or not self.wdt_account:
            return
        same = {field: self.get(field) for field in OUTSIDE}
        if other := frappe.db.get_value("Warehouse", {**same, "name": ("!=", self.name)}):
            frappe.throw(
                _("Warehouse {0} has number {1} of {2} already. Correct the number of one of them.").format(
                    other, self.wdt_warehouse_no, self.wdt_account
                ),
                StepRefused,
            )


def on_doctype_update() -> None:
    """Create the index that a reader of WDT's stock looks up."""
    frappe.db.add_unique("Warehouse", list(OUTSIDE), constraint_name="wdt_account_number")
