"""Letter of Credit Amendment: what the bank changed, with the values before."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class LetterofCreditAmendment(EntryRow, Document):
    """A row of a letter of credit, written by its method only."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amended_on: DF.Date | None
        amount_after: DF.Currency
        amount_before: DF.Currency
        currency: DF.Link | None
        entered_at: DF.Datetime | None
        entered_by: DF.Link | None
        expiry_after: DF.Date | None
        expiry_before: DF.Date | None
        latest_ship_after: DF.Date | None
        latest_ship_before: DF.Date | None
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        remark: DF.SmallText | None
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
