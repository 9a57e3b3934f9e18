"""Credit Raise Request: a higher limit for a while, asked for and decided in three steps (R-164)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.lifecycle.inbox import follow_raise_inbox
from order_flow.flow.money.credit_raises import follow_request, open_request
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.values import number_of
from order_flow.flow.refusals import StepRefused


class CreditRaiseRequest(EntryDocument):
    """One request; its limit reaches the customer when finance grants it."""

    requested_limit: float

    def validate(self) -> None:
        """The table of steps decides, whatever the way in."""
        self.requested_limit = float(number_of(self.requested_limit, _("Requested Limit")))
        if self.is_new():
            open_request(self)
        else:
            follow_request(self)

    def on_update(self) -> None:
        """Give the task to whoever has to decide next."""
        follow_raise_inbox(self)

    def on_trash(self) -> None:
        """Decisions are kept (R-382)."""
        frappe.throw(_("Requests are kept. Refuse this one instead of deleting it."), StepRefused)
