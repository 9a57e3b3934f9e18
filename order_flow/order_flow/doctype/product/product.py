"""Product: what can be ordered. Brand and category are kept here, since WDT's goods lack them (R-348)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument


class Product(EntryDocument):
    """An article with its own fields; a synchronisation never blanks them (R-348, R-349)."""

    product_code: str

    def validate(self) -> None:
        """Codes travel to WDT and U8, where surrounding blanks would make another article of it."""
        self.product_code = (self.product_code or "").strip()
        if self.quotation_accepted and not self.quotation_accepted_on:
            frappe.throw(_("Enter the day on which the customer accepted the quotation."))
