"""State Alias: in which words an audience reads a state, by channel and language (R-028, K-01)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.orders.state_words import forget_aliases
from order_flow.flow.records.entry_document import EntryDocument


class StateAlias(EntryDocument):
    """One row of the company's table of words."""

    sales_channel: str | None

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
