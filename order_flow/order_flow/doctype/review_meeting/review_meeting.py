"""Review Meeting: a briefing or a meeting that was held, with its minutes (R-080, R-084)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ReviewMeeting(EntryRow, Document):
    """A row of a review checklist; written by ``flow/reviews/meetings`` only."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        held_at: DF.Datetime
        kind: DF.Literal["Technical Briefing", "Review Meeting"]
        minutes: DF.Attach | None
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        participants: DF.SmallText
        recorded_at: DF.Datetime | None
        recorded_by: DF.Link | None
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
