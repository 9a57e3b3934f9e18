"""Working Interval: part of the day in which people work."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class WorkingInterval(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
