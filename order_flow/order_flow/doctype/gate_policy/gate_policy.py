"""Gate Policy: what one gate does at each check point of a Flow Profile (R-075)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class GatePolicy(EntryRow, Document):
    """What one gate does at each check point of a Flow Profile (R-075)."""
