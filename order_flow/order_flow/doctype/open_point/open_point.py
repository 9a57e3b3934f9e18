"""Open Point: what is settled after the release to planning, e.g. the label (R-069, R-077)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.open_points import check_point, next_point_name, tell_open_points


class OpenPoint(EntryDocument):
    """One point of one order."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        alerted_on: DF.Date | None
        answer: DF.SmallText | None
        description: DF.SmallText
        expected_on: DF.Date
        kind: DF.Literal["Label", "Packing Print", "Other"]
        order_id: DF.Link
        settle_by: DF.Date | None
        settled_at: DF.Datetime | None
        settled_by: DF.Link | None
        status: DF.Literal["Open", "Settled"]
    # end: auto-generated types

    def autoname(self) -> None:
        """The order's number and a running number."""
        self.name = next_point_name(self.order_id)

    def validate(self) -> None:
        """Dates in time, and settled by its button only."""
        check_point(self)

    def after_insert(self) -> None:
        """The clock of the open points runs."""
        tell_open_points(self.order_id)

    def on_trash(self) -> None:
        """Points are kept (R-382)."""
        frappe.throw(_("Open points are kept. Settle the point instead of deleting it."), StepRefused)


def on_doctype_update() -> None:
    """Create the index for what is late."""
    frappe.db.add_index("Open Point", ["status", "settle_by"], index_name="status_settle_by")
