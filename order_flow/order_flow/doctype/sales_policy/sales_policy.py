"""Sales Policy: a combination of terms that a company sells under (R-058)."""

from __future__ import annotations

from frappe.model.document import Document


class SalesPolicy(Document):
    """A combination of terms that a company sells under (R-058)."""
