"""Sales Channel: where orders come from, and the policies that hold for them (K-02, K-04, R-046)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.states import Leads
from order_flow.flow.records.entry_document import EntryDocument


class SalesChannel(EntryDocument):
    """A channel with its accounts outside and its policies."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        cancel_until: DF.Literal["Shipment", "Payment"]
        channel_name: DF.Data
        complete_on_payment: DF.Check
        currency: DF.Link
        default_payment_term: DF.Literal[
            "Online Payment",
            "Postal Remittance",
            "Bank Transfer",
            "Cash",
            "Card",
            "Prepayment",
            "Deposit and Balance",
            "Letter of Credit",
            "Cash on Delivery",
            "Instalments",
            "Monthly Account",
        ]
        default_tax_percent: DF.Percent
        enabled: DF.Check
        flow_profile: DF.Link
        leads_cancel: DF.Literal["Site", "WDT", "Either"]
        leads_confirm: DF.Literal["Site", "WDT", "Either"]
        leads_ship: DF.Literal["Site", "WDT", "Either"]
        release_policy: DF.Literal["Confirmed", "Paid"]
        tax_included: DF.Check
        u8_account: DF.Link | None
        wdt_account: DF.Link | None
    # end: auto-generated types

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
