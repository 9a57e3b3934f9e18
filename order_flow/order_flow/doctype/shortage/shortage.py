"""Shortage: a line whose goods are not there, what is done about it, what the customer says (R-259)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused


class Shortage(EntryDocument):
    """Written by ``flow.shortages`` only; people decide with its buttons."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        allocation_run: DF.Link | None
        answer_by: DF.Date | None
        answer_paper: DF.Attach | None
        answer_recorded_by: DF.Link | None
        answer_remark: DF.SmallText | None
        answered_at: DF.Datetime | None
        cost: DF.Currency
        decided_at: DF.Datetime | None
        decided_by: DF.Link | None
        decision: DF.Literal[
            "",
            "Wait for a Later Delivery",
            "Transfer From Another Place",
            "Purchase",
            "Produce",
            "Substitute Item",
            "Partial Shipment",
            "Cancel Line and Refund",
        ]
        decision_remark: DF.SmallText | None
        missing: DF.Float
        new_date: DF.Date | None
        order_id: DF.Link
        order_item: DF.Data | None
        product: DF.Link | None
        shortage_state: DF.Literal["Open", "Customer Asked", "Agreed", "Refused", "Over"]
    # end: auto-generated types

    def on_trash(self) -> None:
        """The customer's consent is kept (K-20, R-382)."""
        frappe.throw(_("Shortages are kept: they hold what the customer agreed to."), StepRefused)


def on_doctype_update() -> None:
    """Create the indexes for a run with its lines, and for the job that asks about the day."""
    frappe.db.add_index("Shortage", ["order_item", "shortage_state"], index_name="of_line")
    frappe.db.add_index("Shortage", ["shortage_state", "answer_by"], index_name="unanswered")
