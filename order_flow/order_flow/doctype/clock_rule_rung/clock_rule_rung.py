"""Clock Rule Rung: when which role hears of a clock."""

from __future__ import annotations

from frappe.model.document import Document


class ClockRuleRung(Document):
    """Changes with its parent only; holds no rules of its own."""
