"""Sales Policy: a combination of terms that a company sells under (R-058)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class SalesPolicy(EntryRow, Document):
    """A combination of terms that a company sells under (R-058)."""
