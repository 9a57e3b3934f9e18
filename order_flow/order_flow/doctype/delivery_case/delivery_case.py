"""Delivery Case: trouble with goods on their way, what the customer was told, how it was settled (R-308)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused


class DeliveryCase(EntryDocument):
    """One case; it changes only by the methods of ``flow.delivery_cases``."""

    def on_trash(self) -> None:
        """Cases are kept (R-382)."""
        frappe.throw(_("Delivery cases are kept. Close a wrong one with a remark."), StepRefused)


def on_doctype_update() -> None:
    """The cases of an order that are not closed."""
    frappe.db.add_index("Delivery Case", ["order_id", "case_state"], index_name="order_case_state")
