"""Shipment Item: how much of which order line is in a shipment."""

from __future__ import annotations

from frappe.model.document import Document


class ShipmentItem(Document):
    """A row of a shipment; ``order_item`` is the order line's key."""
