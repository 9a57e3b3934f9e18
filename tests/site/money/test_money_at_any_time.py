"""Money before the content is final, after the order was called off, and tasks that end with their reason."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.money import settle_overpayment, use_balance
from order_flow.api.orders import confirm, record_payment, reject_payment, request_cancellation, ship
from order_flow.domain.states import OrderState, PaymentStatus, PaymentTerm, Role
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.refusals import DuplicateDiffers, StepRefused
from tests.site.support.builders import PRODUCTS, acting_as, new_order, user_of

DESK = user_of(Role.ORDER_DESK)


def order_over(pieces: int, **values: Any) -> Any:
    """An order of some pieces for 100 each."""
    items = [{"product": PRODUCTS[0], "quantity": pieces, "unit_price": 100, "tax_percent": 13}]
    return new_order(items=items, **values)


def stored(order: Any) -> Any:
    """The order as it stands in the database."""
    return frappe.get_doc("Order", order.name)


def open_tasks(order: Any) -> list[str]:
    """What anybody is asked to do about an order, in whatever language the site has."""
    return frappe.get_all("ToDo", {"reference_name": order.name, "status": "Open"}, pluck="description")


def edit(order: Any, **values: Any) -> Any:
    """Somebody of the desk edits an unconfirmed order."""
    document = stored(order)
    if "pieces" in values:
        document.items[0].quantity = values.pop("pieces")
    document.update(values)
    document.save()
    return document


@pytest.mark.parametrize(
    "pieces, status, state, asked",
    [
        (4, PaymentStatus.PARTLY_PAID, OrderState.CONFIRMED, ""),
        (1, PaymentStatus.OVERPAID, OrderState.PAID, "200.00 CNY"),
        (3, PaymentStatus.PAID, OrderState.PAID, ""),
    ],
)
def test_editing_an_order_with_money_counts_it_anew(
    site: Any, pieces: int, status: PaymentStatus, state: OrderState, asked: str
) -> None:
    """K-07: 300 were paid for three pieces; then it are four, one, or still three."""
    order = order_over(3)
    record_payment(order.name, 300, "P")
    edit(order, pieces=pieces, buyer_message="please hurry")
    assert stored(order).payment_status == status
    confirm(order.name)
    assert stored(order).workflow_state == state
    assert [asked in task for task in open_tasks(order)] == ([True] if asked else [])


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("change", ["customer", "currency"])
def test_money_keeps_customer_and_currency(site: Any, change: str, confirmed: bool) -> None:
    """100 CNY never become 100 USD, and one customer's money is never another's; rejected money is none."""
    order = order_over(1)
    with acting_as(user_of(Role.FINANCE) if confirmed else DESK):
        payment = record_payment(order.name, 100, "P")["payment"]
    other = frappe.get_doc({"doctype": "Customer", "customer_name": "Somebody Else"}).insert().name
    values = {"customer": other} if change == "customer" else {"currency": "USD", "exchange_rate": 7.1}
    with pytest.raises(StepRefused, match=payment):
        edit(order, **values)
    if not confirmed:
        reject_payment(payment)
        assert edit(order, **values).get(change) == values[change]


def test_money_for_a_cancelled_order_is_booked_and_goes_back(site: Any) -> None:
    """R-148: what was on its way when the order was called off has a place, and finance a task."""
    order = order_over(1)
    confirm(order.name)
    with acting_as(DESK):
        underway = record_payment(order.name, 60, "ON ITS WAY")["payment"]
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    assert open_tasks(order) == []
    frappe.get_doc("Order Payment", underway).confirm()
    record_payment(order.name, 40, "EVEN LATER")
    (task,) = open_tasks(order)
    assert "100.00 CNY" in task
    record_payment(order.name, 30, "BACK 1", kind="Refund")
    (task,) = open_tasks(order)
    assert "70.00 CNY" in task
    settle_overpayment(order.name, "Refund")
    settle_overpayment(order.name, "Keep as Balance")
    assert (stored(order).paid_amount, open_tasks(order)) == (0, [])
    with pytest.raises(StepRefused):
        use_balance(order.name, 10)


def test_a_voided_order_takes_late_money_too(site: Any) -> None:
    """The same for an order that was never confirmed."""
    order = order_over(1)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    record_payment(order.name, 100, "LATE")
    (task,) = open_tasks(order)
    assert "100.00 CNY" in task


def test_a_task_ends_with_its_reason_and_is_never_two(site: Any) -> None:
    """R-060: decided and paid back in parts, always one task with today's amount, then none."""
    order = order_over(1)
    confirm(order.name)
    record_payment(order.name, 150, "P")
    settle_overpayment(order.name, "Refund")
    settle_overpayment(order.name, "Refund")
    (task,) = open_tasks(order)
    assert "50.00 CNY" in task
    record_payment(order.name, 20, "BACK", kind="Refund")
    (task,) = open_tasks(order)
    assert "30.00 CNY" in task
    record_payment(order.name, 30, "REST", kind="Refund")
    assert open_tasks(order) == []
    record_payment(order.name, 10, "AGAIN")
    (task,) = open_tasks(order)
    assert "10.00 CNY" in task


def test_too_little_after_a_refund_is_a_task_until_it_is_paid(site: Any) -> None:
    """A paid order of which money went back does not ship, and finance hears why."""
    order = order_over(1)
    confirm(order.name)
    record_payment(order.name, 100, "P")
    record_payment(order.name, 10, "BACK", kind="Refund")
    (task,) = open_tasks(order)
    assert "10.00 CNY" in task
    with pytest.raises(StepRefused):
        ship(order.name, "SF", "W1")
    record_payment(order.name, 10, "REST")
    assert open_tasks(order) == []
    ship(order.name, "SF", "W1")


@pytest.mark.parametrize(
    "term, state",
    [(PaymentTerm.ONLINE, OrderState.PAID), (PaymentTerm.CASH_ON_DELIVERY, OrderState.CONFIRMED)],
)
def test_an_order_that_costs_nothing_is_paid(site: Any, term: PaymentTerm, state: OrderState) -> None:
    """Gifts: nothing is due, so the order ships like a paid one."""
    items = [{"product": PRODUCTS[0], "quantity": 1, "unit_price": 0, "is_gift": 1}]
    order = new_order(payment_term=term.value, items=items)
    assert stored(order).payment_status == PaymentStatus.PAID
    confirm(order.name)
    assert stored(order).workflow_state == state
    ship(order.name, "SF", "W1")
    assert stored(order).delivery_status == "Shipped"


def test_the_reference_of_rejected_money_is_free_again(site: Any) -> None:
    """R-152: the record stays; the money that did come gets the bank's number."""
    order = order_over(1)
    with acting_as(DESK):
        wrong = record_payment(order.name, 99, "BANK-1")["payment"]
    reject_payment(wrong)
    right = record_payment(order.name, 100, "BANK-1")["payment"]
    assert right != wrong
    assert record_payment(order.name, 100, "BANK-1")["payment"] == right
    assert record_payment(order.name, 1, "bank-1")["payment"] not in (right, wrong)


def test_money_without_a_reference_is_booked_once(site: Any) -> None:
    """A repeated call books nothing twice; other money says by a reference that it is other money."""
    order = order_over(3)
    record_payment(order.name, 100, "")
    for _number in range(2):
        with pytest.raises(DuplicateDiffers, match="without a reference"):
            record_payment(order.name, 100, "")
    record_payment(order.name, 100, "RECEIPT 2")
    record_payment(order.name, 50, "")
    assert stored(order).paid_amount == 250
