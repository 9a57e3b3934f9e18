"""Order Event: who did what with an order, when, from which state to which (R-031)."""

from __future__ import annotations

from frappe.model.document import Document


class OrderEvent(Document):
    """Written by the system in one statement; never changed."""
