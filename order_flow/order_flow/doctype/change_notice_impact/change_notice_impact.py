"""Change Notice Impact: how far an order line is that a notice concerns (R-126)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ChangeNoticeImpact(EntryRow, Document):
    """A row of a change notice."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        at_risk: DF.Check
        in_work_quantity: DF.Float
        invoiced_quantity: DF.Float
        line_number: DF.Int
        new_quantity: DF.Float
        order_item: DF.Data | None
        ordered_quantity: DF.Float
        packed_quantity: DF.Float
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Data | None
        purchased_quantity: DF.Float
        shipped_quantity: DF.Float
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
