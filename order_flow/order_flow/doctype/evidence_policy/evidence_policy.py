"""Evidence Policy: a kind of evidence that confirms an order under a Flow Profile (K-15)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class EvidencePolicy(EntryRow, Document):
    """A kind of evidence that confirms an order under a Flow Profile (K-15)."""
