"""Shipment Packing: what was scanned into which parcel."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ShipmentPacking(EntryRow, Document):
    """A row of a shipment."""

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
