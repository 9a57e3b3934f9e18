"""Clock Rule Condition: which orders a limit is for."""

from __future__ import annotations

from frappe.model.document import Document


class ClockRuleCondition(Document):
    """Changes with its parent only; holds no rules of its own."""
