"""Clock Rule Profile: a procedure in which a limit is on."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRuleProfile(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
