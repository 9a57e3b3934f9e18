"""Credit Note: lowers what an order's goods are worth, proposed by one and approved by another."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.orders.numbering import technical_credit_note_name
from order_flow.flow.money.credit_notes import ask_finance, check_proposal, check_unchanged, follow_decision
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused

NUMBER_SEQUENCE = "_number_seq"


class CreditNote(EntryDocument):
    """One credit note with its reason and its decision."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.credit_note_line.credit_note_line import CreditNoteLine

        amount: DF.Currency
        currency: DF.Link | None
        customer: DF.Link | None
        customer_name: DF.Data | None
        decided_at: DF.Datetime | None
        decided_by: DF.Link | None
        decision_remark: DF.SmallText | None
        items: DF.Table[CreditNoteLine]
        note_state: DF.Literal["Proposed", "Approved", "Rejected"]
        order_id: DF.Link
        proposed_at: DF.Datetime | None
        proposed_by: DF.Link | None
        reason: DF.Literal["Damage", "Missing Goods", "Return", "Quality", "Price Difference", "Goodwill"]
        remark: DF.SmallText
    # end: auto-generated types

    def autoname(self) -> None:
        """Unique by a database sequence: notes of different orders never wait for each other."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=NUMBER_SEQUENCE)
        self.name = technical_credit_note_name(number)

    def validate(self) -> None:
        """Proposing is free to its roles; everything else goes through ``decide``."""
        if self.is_new():
            check_proposal(self)
        else:
            check_unchanged(self)

    def after_insert(self) -> None:
        """Finance hears of it."""
        ask_finance(self)

    def on_update(self) -> None:
        """The order follows a decision."""
        if not self.flags.in_insert:
            follow_decision(self)

    def on_trash(self) -> None:
        """Money facts are kept (R-382)."""
        frappe.throw(_("Credit notes are kept. Reject a wrong one instead of deleting it."), StepRefused)


def on_doctype_update() -> None:
    """The numbers, and the query for approved notes of an order."""
    frappe.db.create_sequence("Credit Note", slug=NUMBER_SEQUENCE, check_not_exists=True, cache=20)
    frappe.db.add_index("Credit Note", ["order_id", "note_state"], index_name="order_state")
