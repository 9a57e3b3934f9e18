"""Clock Call: when which role hears of a clock, and when it did; its name takes each rung once (R-253)."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.flow.records.guards import refuse_by_hand


class ClockCall(Document):
    """Written with its clock, claimed by the sweep."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        at: DF.Datetime | None
        batch: DF.Data | None
        clock: DF.Link
        minutes_late: DF.Int
        percent: DF.Percent
        role: DF.Link
        rung: DF.Int
        told_at: DF.Datetime | None
    # end: auto-generated types

    def validate(self) -> None:
        """Not by REST, import or script either."""
        refuse_by_hand(self)

    def on_trash(self) -> None:
        """Keep on record what was told."""
        refuse_by_hand(self)


def on_doctype_update() -> None:
    """The sweep's range, and the calls of one clock."""
    frappe.db.add_index("Clock Call", ["told_at", "at"], index_name="told_due")
    frappe.db.add_index("Clock Call", ["clock"], index_name="clock")
    frappe.db.add_index("Clock Call", ["batch"], index_name="batch")
