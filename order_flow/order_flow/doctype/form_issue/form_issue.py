"""Form Issue: who got which version of an order's paper, and when (K-26, R-110, R-113)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from order_flow.flow.changes.versions import order_version
from order_flow.flow.refusals import StepRefused


class FormIssue(Document):
    """Written once; a paper that was given out stays given out."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        document: DF.Data | None
        form: DF.Link
        issued_at: DF.Datetime | None
        issued_by: DF.Link | None
        order_id: DF.Link
        recipient: DF.Data
        remark: DF.SmallText | None
        version: DF.Int
        way: DF.Literal["On Paper", "Mail", "Fax", "Courier"]
    # end: auto-generated types

    def before_insert(self) -> None:
        """Version, person and moment are what they are, whatever a client sends along."""
        frappe.get_doc("Order", self.order_id).check_permission("read")
        self.version = order_version(self.order_id)
        self.issued_by = frappe.session.user
        self.issued_at = now_datetime()

    def validate(self) -> None:
        """Nothing is changed afterwards."""
        if not self.is_new():
            self._refuse()

    def on_trash(self) -> None:
        """Nothing is taken back."""
        self._refuse()

    def _refuse(self) -> None:
        frappe.throw(
            _(
                "Who got which paper is kept as it was written. "
                "Record a new one if another paper was given out."
            ),
            StepRefused,
        )
