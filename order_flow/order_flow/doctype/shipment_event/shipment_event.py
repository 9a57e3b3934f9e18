"""Shipment Event: what happened to a parcel, where and when."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ShipmentEvent(EntryRow, Document):
    """A row of a shipment's history."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        at: DF.Datetime
        event: DF.Data
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        place: DF.Data | None
        remark: DF.SmallText | None
        source: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
