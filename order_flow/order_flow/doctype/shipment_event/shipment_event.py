"""Shipment Event: what happened to a parcel, where and when."""

from __future__ import annotations

from frappe.model.document import Document


class ShipmentEvent(Document):
    """A row of a shipment's history."""
