"""Money received for an order: recorded by whoever hears of it, confirmed by finance only (R-018, R-152)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.amounts import round_money, to_decimal
from order_flow.domain.customers.notices import NoticeEvent
from order_flow.domain.entry_values import clean_key, clean_line
from order_flow.domain.money.payments import (
    WITHOUT_BANK,
    PaymentKind,
    PaymentRecord,
    PaymentRefused,
    check_kind,
    check_outgoing,
)
from order_flow.domain.states import CALLED_OFF_STATES, OrderState, PaymentFamily, PaymentTerm, Role
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.notices.sending import payment_decided
from order_flow.flow.outside import announce
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import DuplicateDiffers, StepRefused, refuse_rule, refuse_without_role
from order_flow.flow.terms.figures import money_of
from order_flow.site_time import stored

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.order_payment.order_payment import OrderPayment


def record_payment(
    order: str, amount: Decimal, reference: str, *, received_on: datetime | None, kind: str, method: str
) -> Any:
    """Record money that arrived, once per reference; a rejected record gives its reference free.

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
        DuplicateDiffers: the reference is known with another amount or kind; or none is given, and the same
            amount of the same kind is recorded already.
        StepRefused: the kind does not fit how the order is paid.
    """
    locked_order(order)
    # Looked up as it is stored: a repeated call may carry a blank or full width digits.
    reference, kind = clean_key(reference), clean_line(kind)
    if (payment := _recorded(order, reference)) is not None:
        _same_or_refuse(payment, amount, kind)
        return payment
    payment = frappe.get_doc(
        {
            "doctype": "Order Payment",
            "order_id": order,
            "kind": kind,
            "amount": float(amount),
            "reference": reference or None,
            "received_on": stored(received_on) or now_datetime(),
            "method": method,
        }
    )
    payment.insert()
    return payment


def _recorded(order: str, reference: str) -> Any:
    """The record of the order that has a reference, locked; a rejected one has given it free.

    Looked for without a lock: one on a reference that is not there yet would lock the place between two
    orders, and both could not insert theirs. A record that this transaction does not see yet is refused by
    the unique index, and the request starts over (``overtaken``).
    """
    name = reference and frappe.db.get_value("Order Payment", {"order_id": order, "reference_key": reference})
    if not name:
        return None
    payment = frappe.get_doc("Order Payment", name, for_update=True)
    return payment if payment.reference_key == reference else None


def refuse_second_without_reference(order: str, amount: Decimal, kind: str) -> None:
    """Refuse money that is recorded already, as far as anybody can tell: a call may have been repeated.

    Args:
        order: the order's name.
        amount: in the order's currency.
        kind: an option of Order Payment's kind.

    Raises:
        DuplicateDiffers: an equal record without a reference stands for the order.
    """
    rows = frappe.db.sql(
        """select name from `tabOrder Payment` where order_id = %s and kind = %s and amount = %s
        and status != %s and (reference is null or reference = '') limit 1 lock in share mode""",
        (order, kind, float(amount), PaymentRecord.REJECTED.value),
    )
    if rows:
        frappe.throw(
            _(
                "{0} over {1} is recorded for order {2} already, without a reference. If this is other "
                "money, record it with a reference: the bank's number, or a receipt number of your own."
            ).format(rows[0][0], round_money(amount), order),
            DuplicateDiffers,
        )


def _same_or_refuse(payment: OrderPayment, amount: Decimal, kind: str) -> None:
    if to_decimal(payment.amount) == amount and payment.kind == kind:
        return
    frappe.throw(
        _(
            "Reference {0} is already recorded as {1} {2}; now it came as {3} {4}. Check the bank statement."
        ).format(
            payment.reference,
            _(payment.kind),
            round_money(to_decimal(payment.amount)),
            _(kind),
            round_money(amount),
        ),
        DuplicateDiffers,
    )


def confirm_payment(payment: OrderPayment) -> None:
    """Confirm recorded money and let the order move on as far as the facts decide.

    Args:
        payment: the Order Payment document. Confirming it again changes nothing.

    Raises:
        frappe.PermissionError: only finance confirms money (R-388).
        StepRefused: the payment was rejected, or more would go back than may.
    """
    only_finance()
    order = locked_order(payment.order_id)
    _reread(payment)
    record = PaymentRecord(payment.status)
    if record is PaymentRecord.CONFIRMED:
        return
    if record is PaymentRecord.REJECTED:
        frappe.throw(
            _("Payment {0} was rejected. Record the money again with its right data.").format(payment.name),
            StepRefused,
        )
    kind, money = PaymentKind(payment.kind), money_of(order)
    try:
        check_outgoing(kind, to_decimal(payment.amount), money.paid, money.refundable)
    except PaymentRefused as error:
        refuse_rule(error)
    _mark(payment, PaymentRecord.CONFIRMED)
    apply_money(order, payment.name, kind)
    payment_decided(order, payment, NoticeEvent.PAYMENT_CONFIRMED)


def reject_payment(payment: OrderPayment) -> None:
    """Mark recorded money as not received; the record stays.

    Raises:
        frappe.PermissionError: only finance decides about money.
        StepRefused: it is confirmed already; a refund is the way back.
    """
    only_finance()
    order = locked_order(payment.order_id)
    _reread(payment)
    if PaymentRecord(payment.status) is PaymentRecord.CONFIRMED:
        frappe.throw(
            _("Payment {0} is confirmed. Record a reversal to take it back.").format(payment.name),
            StepRefused,
        )
    _mark(payment, PaymentRecord.REJECTED)
    payment_decided(order, payment, NoticeEvent.PAYMENT_REJECTED)


def only_finance() -> None:
    """Refuse everybody but finance.

    Raises:
        frappe.PermissionError: the user lacks the role.
    """
    refuse_without_role((Role.FINANCE,), _("Only finance confirms or rejects money."))


def _reread(payment: OrderPayment) -> None:
    """Read a payment as it is now, not as it was when this transaction began."""
    payment.flags.for_update = True
    payment.reload()


def _mark(payment: OrderPayment, record: PaymentRecord) -> None:
    payment.status = record.value
    payment.confirmed_by = frappe.session.user
    payment.confirmed_at = now_datetime()
    payment.flags.status_open = True
    payment.save()


def apply_money(order: Order, newest_payment: str, kind: PaymentKind) -> None:
    """Let an order follow its money, and tell outside what no step tells.

    Args:
        order: the Order document, locked.
        newest_payment: name of the payment that was just confirmed.
        kind: its kind.
    """
    state_before = OrderState(order.workflow_state)
    follow_facts(order)
    if state_before is OrderState.COMPLETED:
        announce.late_receipt(order, newest_payment, kind)
    elif OrderState(order.workflow_state) is state_before:
        announce.money_changed(order, newest_payment)


def check_payable(order: Any, kind: PaymentKind) -> None:
    """Refuse a kind of money that does not fit the order.

    Args:
        order: a row with the order's name, state, term, family and deposit.
        kind: what is recorded.

    Raises:
        StepRefused: the kind is not one of its payment term.
    """
    if OrderState(order.workflow_state) in CALLED_OFF_STATES and kind not in WITHOUT_BANK:
        # Money may be on its way when an order is called off; it is booked, and finance pays it back.
        return
    try:
        check_kind(
            kind,
            PaymentTerm(order.payment_term),
            PaymentFamily(order.payment_family),
            to_decimal(order.deposit_due),
        )
    except PaymentRefused as error:
        refuse_rule(error)


def recorded_payments(order: str) -> list[str]:
    """Name an order's payments and refunds that finance has not decided about, oldest first.

    Args:
        order: the order's name.
    """
    return list(
        frappe.get_all(
            "Order Payment",
            filters={"order_id": order, "status": PaymentRecord.RECORDED.value},
            order_by="name",
            pluck="name",
            limit_page_length=0,
        )
    )
