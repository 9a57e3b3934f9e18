"""Change Notice Line: one thing that a notice changes, as from and to."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ChangeNoticeLine(EntryRow, Document):
    """A row of a change notice."""

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
