"""Clock Rule Condition: which orders a limit is for."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRuleCondition(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
