"""Clock Rule Rung: when which role hears of a clock."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRuleRung(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
