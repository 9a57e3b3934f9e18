"""Money received for an order: recorded by whoever hears of it, confirmed by finance only (R-018, R-152)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.money import ZERO, to_decimal
from order_flow.domain.progress import payment_status, settlement_status
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    DeliveryStatus,
    OrderState,
    PaymentStatus,
    Role,
)
from order_flow.flow import announce
from order_flow.flow.facts import CONFIRMED_PAYMENT, REFUND_KIND, stored_time
from order_flow.flow.refusals import DuplicateDiffers, StepRefused
from order_flow.flow.steps import catch_up, locked_order, save_internally

RECORDED_PAYMENT = "Recorded"
REJECTED_PAYMENT = "Rejected"


def record_payment(
    order: str, amount: Decimal, reference: str, *, received_on: datetime | None, kind: str, method: str
) -> Any:
    """Record money that arrived, once per reference.

    Args:
        order: the order's name.
        amount: positive amount in the order's currency.
        reference: the bank's or platform's number; the same one again gives the same record.
        received_on: when it arrived; now where it is not known.
        kind: an option of Order Payment's kind.
        method: how it was paid, in words.

    Returns:
        The Order Payment document.

    Raises:
        DuplicateDiffers: the reference is known with another amount or kind.
    """
    locked_order(order)
    if reference:
        known = frappe.db.get_value("Order Payment", {"order_id": order, "reference": reference})
        if known:
            payment = frappe.get_doc("Order Payment", known)
            _same_or_refuse(payment, amount, kind)
            return payment
    payment = frappe.get_doc(
        {
            "doctype": "Order Payment",
            "order_id": order,
            "kind": kind,
            "amount": float(amount),
            "reference": reference or None,
            "received_on": stored_time(received_on) or now_datetime(),
            "method": method,
        }
    )
    payment.insert()
    return payment


def _same_or_refuse(payment: Any, amount: Decimal, kind: str) -> None:
    if to_decimal(payment.amount) == amount and payment.kind == kind:
        return
    frappe.throw(
        _(
            "Reference {0} is already recorded as {1} {2}; now it came as {3} {4}. Check the bank statement."
        ).format(payment.reference, _(payment.kind), payment.amount, _(kind), amount),
        DuplicateDiffers,
    )


def confirm_payment(payment: Any) -> None:
    """Confirm recorded money and let the order move on as far as the facts decide.

    Args:
        payment: the Order Payment document. Confirming it again changes nothing.

    Raises:
        frappe.PermissionError: only finance confirms money (R-388).
        StepRefused: the payment was rejected, or a refund would take more than was paid.
    """
    _only_finance()
    order = locked_order(payment.order_id)
    _reread(payment)
    if payment.status == CONFIRMED_PAYMENT:
        return
    if payment.status == REJECTED_PAYMENT:
        frappe.throw(
            _("Payment {0} was rejected. Record the money again with its right data.").format(payment.name),
            StepRefused,
        )
    if payment.kind == REFUND_KIND and to_decimal(payment.amount) > to_decimal(order.paid_amount):
        frappe.throw(
            _("A refund of {0} exceeds the {1} received for order {2}. Correct the amount.").format(
                payment.amount, order.paid_amount, order.name
            ),
            StepRefused,
        )
    _mark(payment, CONFIRMED_PAYMENT)
    apply_money(order, payment.name)


def reject_payment(payment: Any) -> None:
    """Mark recorded money as not received; the record stays.

    Raises:
        frappe.PermissionError: only finance decides about money.
        StepRefused: it is confirmed already; a refund is the way back.
    """
    _only_finance()
    locked_order(payment.order_id)
    _reread(payment)
    if payment.status == CONFIRMED_PAYMENT:
        frappe.throw(
            _("Payment {0} is confirmed. Record a refund to take it back.").format(payment.name), StepRefused
        )
    _mark(payment, REJECTED_PAYMENT)


def _only_finance() -> None:
    if Role.FINANCE.value not in frappe.get_roles():
        frappe.throw(_("Only finance confirms or rejects money."), frappe.PermissionError)


def _reread(payment: Any) -> None:
    """Read a payment as it is now, not as it was when this transaction began."""
    payment.flags.for_update = True
    payment.reload()


def _mark(payment: Any, status: str) -> None:
    payment.status = status
    payment.confirmed_by = frappe.session.user
    payment.confirmed_at = now_datetime()
    payment.flags.status_open = True
    payment.save()


def apply_money(order: Any, newest_payment: str) -> None:
    """Derive the payment figures of an order and let it catch up.

    Args:
        order: the Order document, locked.
        newest_payment: name of the payment that was just confirmed.
    """
    paid = _confirmed_sum(order.name)
    settled = settlement_status(
        to_decimal(order.shipped_amount), paid, DeliveryStatus(order.delivery_status)
    ).value
    figures = {
        "paid_amount": float(paid),
        "payment_status": payment_status(to_decimal(order.total), paid).value,
        "settlement_status": settled,
    }
    state_before = OrderState(order.workflow_state)
    if state_before in CALLED_OFF_STATES:
        # The framework saves no cancelled document; all that may come here is money that went back.
        frappe.db.set_value(order.doctype, order.name, figures)
        return
    order.update(figures)
    save_internally(order)
    taken = catch_up(order)
    if state_before is OrderState.COMPLETED:
        announce.late_receipt(order, newest_payment)
    elif not taken:
        announce.money_changed(order, newest_payment)


def _confirmed_sum(order: str) -> Decimal:
    """Confirmed money less refunds, read with a lock.

    The lock on the order's row is not enough: a transaction that waited for it still reads payments as they
    were when it began, and would lose what was confirmed meanwhile.
    """
    rows = frappe.db.sql(
        "select kind, amount from `tabOrder Payment` where order_id = %s and status = %s lock in share mode",
        (order, CONFIRMED_PAYMENT),
    )
    return sum(
        (-to_decimal(amount) if kind == REFUND_KIND else to_decimal(amount) for kind, amount in rows), ZERO
    )


def check_payable(order: Any, kind: str) -> None:
    """Refuse money for an order that was called off, except paying it back.

    Raises:
        StepRefused: the order is voided or cancelled.
    """
    if OrderState(order.workflow_state) in CALLED_OFF_STATES and kind != REFUND_KIND:
        frappe.throw(
            _("Order {0} is {1}; only refunds can be recorded for it.").format(
                order.name, _(order.workflow_state)
            ),
            StepRefused,
        )


def is_paid_in_full(order: Any) -> bool:
    """Whether nothing of the order's total is outstanding."""
    return PaymentStatus(order.payment_status) in (PaymentStatus.PAID, PaymentStatus.OVERPAID)
