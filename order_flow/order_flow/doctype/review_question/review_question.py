"""Review Question: what a review template asks one department."""

from __future__ import annotations

from frappe.model.document import Document


class ReviewQuestion(Document):
    """A row of a Review Template."""
