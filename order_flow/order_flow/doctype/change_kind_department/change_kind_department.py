"""Change Kind Department: one department of a kind of change; it answers or is informed (R-129..R-140)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ChangeKindDepartment(EntryRow, Document):
    """A row of a kind; the kind checks it."""
