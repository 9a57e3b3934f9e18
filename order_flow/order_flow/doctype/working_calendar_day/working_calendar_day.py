"""Working Calendar Day: a day that differs from the public calendar."""

from __future__ import annotations

from frappe.model.document import Document


class WorkingCalendarDay(Document):
    """Changes with its parent only; holds no rules of its own."""
