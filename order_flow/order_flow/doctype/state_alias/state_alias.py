"""State Alias: in which words an audience reads a state, by channel and language (R-028, K-01)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.orders.state_words import forget_aliases
from order_flow.flow.records.entry_document import EntryDocument


class StateAlias(EntryDocument):
    """One row of the company's table of words."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        audience: DF.Literal["Customer", "Partner"]
        language: DF.Link
        sales_channel: DF.Link | None
        state: DF.Literal[
            "Unconfirmed",
            "Under Review",
            "Confirmed",
            "Paid",
            "Shipped",
            "Received",
            "Completed",
            "Voided",
            "Cancelled",
        ]
        words: DF.Data
    # end: auto-generated types

    def validate(self) -> None:
        """One answer for one question."""
        self.sales_channel = self.sales_channel or None
        same = {
            "audience": self.audience,
            "sales_channel": self.sales_channel or ("is", "not set"),
            "language": self.language,
            "state": self.state,
            "name": ("!=", self.name or ""),
        }
        if words := frappe.db.get_value(self.doctype, same, "words"):
            frappe.throw(
                _("'{0}' is said for this state already. Change that row instead of adding another.").format(
                    words
                )
            )

    def on_update(self) -> None:
        """The next reader sees it."""
        forget_aliases()

    def on_trash(self) -> None:
        """The next reader sees the state's own name."""
        forget_aliases()
