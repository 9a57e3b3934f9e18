"""Letter of Credit Amendment: what the bank changed, with the values before."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class LetterofCreditAmendment(EntryRow, Document):
    """A row of a letter of credit, written by its method only."""

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
