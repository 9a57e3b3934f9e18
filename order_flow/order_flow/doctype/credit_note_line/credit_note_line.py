"""Credit Note Line: what a credit note takes off one line of its order."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class CreditNoteLine(EntryRow, Document):
    """A line of a credit note; it changes only with it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        currency: DF.Link | None
        order_item: DF.Data
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Link | None
        product_name: DF.Data | None
        quantity: DF.Float
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
