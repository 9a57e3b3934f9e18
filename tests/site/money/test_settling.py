"""Too much, too little, other currencies, kinds that fit (R-060, R-152, R-388)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
import pytest

from order_flow.api.money import accept_shortfall, settle_overpayment, use_balance
from order_flow.api.orders import confirm, record_payment, request_cancellation
from order_flow.domain.states import OrderState, PaymentStatus, PaymentTerm, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.money.settling import customer_balance
from order_flow.flow.outside.facts import confirmed_payments
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, user_of
from tests.site.support.money_lab import (
    TOLERANCE,
    contract_order,
    footprint,
    money,
    money_channel,
    new_customer,
    stored,
)

__all__ = ["money", "money_channel"]
pytestmark = pytest.mark.usefixtures("money")
FINANCE, CLERK = user_of(Role.FINANCE), user_of(Role.ORDER_DESK)
TRANSFER = PaymentTerm.BANK_TRANSFER


def paid_order(customer: Any, paid: float, amount: float = 1000) -> Any:
    """A confirmed order of an amount for which some money is confirmed."""
    order = contract_order(customer, TRANSFER, amount)
    confirm(order.name)
    record_payment(order.name, paid, f"P-{order.name}")
    return stored(order)


def tasks(order: Any) -> list[str]:
    """What finance is asked to do about an order."""
    return frappe.get_all(
        "ToDo", {"reference_name": order.name, "role": Role.FINANCE.value}, pluck="description"
    )


def test_finance_hears_of_too_much_money_once() -> None:
    """R-060: the order goes on, the surplus is a task."""
    order = paid_order(new_customer(), 1100)
    assert (order.payment_status, order.workflow_state) == (PaymentStatus.OVERPAID, OrderState.PAID)
    record_payment(order.name, 10, "MORE")
    assert tasks(order) == [
        f"Order {order.name} is overpaid by 110.00 CNY. Pay it back, keep it as the customer's balance, or "
        "transfer it to another order."
    ]


def test_a_surplus_is_kept_and_pays_the_next_order() -> None:
    """R-060: the customer's balance, by currency; the sums stay what they are."""
    customer = new_customer()
    order = paid_order(customer, 1100)
    with pytest.raises(frappe.ValidationError, match="Reversal"):
        settle_overpayment(order.name, "Reversal")
    settle_overpayment(order.name, "Keep as Balance")
    assert (stored(order).paid_amount, stored(order).payment_status) == (1000, PaymentStatus.PAID)
    assert customer_balance(customer.name, "CNY") == 100
    assert customer_balance(customer.name, "USD") == 0
    other = paid_order(customer, 900)
    use_balance(other.name, "100")
    assert stored(other).workflow_state == OrderState.PAID
    assert customer_balance(customer.name, "CNY") == 0


def test_a_surplus_is_transferred_as_far_as_the_other_order_needs_it() -> None:
    """R-060: what it does not need stays the customer's balance."""
    customer = new_customer()
    order, other = paid_order(customer, 1300), paid_order(customer, 800)
    settle_overpayment(order.name, "Transfer to Order", other.name)
    assert (stored(order).paid_amount, stored(other).paid_amount) == (1000, 1000)
    assert customer_balance(customer.name, "CNY") == 100
    moved = frappe.get_all("Order Payment", {"order_id": other.name, "kind": "From Customer Balance"}, "*")
    assert [(row.amount, row.other_order, row.status) for row in moved] == [(200, order.name, "Confirmed")]


def test_a_surplus_goes_back() -> None:
    """R-060: a task, once; the refund itself is recorded and confirmed as ever."""
    order = paid_order(new_customer(), 1100)
    for _again in range(2):
        settle_overpayment(order.name, "Refund")
    refund = {"reference_name": order.name, "name": ("like", f"{TaskReason.REFUND_DUE}%")}
    assert frappe.db.count("ToDo", refund) == 1
    record_payment(order.name, 100, "BACK", kind="Refund")
    assert stored(order).payment_status == PaymentStatus.PAID


def test_money_of_a_cancelled_order_may_stay() -> None:
    """R-148, R-060: all of it is surplus then."""
    customer = new_customer()
    order = paid_order(customer, 400)
    request_cancellation(order.name, "Customer's Change of Mind")
    settle_overpayment(order.name, "Keep as Balance")
    assert stored(order).paid_amount == 0
    assert customer_balance(customer.name, "CNY") == 400


def test_a_small_shortfall_counts_as_bank_charges() -> None:
    """R-060: within the profile's tolerance, by finance; the order goes on, no receipt is posted for it."""
    order = paid_order(new_customer(), 1000 - TOLERANCE)
    accept_shortfall(order.name, "kept by the bank in between")
    after = stored(order)
    assert (after.payment_status, after.workflow_state) == (PaymentStatus.PAID, OrderState.PAID)
    by_bank = {payment.amount: payment.by_bank for payment in confirmed_payments([order.name])[order.name]}
    assert by_bank == {Decimal(1000 - TOLERANCE): True, Decimal(TOLERANCE): False}


def test_the_tolerance_is_in_the_companys_currency() -> None:
    """R-060: 20 CNY are 2.81 USD at 7.1, rounded down."""
    order = contract_order(new_customer(), TRANSFER, 1000, currency="USD", exchange_rate=7.1)
    confirm(order.name)
    record_payment(order.name, "997.18", "P1")
    with pytest.raises(StepRefused, match=r"2\.82 is missing, more than the 2\.81"):
        accept_shortfall(order.name)
    record_payment(order.name, "0.01", "P2")
    accept_shortfall(order.name)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda order: settle_overpayment(order.name, "Keep as Balance"),
        lambda order: use_balance(order.name, 1),
        lambda order: accept_shortfall(order.name),
    ],
)
def test_only_finance_settles(attempt: Any) -> None:
    """R-388: the order desk records money and decides nothing about it."""
    order = paid_order(new_customer(), 1100)
    before = footprint(order)
    with acting_as(CLERK), pytest.raises(frappe.PermissionError, match="Only finance"):
        attempt(order)
    assert footprint(order) == before


def test_settling_payments_are_not_made_by_rest() -> None:
    """R-152: the kinds without a bank, and where money came from, are the methods' alone."""
    order = paid_order(new_customer(), 900)
    for values in ({"kind": "To Customer Balance"}, {"kind": "Payment", "other_order": order.name}):
        with acting_as(FINANCE), pytest.raises(StepRefused):
            frappe.get_doc(
                {"doctype": "Order Payment", "order_id": order.name, "amount": 1, **values}
            ).insert()


@pytest.mark.parametrize(
    "values, amount",
    [
        ({"received_amount": 100, "received_rate": 7.1234}, 712.34),
        ({"received_amount": 0.03, "received_rate": 7.15}, 0.21),
        ({"received_amount": 100, "received_rate": 7.1234, "amount": 712.34}, 712.34),
    ],
)
def test_money_in_another_currency_counts_by_the_banks_rate(values: dict[str, Any], amount: float) -> None:
    """R-152: received amount times rate, rounded to cents, fixed on the record."""
    order = paid_order(new_customer(), 1)
    payment = frappe.get_doc(
        {"doctype": "Order Payment", "order_id": order.name, "received_currency": "USD", **values}
    ).insert()
    assert payment.amount == amount


@pytest.mark.parametrize(
    "values, words",
    [
        ({"received_amount": 100}, "rate of the bank's slip"),
        ({"received_amount": 100, "received_rate": 7, "amount": 701}, "correct the rate"),
    ],
)
def test_a_conversion_that_does_not_add_up_is_refused(values: dict[str, Any], words: str) -> None:
    """R-152."""
    order = paid_order(new_customer(), 1)
    with pytest.raises(StepRefused, match=words):
        frappe.get_doc(
            {"doctype": "Order Payment", "order_id": order.name, "received_currency": "USD", **values}
        ).insert()
