"""Order Payment: money received or paid back for an order, confirmed by finance (R-152)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.orders.numbering import technical_payment_name
from order_flow.flow.money.entry import check_entry
from order_flow.flow.money.payments import confirm_payment, reject_payment
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.exact_keys import ensure_exact_keys
from order_flow.flow.refusals import StepRefused

NUMBER_SEQUENCE = "_number_seq"


class OrderPayment(EntryDocument):
    """One movement of money."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        confirmed_at: DF.Datetime | None
        confirmed_by: DF.Link | None
        currency: DF.Link | None
        customer: DF.Link | None
        kind: DF.Literal[
            "Payment",
            "Deposit",
            "Balance",
            "Prepayment",
            "Cash on Delivery",
            "Refund",
            "Reversal",
            "Bank Charges",
            "To Customer Balance",
            "From Customer Balance",
        ]
        method: DF.Data | None
        order_id: DF.Link
        other_order: DF.Link | None
        received_amount: DF.Currency
        received_currency: DF.Link | None
        received_on: DF.Datetime
        received_rate: DF.Float
        reference: DF.Data | None
        reference_key: DF.Data | None
        remark: DF.SmallText | None
        status: DF.Literal["Recorded", "Confirmed", "Rejected"]
    # end: auto-generated types

    def autoname(self) -> None:
        """Unique by a database sequence: payments of different orders never wait for each other."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=NUMBER_SEQUENCE)
        self.name = technical_payment_name(number)

    def validate(self) -> None:
        """Only recording is free; deciding goes through ``confirm`` and ``reject``."""
        check_entry(self)

    def on_trash(self) -> None:
        """Money facts are kept (R-382)."""
        frappe.throw(_("Payments are kept. Reject a wrong record instead of deleting it."), StepRefused)

    def confirm(self) -> None:
        """Confirm the money; finance only."""
        confirm_payment(self)

    def reject(self) -> None:
        """Reject the record; finance only."""
        reject_payment(self)


def on_doctype_update() -> None:
    """The numbers, one reference per order, and the query for confirmed money."""
    ensure_exact_keys("Order Payment")
    frappe.db.create_sequence("Order Payment", slug=NUMBER_SEQUENCE, check_not_exists=True, cache=20)
    frappe.db.add_unique(
        "Order Payment", ["order_id", "reference_key"], constraint_name="unique_order_reference_key"
    )
    frappe.db.add_index("Order Payment", ["order_id", "status"], index_name="order_status")
    frappe.db.add_index("Order Payment", ["customer", "kind"], index_name="customer_kind")
    frappe.db.add_index("Order Payment", ["received_on", "status"], index_name="received_status")
