"""Order File: a table of orders that is checked as a whole and then taken order by order (issue: face 6)."""

from __future__ import annotations

from order_flow.flow.files.taking import FileState, refuse_while_taking
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.entry_document import EntryDocument

OUTCOME_FIELDS = (
    "state", "result_file", "good_orders", "good_rows", "bad_rows", "orders_taken", "orders_refused",
    "checked_at", "taken_at",
)  # fmt: skip


class OrderFile(EntryDocument):
    """One uploaded file, what its check said, and what became of its orders."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        bad_rows: DF.Int
        channel: DF.Link
        checked_at: DF.Datetime | None
        file: DF.Attach
        good_orders: DF.Int
        good_rows: DF.Int
        orders_refused: DF.Int
        orders_taken: DF.Int
        result_file: DF.Attach | None
        state: DF.Literal["New", "Checked", "Being Taken", "Taken"]
        taken_at: DF.Datetime | None
    # end: auto-generated types

    def validate(self) -> None:
        """Outcomes are the system's; a new file or channel is checked anew."""
        before = self.get_doc_before_save()
        for field in OUTCOME_FIELDS:
            self.set(field, before.get(field) if before else None)
        if before and (before.file, before.channel) == (self.file, self.channel):
            return
        if before:
            refuse_while_taking(before)
        self.update(dict.fromkeys(OUTCOME_FIELDS))
        self.state = FileState.NEW.value

    def on_update(self) -> None:
        """The file belongs to this document, and only to whoever may read it."""
        bind_paper(self, self.file)
