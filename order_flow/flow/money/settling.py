"""Too much and too little money: what finance may do about it (R-060, R-152).

Every answer is a confirmed Order Payment of its own kind, so that what is paid, the order's statuses and its
steps follow from the same sum as always.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.amounts import CENT, ZERO, round_money, to_decimal
from order_flow.domain.message import Message
from order_flow.domain.money.payments import (
    OverpaymentAnswer,
    PaymentKind,
    PaymentRecord,
    PaymentRefused,
    acceptable_shortfall,
    check_balance_use,
    surplus,
)
from order_flow.domain.states import CALLED_OFF_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.money.payments import confirm_payment, only_finance
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.order import locked_order, save_internally
from order_flow.flow.refusals import StepRefused, refuse_rule
from order_flow.flow.tasks.giving import keep_task
from order_flow.flow.terms.figures import money_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def settle_overpayment(name: str, answer: OverpaymentAnswer, target: str | None = None) -> None:
    """Decide what becomes of money beyond an order's total; all of it where the order was called off.

    Args:
        name: the order.
        answer: pay it back (a task), keep it as the customer's balance, or put it on another order.
        target: the other order; what it does not need stays the customer's balance.

    Raises:
        frappe.PermissionError: only finance decides about money.
        StepRefused: nothing is overpaid, or the other order is not the customer's or in another currency.
    """
    only_finance()
    order = locked_order(name)
    money = money_of(order)
    try:
        amount = surplus(money.payable, money.paid)
    except PaymentRefused as error:
        refuse_rule(error)
    if answer is OverpaymentAnswer.REFUND:
        _decide_refund(order)
        return
    other = _other_order(order, target) if answer is OverpaymentAnswer.TRANSFER else None
    _move(order, PaymentKind.TO_BALANCE, amount, other)
    if other is not None:
        use_balance(other.name, min(amount, money_of(other).missing), source=order.name)


def _decide_refund(order: Order) -> None:
    """Finance's task to decide becomes its task to pay back; that of a called-off order says so already."""
    if OrderState(order.workflow_state) not in CALLED_OFF_STATES and not order.refund_decided:
        order.refund_decided = 1
        save_internally(order)


def _other_order(order: Order, target: str | None) -> Any:
    if not target or target == order.name:
        frappe.throw(_("Choose the other order that the money shall go to."), StepRefused)
    other = locked_order(target)
    if other.customer != order.customer or other.currency != order.currency:
        frappe.throw(
            _("Order {0} is not in {1} or not of customer {2}. Choose another one.").format(
                target, order.currency, order.customer_name
            ),
            StepRefused,
        )
    if not money_of(other).missing or OrderState(other.workflow_state) in CALLED_OFF_STATES:
        frappe.throw(_("Order {0} is paid already. Choose another one.").format(target), StepRefused)
    return other


def use_balance(name: str, amount: Decimal, source: str | None = None) -> None:
    """Pay an order from its customer's balance.

    Args:
        name: the order.
        amount: in its currency.
        source: the order whose surplus it is, where there is one.

    Raises:
        frappe.PermissionError: only finance decides about money.
        StepRefused: more than the balance, more than the order needs, or the order was called off.
    """
    only_finance()
    order = locked_order(name)
    if OrderState(order.workflow_state) in CALLED_OFF_STATES:
        frappe.throw(
            _("Order {0} is {1}; it takes no money any more.").format(name, _(order.workflow_state)),
            StepRefused,
        )
    # One at a time for a customer: two orders must not take the same balance.
    frappe.db.get_value("Customer", order.customer, "name", for_update=True)
    missing = money_of(order).missing
    try:
        check_balance_use(amount, customer_balance(order.customer, order.currency), missing)
    except PaymentRefused as error:
        refuse_rule(error)
    _move(order, PaymentKind.FROM_BALANCE, amount, frappe._dict(name=source) if source else None)


def customer_balance(customer: str, currency: str) -> Decimal:
    """Return what a customer has to his credit, read with a lock: one indexed statement.

    Args:
        customer: the customer's code.
        currency: balances of different currencies are different balances.
    """
    rows = frappe.db.sql(
        """select kind, sum(amount) from `tabOrder Payment`
        where customer = %s and kind in %s and status = %s and currency = %s
        group by kind lock in share mode""",
        (
            customer,
            (PaymentKind.TO_BALANCE.value, PaymentKind.FROM_BALANCE.value),
            PaymentRecord.CONFIRMED.value,
            currency,
        ),
    )
    sums = {PaymentKind(kind): to_decimal(amount) for kind, amount in rows}
    return sums.get(PaymentKind.TO_BALANCE, ZERO) - sums.get(PaymentKind.FROM_BALANCE, ZERO)


def accept_shortfall(name: str, remark: str) -> None:
    """Take a small missing amount as the banks' charges, as the company's profile allows.

    Args:
        name: the order.
        remark: stored with it, e.g. which bank kept it.

    Raises:
        frappe.PermissionError: only finance decides about money.
        StepRefused: nothing is missing, or more than the profile tolerates.
    """
    only_finance()
    order = locked_order(name)
    money = money_of(order)
    try:
        missing = acceptable_shortfall(money.payable, money.paid, tolerance_of(order))
    except PaymentRefused as error:
        refuse_rule(error)
    _move(order, PaymentKind.BANK_CHARGES, missing, None, remark)
    if order.u8_account:
        keep_task(
            Role.FINANCE,
            order,
            TaskReason.BANK_CHARGES,
            Message(
                "{0} {1} of order {2} were taken as bank charges. Book them in U8 by hand.",
                round_money(missing),
                order.currency,
                order.name,
            ),
        )


def tolerance_of(order: Order) -> Decimal:
    """The most that may count as bank charges, in the order's currency, rounded down; 0 without a rate."""
    tolerated = to_decimal(profile_of(order).bank_charges_tolerance)
    rate = to_decimal(order.exchange_rate)
    if rate <= ZERO:
        return ZERO
    return (tolerated / rate).quantize(CENT, rounding=ROUND_DOWN)


def _move(order: Order, kind: PaymentKind, amount: Decimal, other: Any, remark: str = "") -> None:
    payment = frappe.get_doc(
        {
            "doctype": "Order Payment",
            "order_id": order.name,
            "kind": kind.value,
            "amount": float(amount),
            "received_on": now_datetime(),
            "other_order": other.name if other else None,
            "remark": remark,
        }
    )
    payment.flags.settles_difference = True
    payment.insert()
    confirm_payment(payment)
