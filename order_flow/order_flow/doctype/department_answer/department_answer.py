"""Department Answer: one question to one department, with who answered what and when (R-092)."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class DepartmentAnswer(EntryRow, Document):
    """A row of a review checklist or a change notice; written by ``flow/sign_offs/answers`` only."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        answer: DF.Literal["Open", "Yes", "No"]
        answered_at: DF.Datetime | None
        answered_by: DF.Link | None
        attachment: DF.Attach | None
        attachment_required: DF.Check
        deferred_until: DF.Date | None
        delegated_by: DF.Link | None
        delegated_to: DF.Link | None
        department: DF.Literal[
            "Sales",
            "Sales Management",
            "Marketing Management",
            "General Management",
            "Technology",
            "Planning",
            "Material Control",
            "Purchasing",
            "Production",
            "Quality",
            "Warehouse",
            "Logistics",
            "Finance",
            "After-sales",
        ]
        due_at: DF.Datetime | None
        level: DF.Int
        may_defer: DF.Check
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        question: DF.SmallText | None
        remark: DF.SmallText | None
        reminded_at: DF.Datetime | None
        required: DF.Check
        source: DF.Data | None
        stated_date: DF.Date | None
        stated_price: DF.Currency
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)


def on_doctype_update() -> None:
    """Create the indexes for what waits for a department, and for what is late."""
    frappe.db.add_index("Department Answer", ["answer", "department"], index_name="answer_department")
    frappe.db.add_index("Department Answer", ["answer", "due_at"], index_name="answer_due")
