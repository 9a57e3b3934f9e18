"""Working Interval: part of the day in which people work."""

from __future__ import annotations

from frappe.model.document import Document


class WorkingInterval(Document):
    """Changes with its parent only; holds no rules of its own."""
