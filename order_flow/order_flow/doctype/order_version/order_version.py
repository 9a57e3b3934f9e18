"""Order Version: what an order was before a change, complete with its lines; never changed (R-141)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class OrderVersion(Document):
    """Written once, with the change itself."""

    def validate(self) -> None:
        """A kept version that somebody edits proves nothing."""
        if not self.is_new():
            frappe.throw(_("Versions of an order are kept as they are."), StepRefused)

    def on_trash(self) -> None:
        """Papers are kept (R-382)."""
        frappe.throw(_("Versions of an order are kept as they are."), StepRefused)


def on_doctype_update() -> None:
    """One number per order."""
    frappe.db.add_unique(
        "Order Version", ["order_id", "version_number"], constraint_name="unique_order_version"
    )
