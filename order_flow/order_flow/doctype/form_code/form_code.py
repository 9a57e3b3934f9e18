"""Form Code: the code that the company's papers carry, editable, found by either code (R-108, K-11)."""

from __future__ import annotations

from frappe.model.document import Document


class FormCode(Document):
    """One form's label; rights and required fields are the definition's."""
