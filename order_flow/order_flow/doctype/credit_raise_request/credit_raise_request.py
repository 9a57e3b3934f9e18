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

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        customer: DF.Link
        customer_name: DF.Data | None
        director_decided_at: DF.Datetime | None
        director_decided_by: DF.Link | None
        finance_decided_at: DF.Datetime | None
        finance_decided_by: DF.Link | None
        order_id: DF.Link | None
        present_exposure: DF.Currency
        present_limit: DF.Currency
        reason: DF.SmallText
        refusal_reason: DF.SmallText | None
        requested_by: DF.Link | None
        requested_limit: DF.Currency
        sales_decided_at: DF.Datetime | None
        sales_decided_by: DF.Link | None
        valid_until: DF.Date
        workflow_state: DF.Literal[
            "Requested", "Approved by Sales Manager", "Approved by Marketing Director", "Granted", "Refused"
        ]
    # end: auto-generated types

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
