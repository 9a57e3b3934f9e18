"""Order Version: what an order was before a change, complete with its lines; never changed (R-141)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class OrderVersion(Document):
    """Written once, with the change itself."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        change_notice: DF.Link | None
        content: DF.Code | None
        next_content: DF.Code | None
        order_id: DF.Link
        replaced_at: DF.Datetime | None
        replaced_by: DF.Link | None
        version_number: DF.Int
    # end: auto-generated types

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
