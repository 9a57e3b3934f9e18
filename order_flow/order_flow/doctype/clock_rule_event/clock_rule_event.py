"""Clock Rule Event: one of the events that stop a clock."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRuleEvent(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
