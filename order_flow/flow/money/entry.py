"""What a record of money must say before it is stored: its order, amount, currency, day and reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime

from order_flow.domain.amounts import ZERO, round_money, to_decimal
from order_flow.domain.money.payments import PaymentKind, PaymentRecord, PaymentRefused, converted
from order_flow.flow.money.payments import check_payable, refuse_second_without_reference
from order_flow.flow.records.choices import choice
from order_flow.flow.records.values import number_of, time_of
from order_flow.flow.refusals import StepRefused, refuse_rule

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order_payment.order_payment import OrderPayment

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


def check_entry(payment: OrderPayment) -> None:
    """Check and complete a record of money in the middle of its save.

    Args:
        payment: the Order Payment.

    Raises:
        StepRefused: a value does not fit, or a field is the system's.
    """
    payment.reference = payment.reference or None
    order = frappe.db.get_value("Order", payment.order_id, _FACTS_OF_ORDER, as_dict=True)
    if not payment.order_id or order is None:
        frappe.throw(_("Name the order that the money belongs to."), StepRefused)
    payment.customer = order.customer
    payment.currency = order.currency
    _convert(payment)
    _check_amount(payment)
    _check_received_on(payment)
    if payment.is_new():
        _start_as_recorded(payment)
    if not payment.flags.settles_difference and (payment.is_new() or payment.has_value_changed("kind")):
        check_payable(order, choice(PaymentKind, payment.kind, _("Kind")))
    _guard_decision(payment)
    _claim_reference(payment)


def _claim_reference(payment: OrderPayment) -> None:
    """One order takes a reference once; a rejected record gives it free for the money that did come."""
    rejected = payment.status == PaymentRecord.REJECTED
    payment.reference_key = None if rejected else payment.reference
    if payment.is_new() and not payment.reference and not payment.flags.settles_difference:
        refuse_second_without_reference(payment.order_id, to_decimal(payment.amount), payment.kind)


def _convert(payment: OrderPayment) -> None:
    """Money in another currency counts with the rate of the bank's slip (``domain/money/payments``)."""
    if not payment.received_currency or payment.received_currency == payment.currency:
        payment.received_currency = payment.received_amount = payment.received_rate = None
        return
    received = number_of(payment.received_amount, _("Received Amount"))
    rate = number_of(payment.received_rate, _("Rate of the Bank's Slip"))
    try:
        amount = converted(received, rate, payment.received_currency, payment.currency or "")
    except PaymentRefused as error:
        refuse_rule(error)
    if payment.amount and to_decimal(payment.amount) not in (ZERO, amount):
        frappe.throw(
            _("{0} {1} at {2} are {3} {4}, not {5}. Leave the amount out or correct the rate.").format(
                round_money(received),
                payment.received_currency,
                rate,
                amount,
                payment.currency,
                round_money(to_decimal(payment.amount)),
            ),
            StepRefused,
        )
    payment.amount = float(amount)


def _check_amount(payment: OrderPayment) -> None:
    amount = number_of(payment.amount, _("Amount"))
    if amount <= 0:
        frappe.throw(
            _("The amount must be above zero. A refund is a kind, not a negative amount."), StepRefused
        )
    payment.amount = float(amount)


def _check_received_on(payment: OrderPayment) -> None:
    if isinstance(payment.received_on, str) and payment.received_on:
        payment.received_on = time_of(payment.received_on, _("Received On"))
    if payment.received_on and payment.received_on > add_days(now_datetime(), _CLOCK_TOLERANCE_DAYS):
        frappe.throw(
            _("The money cannot have arrived on {0}, which is still to come. Correct the date.").format(
                payment.received_on
            ),
            StepRefused,
        )


def _start_as_recorded(payment: OrderPayment) -> None:
    if (
        payment.status not in (None, "", PaymentRecord.RECORDED)
        or payment.confirmed_by
        or payment.confirmed_at
    ):
        frappe.throw(
            _("A payment starts as recorded; finance confirms it afterwards. Leave the status out."),
            StepRefused,
        )
    if payment.other_order and not payment.flags.settles_difference:
        frappe.throw(_("The other order is written by the system only. Leave it out."), StepRefused)
    payment.status = PaymentRecord.RECORDED.value


def _guard_decision(payment: OrderPayment) -> None:
    before = payment.get_doc_before_save()
    if before is None or payment.flags.status_open:
        return
    touched = [name for name in (*_GUARDED, "order_id") if payment.has_value_changed(name)]
    if PaymentRecord(before.status) is not PaymentRecord.RECORDED:
        touched += [name for name in _FIXED_ONCE_DECIDED if payment.has_value_changed(name)]
    if touched:
        frappe.throw(
            _("These fields are written by the system only: {0}. Leave them out.").format(
                ", ".join(_(payment.meta.get_label(name)) for name in touched)
            ),
            StepRefused,
        )
