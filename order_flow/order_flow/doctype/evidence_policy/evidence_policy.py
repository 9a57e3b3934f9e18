"""Evidence Policy: a kind of evidence that confirms an order under a Flow Profile (K-15)."""

from __future__ import annotations

from frappe.model.document import Document


class EvidencePolicy(Document):
    """A kind of evidence that confirms an order under a Flow Profile (K-15)."""
