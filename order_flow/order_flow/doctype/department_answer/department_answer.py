"""Department Answer: one question to one department, with who answered what and when (R-092)."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class DepartmentAnswer(EntryRow, Document):
    """A row of a review checklist or a change notice; written by ``flow/sign_offs/answers`` only."""

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
