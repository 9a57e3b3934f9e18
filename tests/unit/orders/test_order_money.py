"""One order's money: what is owed, what is too much, and which tasks that asks for (R-060, R-163, K-05)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.money.credit import in_company_currency
from order_flow.domain.orders.money import OrderMoney
from order_flow.domain.states import (
    DeliveryStatus,
    OrderState,
    PaymentFamily,
    PaymentStatus,
    SettlementStatus,
)
from order_flow.domain.tasks.of_orders import TaskFacts, wanted_tasks
from order_flow.domain.tasks.reasons import TaskReason

AMOUNT = st.decimals(min_value=0, max_value=10**7, places=2)
LATER, FIRST = PaymentFamily.PAY_LATER, PaymentFamily.PAY_FIRST


def money(state: OrderState, family: PaymentFamily, **amounts: int) -> OrderMoney:
    """An order over 100 of which 70 has left and 40 is paid, unless said otherwise."""
    values = {"total": 100, "shipped": 70, "paid": 40, **amounts}
    return OrderMoney(state, family, **{name: Decimal(value) for name, value in values.items()})


@pytest.mark.parametrize(
    "state, family, expected",
    [
        (OrderState.UNCONFIRMED, LATER, 30),
        (OrderState.UNDER_REVIEW, LATER, 30),
        (OrderState.CONFIRMED, LATER, 60),
        (OrderState.SHIPPED, LATER, 60),
        (OrderState.COMPLETED, LATER, 60),
        (OrderState.CANCELLED, LATER, 30),
        (OrderState.VOIDED, LATER, 30),
        (OrderState.CONFIRMED, FIRST, 30),
        (OrderState.PAID, FIRST, 30),
    ],
)
def test_what_an_order_takes_of_the_credit(state: OrderState, family: PaymentFamily, expected: int) -> None:
    """R-163: bound orders count in full where goods go first; what left unpaid counts in every state."""
    assert money(state, family).owed == expected


def test_an_order_that_is_not_confirmed_owes_nothing_while_nothing_left() -> None:
    """R-163: neither does one that was called off."""
    for state in (OrderState.UNCONFIRMED, OrderState.CANCELLED):
        assert money(state, LATER, shipped=0, paid=0).owed == 0


def test_a_credit_note_lowers_what_is_owed() -> None:
    """A delivered order over 100, 30 forgiven: 70 settle it, 100 are 30 too much."""
    paid = money(OrderState.COMPLETED, FIRST, shipped=100, paid=70, credited=30)
    assert (paid.owed, paid.surplus, paid.payment_status) == (0, 0, PaymentStatus.PAID)
    assert paid.settlement(DeliveryStatus.SHIPPED) is SettlementStatus.SETTLED
    before_refund = money(OrderState.COMPLETED, FIRST, shipped=100, paid=100, credited=30)
    assert (before_refund.surplus, before_refund.refundable) == (30, 30)


@given(
    total=AMOUNT,
    shipped=AMOUNT,
    paid=AMOUNT,
    credited=AMOUNT,
    rate=st.decimals(min_value="0.000001", max_value=100, places=6),
    state=st.sampled_from(OrderState),
    family=st.sampled_from(PaymentFamily),
    decided=st.booleans(),
)
def test_no_money_is_lost_or_below_zero(
    total: Decimal,
    shipped: Decimal,
    paid: Decimal,
    credited: Decimal,
    rate: Decimal,
    state: OrderState,
    family: PaymentFamily,
    decided: bool,
) -> None:
    """The identity: paid = payable - missing + surplus; a surplus always has exactly one task."""
    found = OrderMoney(state, family, total, shipped, paid, credited)
    assert paid == found.payable - found.missing + found.surplus
    assert min(found.owed, found.surplus, found.missing, found.kept, found.refundable) >= ZERO
    owed = in_company_currency(found.owed, rate)
    assert owed >= ZERO
    assert owed == round_money(owed)
    wanted = wanted_tasks(TaskFacts("SO-1", "CNY", found, refund_decided=decided))
    assert len(wanted) <= 1
    about_surplus = wanted.keys() & {TaskReason.SURPLUS, TaskReason.REFUND_DUE}
    assert bool(about_surplus) == (found.surplus > ZERO)


def test_too_little_is_a_task_only_where_it_was_paid_before() -> None:
    """A change made a paid order dearer: finance hears; an order that was never paid simply waits."""
    paid = money(OrderState.PAID, FIRST, paid=90, shipped=0)
    (task,) = wanted_tasks(TaskFacts("SO-1", "CNY", paid)).values()
    assert "10.00 CNY are missing" in task.text
    assert not wanted_tasks(TaskFacts("SO-1", "CNY", money(OrderState.CONFIRMED, FIRST, shipped=0)))
