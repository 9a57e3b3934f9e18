"""Shortage: a line whose goods are not there, what is done about it, what the customer says (R-259)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused


class Shortage(EntryDocument):
    """Written by ``flow.shortages`` only; people decide with its buttons."""

    def on_trash(self) -> None:
        """The customer's consent is kept (K-20, R-382)."""
        frappe.throw(_("Shortages are kept: they hold what the customer agreed to."), StepRefused)


def on_doctype_update() -> None:
    """Create the indexes for a run with its lines, and for the job that asks about the day."""
    frappe.db.add_index("Shortage", ["order_item", "shortage_state"], index_name="of_line")
    frappe.db.add_index("Shortage", ["shortage_state", "answer_by"], index_name="unanswered")
