"""Stock Reservation: a quantity of a warehouse that an order line has claimed (R-264)."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class StockReservation(Document):
    """Written by ``flow.reservations`` only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        expires_at: DF.Datetime | None
        known_outside_since: DF.Datetime | None
        order_id: DF.Link
        order_item: DF.Data
        product: DF.Link
        quantity: DF.Float
        reservation_state: DF.Literal["Active", "Issued", "Released", "Expired"]
        warehouse: DF.Link
    # end: auto-generated types


def on_doctype_update() -> None:
    """Create the indexes for the claims on a product, for an order's own, and for the job that ends them."""
    frappe.db.add_index(
        "Stock Reservation", ["product", "reservation_state", "warehouse"], index_name="claims"
    )
    frappe.db.add_index("Stock Reservation", ["order_id", "reservation_state"], index_name="of_order")
    frappe.db.add_index("Stock Reservation", ["reservation_state", "expires_at"], index_name="expiry")
