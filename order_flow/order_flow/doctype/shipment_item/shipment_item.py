"""Shipment Item: how much of which order line is in a shipment."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.flow.records.child_rows import RowInsertedWithOthers
from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ShipmentItem(RowInsertedWithOthers, EntryRow, Document):
    """A row of a shipment; ``order_item`` is the order line's key."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        order_item: DF.Data
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Link | None
        product_name: DF.Data | None
        quantity: DF.Float
        received_quantity: DF.Float
        unit: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)


def on_doctype_update() -> None:
    """Shipments of an order line."""
    frappe.db.add_index("Shipment Item", ["order_item"], index_name="order_line")
