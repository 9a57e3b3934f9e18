"""Review Question: what a review template asks one department."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ReviewQuestion(EntryRow, Document):
    """A row of a Review Template."""
