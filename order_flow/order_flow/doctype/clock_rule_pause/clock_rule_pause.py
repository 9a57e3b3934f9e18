"""Clock Rule Pause: a reason for which a clock may rest."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRulePause(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""
