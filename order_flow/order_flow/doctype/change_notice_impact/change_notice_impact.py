"""Change Notice Impact: how far an order line is that a notice concerns (R-126)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ChangeNoticeImpact(EntryRow, Document):
    """A row of a change notice."""

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
