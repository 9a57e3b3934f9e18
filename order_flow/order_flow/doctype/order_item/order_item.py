"""Order Item: one line of an order. Its key is what shipments and outside systems refer to."""

from __future__ import annotations

from frappe.model.document import Document


class OrderItem(Document):
    """A line; products of all lines are checked in one query by the order (``flow/entry``)."""

    def get_invalid_links(self, is_submittable: bool = False) -> tuple[list[object], list[object]]:
        """Leave the check of the links to the order, which asks once for all lines."""
        return [], []
