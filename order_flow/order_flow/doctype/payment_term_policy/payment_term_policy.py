"""Payment Term Policy: what a company's procedure wants paid when (K-03)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class PaymentTermPolicy(EntryRow, Document):
    """A row of a Flow Profile; ``flow.payment_plan`` reads it."""
