"""Customer Link: that an order is shown to whoever holds an address, until when (R-298)."""

from __future__ import annotations

from frappe.model.document import Document


class CustomerLink(Document):
    """Written by ``flow.customer_links`` only; of the address itself a fingerprint is kept."""
