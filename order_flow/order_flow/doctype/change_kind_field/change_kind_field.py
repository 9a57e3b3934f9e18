"""Change Kind Field: one field, or one whole-line action, that a kind of change may touch."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ChangeKindField(EntryRow, Document):
    """A row of a kind; the kind checks it."""
