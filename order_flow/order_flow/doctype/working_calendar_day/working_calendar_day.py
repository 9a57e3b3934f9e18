"""Working Calendar Day: a day that differs from the public calendar."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class WorkingCalendarDay(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
