"""Order Payment: money received or paid back for an order, confirmed by finance (R-152)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime

from order_flow.domain.money import ZERO, to_decimal
from order_flow.domain.numbering import technical_payment_name
from order_flow.domain.payments import PaymentKind, PaymentRecord, PaymentRefused, converted
from order_flow.flow.choices import choice
from order_flow.flow.entry_document import EntryDocument
from order_flow.flow.exact_keys import ensure_exact_keys
from order_flow.flow.payments import (
    check_payable,
    confirm_payment,
    refuse_second_without_reference,
    reject_payment,
)
from order_flow.flow.refusals import StepRefused, refuse_rule
from order_flow.flow.values import number_of, time_of

NUMBER_SEQUENCE = "_number_seq"

_GUARDED = ("status", "confirmed_by", "confirmed_at", "other_order")
_FIXED_ONCE_DECIDED = (
    "amount",
    "kind",
    "received_on",
    "reference",
    "received_currency",
    "received_amount",
    "received_rate",
)
_FACTS_OF_ORDER = (
    "name",
    "customer",
    "currency",
    "workflow_state",
    "payment_term",
    "payment_family",
    "deposit_due",
)
_CLOCK_TOLERANCE_DAYS = 1
"""Banks book on the next day; anything later is a typing error."""


class OrderPayment(EntryDocument):
    """One movement of money."""

    def autoname(self) -> None:
        """Unique by a database sequence: payments of different orders never wait for each other."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=NUMBER_SEQUENCE)
        self.name = technical_payment_name(number)

    def validate(self) -> None:
        """Only recording is free; deciding goes through ``confirm`` and ``reject``."""
        self.reference = self.reference or None
        order = frappe.db.get_value("Order", self.order_id, _FACTS_OF_ORDER, as_dict=True)
        if not self.order_id or order is None:
            frappe.throw(_("Name the order that the money belongs to."), StepRefused)
        self.customer = order.customer
        self.currency = order.currency
        self._convert()
        self._check_amount()
        self._check_received_on()
        if self.is_new():
            self._start_as_recorded()
        if not self.flags.settles_difference and (self.is_new() or self.has_value_changed("kind")):
            check_payable(order, choice(PaymentKind, self.kind, _("Kind")))
        self._guard_decision()
        self._claim_reference()

    def _claim_reference(self) -> None:
        """One order takes a reference once; a rejected record gives it free for the money that did come."""
        rejected = self.status == PaymentRecord.REJECTED
        self.reference_key = None if rejected else self.reference
        if self.is_new() and not self.reference and not self.flags.settles_difference:
            refuse_second_without_reference(self.order_id, to_decimal(self.amount), self.kind)

    def _convert(self) -> None:
        """Money in another currency counts with the rate of the bank's slip (``domain/payments``)."""
        if not self.received_currency or self.received_currency == self.currency:
            self.received_currency = self.received_amount = self.received_rate = None
            return
        received = number_of(self.received_amount, _("Received Amount"))
        rate = number_of(self.received_rate, _("Rate of the Bank's Slip"))
        try:
            amount = converted(received, rate, self.received_currency, self.currency)
        except PaymentRefused as error:
            refuse_rule(error)
        if self.amount and to_decimal(self.amount) not in (ZERO, amount):
            frappe.throw(
                _("{0} {1} at {2} are {3} {4}, not {5}. Leave the amount out or correct the rate.").format(
                    received, self.received_currency, rate, amount, self.currency, self.amount
                ),
                StepRefused,
            )
        self.amount = float(amount)

    def _check_amount(self) -> None:
        amount = number_of(self.amount, _("Amount"))
        if amount <= 0:
            frappe.throw(
                _("The amount must be above zero. A refund is a kind, not a negative amount."), StepRefused
            )
        self.amount = float(amount)

    def _check_received_on(self) -> None:
        if isinstance(self.received_on, str) and self.received_on:
            self.received_on = time_of(self.received_on, _("Received On"))
        if self.received_on and self.received_on > add_days(now_datetime(), _CLOCK_TOLERANCE_DAYS):
            frappe.throw(
                _("The money cannot have arrived on {0}, which is still to come. Correct the date.").format(
                    self.received_on
                ),
                StepRefused,
            )

    def _start_as_recorded(self) -> None:
        if self.status not in (None, "", PaymentRecord.RECORDED) or self.confirmed_by or self.confirmed_at:
            frappe.throw(
                _("A payment starts as recorded; finance confirms it afterwards. Leave the status out."),
                StepRefused,
            )
        if self.other_order and not self.flags.settles_difference:
            frappe.throw(_("The other order is written by the system only. Leave it out."), StepRefused)
        self.status = PaymentRecord.RECORDED.value

    def _guard_decision(self) -> None:
        before = self.get_doc_before_save()
        if before is None or self.flags.status_open:
            return
        touched = [name for name in (*_GUARDED, "order_id") if self.has_value_changed(name)]
        if PaymentRecord(before.status) is not PaymentRecord.RECORDED:
            touched += [name for name in _FIXED_ONCE_DECIDED if self.has_value_changed(name)]
        if touched:
            frappe.throw(
                _("These fields are written by the system only: {0}. Leave them out.").format(
                    ", ".join(_(self.meta.get_label(name)) for name in touched)
                ),
                StepRefused,
            )

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
