"""Flow Profile: one company procedure: its gates, its evidence, its numbering."""

from __future__ import annotations

from frappe.model.document import Document


class FlowProfile(Document):
    """One company procedure: its gates, its evidence, its numbering."""
