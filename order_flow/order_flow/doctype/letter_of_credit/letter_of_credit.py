"""Letter of Credit: the bank's promise that orders rely on, with its amendments (R-157..R-159)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from order_flow.domain.access.four_eyes import with_hands
from order_flow.domain.money.letter_of_credit import AmendmentRefused, CreditCheck, check_dates
from order_flow.flow.money.letters_of_credit import EXPIRY_FIXERS, as_letter, tell_orders
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.guards import differs
from order_flow.flow.records.values import number_of
from order_flow.flow.refusals import StepRefused, only, refuse_rule

_VERIFICATION = ("verification", "verified_by", "verified_at", "verification_remark", "hands")
_FIXED_ONCE_VERIFIED = ("customer", "currency", "amount", "expiry_date", "latest_ship_date", "received_on")
_FOLLOWED_BY_ORDERS = ("expiry_date", "received_on", "amount", "verification")


class LetterofCredit(EntryDocument):
    """One letter of credit; its number is its name."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.letter_of_credit_amendment.letter_of_credit_amendment import (
            LetterofCreditAmendment,
        )

        advising_bank: DF.Data | None
        amendments: DF.Table[LetterofCreditAmendment]
        amount: DF.Currency
        closed: DF.Check
        currency: DF.Link
        customer: DF.Link
        customer_name: DF.Data | None
        document: DF.Attach | None
        expiry_date: DF.Date | None
        hands: DF.SmallText | None
        issuing_bank: DF.Data
        latest_ship_date: DF.Date | None
        lc_number: DF.Data
        received_on: DF.Date
        remark: DF.SmallText | None
        verification: DF.Literal["Not Verified", "Correct", "Faulty"]
        verification_remark: DF.SmallText | None
        verified_at: DF.Datetime | None
        verified_by: DF.Link | None
    # end: auto-generated types

    def validate(self) -> None:
        """Dates that can be; what was verified changes by an amendment only."""
        self.amount = float(number_of(self.amount, _("Amount")))
        for fieldname in ("expiry_date", "latest_ship_date", "received_on"):
            self.set(fieldname, getdate(self.get(fieldname)) if self.get(fieldname) else None)
        try:
            check_dates(as_letter(self))
        except AmendmentRefused as error:
            refuse_rule(error)
        if not self.flags.system_fields_open:
            self._guard()
            self._keep_hands()

    def _keep_hands(self) -> None:
        """Whoever writes what will be verified does not verify it, whoever entered it first."""
        before = self.get_doc_before_save()
        if before is None:
            self.hands = with_hands(None, frappe.session.user)
        elif self._changed(before, (*_FIXED_ONCE_VERIFIED, "document", "issuing_bank", "advising_bank")):
            self.hands = with_hands(self.hands or before.owner, frappe.session.user)

    def _guard(self) -> None:
        before = self.get_doc_before_save()
        blank = before or frappe.new_doc(self.doctype)
        touched = self._changed(blank, _VERIFICATION)
        if self._amendments_changed(blank):
            touched.append("amendments")
        if touched:
            frappe.throw(
                _("These fields are written by the system only: {0}. Leave them out.").format(
                    self._labels(touched)
                ),
                StepRefused,
            )
        if self._changed(blank, ("expiry_date",)):
            only(EXPIRY_FIXERS, _("Fixing the expiry date of a letter of credit"))
        if before is None or CreditCheck(before.verification) is CreditCheck.OPEN:
            return
        if fixed := self._changed(before, _FIXED_ONCE_VERIFIED):
            frappe.throw(
                _("Letter of credit {0} is verified: {1} changes by an amendment only.").format(
                    self.name, self._labels(fixed)
                ),
                StepRefused,
            )

    def _changed(self, before: Any, fieldnames: tuple[str, ...]) -> list[str]:
        return [name for name in fieldnames if differs(self, before, self.meta.get_field(name))]

    def _amendments_changed(self, before: Any) -> bool:
        fields = [df for df in frappe.get_meta("Letter of Credit Amendment").fields if df.label]
        return len(self.amendments) != len(before.amendments) or any(
            row.name != old.name or differs(row, old, df)
            for row, old in zip(self.amendments, before.amendments, strict=True)
            for df in fields
        )

    def _labels(self, fieldnames: list[str]) -> str:
        return ", ".join(_(self.meta.get_label(name)) for name in fieldnames)

    def on_update(self) -> None:
        """The orders under it show its dates (R-104), and may wait for its verification."""
        before = self.get_doc_before_save()
        if before is not None and self._changed(before, _FOLLOWED_BY_ORDERS):
            tell_orders(self)

    def on_trash(self) -> None:
        """Papers are kept (R-382)."""
        frappe.throw(_("Letters of credit are kept. Close this one instead of deleting it."), StepRefused)
