"""Shipment Packing: what was scanned into which parcel."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ShipmentPacking(EntryRow, Document):
    """A row of a shipment."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        order_item: DF.Data
        parcel_number: DF.Int
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Link | None
        quantity: DF.Float
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
