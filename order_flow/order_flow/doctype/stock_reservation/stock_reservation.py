"""Stock Reservation: a quantity of a warehouse that an order line has claimed (R-264)."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class StockReservation(Document):
    """Written by ``flow.reservations`` only; people read it."""


def on_doctype_update() -> None:
    """Create the indexes for the claims on a product, for an order's own, and for the job that ends them."""
    frappe.db.add_index(
        "Stock Reservation", ["product", "reservation_state", "warehouse"], index_name="claims"
    )
    frappe.db.add_index("Stock Reservation", ["order_id", "reservation_state"], index_name="of_order")
    frappe.db.add_index("Stock Reservation", ["reservation_state", "expires_at"], index_name="expiry")
