"""Sales Channel: where orders come from, and the policies that hold for them (K-02, K-04, R-046)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.states import Leads
from order_flow.flow.records.entry_document import EntryDocument


class SalesChannel(EntryDocument):
    """A channel with its accounts outside and its policies."""

    def validate(self) -> None:
        """Only a channel with a WDT account can let WDT go first."""
        if self.wdt_account:
            return
        for fieldname in ("leads_confirm", "leads_ship", "leads_cancel"):
            if Leads(self.get(fieldname)) is Leads.WDT:
                frappe.throw(
                    _(
                        "{0}: WDT cannot go first without a WDT Account. Choose an account, or "
                        "let the site go first."
                    ).format(_(self.meta.get_label(fieldname)))
                )
