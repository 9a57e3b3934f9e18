"""Kinds of money, too much and too little of it, other currencies (R-060, R-152)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.money.payments import (
    OUTGOING,
    WITHOUT_BANK,
    PaymentKind,
    PaymentRefused,
    acceptable_shortfall,
    check_balance_use,
    check_kind,
    check_outgoing,
    converted,
    signed,
    surplus,
)
from order_flow.domain.states import FAMILY_OF_TERM, PaymentFamily, PaymentTerm

KIND = PaymentKind
TERM = PaymentTerm


@pytest.mark.parametrize(
    "kind, term, deposit, fits",
    [
        (KIND.PAYMENT, TERM.ONLINE, 0, True),
        (KIND.PAYMENT, TERM.CASH_ON_DELIVERY, 0, True),
        (KIND.DEPOSIT, TERM.DEPOSIT_AND_BALANCE, 30, True),
        (KIND.DEPOSIT, TERM.ONLINE, 0, False),
        (KIND.BALANCE, TERM.DEPOSIT_AND_BALANCE, 30, True),
        (KIND.BALANCE, TERM.MONTHLY_ACCOUNT, 0, False),
        (KIND.PREPAYMENT, TERM.BANK_TRANSFER, 0, True),
        (KIND.PREPAYMENT, TERM.MONTHLY_ACCOUNT, 0, False),
        (KIND.PREPAYMENT, TERM.MONTHLY_ACCOUNT, 10, True),
        (KIND.CASH_ON_DELIVERY, TERM.CASH_ON_DELIVERY, 0, True),
        (KIND.CASH_ON_DELIVERY, TERM.CASH, 0, False),
        (KIND.REFUND, TERM.CASH, 0, True),
        *((kind, TERM.CASH, 30, False) for kind in sorted(WITHOUT_BANK)),
    ],
)
def test_kinds_fit_their_terms(kind: PaymentKind, term: PaymentTerm, deposit: int, fits: bool) -> None:
    """R-152: what somebody records makes sense for how the order is paid."""
    family: PaymentFamily = FAMILY_OF_TERM[term]
    if fits:
        check_kind(kind, term, family, Decimal(deposit))
    else:
        with pytest.raises(PaymentRefused):
            check_kind(kind, term, family, Decimal(deposit))


@given(
    amount=st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2),
    kind=st.sampled_from(PaymentKind),
)
def test_signs(amount: Decimal, kind: PaymentKind) -> None:
    """Money that leaves an order lowers what is paid, all other raises it."""
    assert signed(kind, amount) == (-amount if kind in OUTGOING else amount)


@pytest.mark.parametrize("kind", sorted(OUTGOING))
def test_no_more_goes_back_than_came(kind: PaymentKind) -> None:
    """R-152."""
    check_outgoing(kind, Decimal(10), Decimal(10), Decimal(10))
    with pytest.raises(PaymentRefused, match=r"exceeds the 10"):
        check_outgoing(kind, Decimal("10.01"), Decimal(10), Decimal(10))


def test_too_much_and_too_little() -> None:
    """R-060: both are named to the cent, and refused where there is none."""
    assert surplus(Decimal(100), Decimal("100.01")) == Decimal("0.01")
    assert acceptable_shortfall(Decimal(100), Decimal(95), Decimal(5)) == Decimal(5)
    for refused in (
        lambda: surplus(Decimal(100), Decimal(100)),
        lambda: acceptable_shortfall(Decimal(100), Decimal(100), Decimal(5)),
        lambda: acceptable_shortfall(Decimal(100), Decimal("94.99"), Decimal(5)),
        lambda: check_balance_use(Decimal(11), Decimal(10), Decimal(20)),
        lambda: check_balance_use(Decimal(10), Decimal(10), Decimal(9)),
        lambda: converted(Decimal(10), ZERO, "USD", "CNY"),
    ):
        with pytest.raises(PaymentRefused):
            refused()


@given(
    received=st.decimals(min_value=Decimal("0.01"), max_value=10**7, places=2),
    rate=st.decimals(min_value=Decimal("0.0001"), max_value=1000, places=6),
)
def test_other_currencies_become_cents(received: Decimal, rate: Decimal) -> None:
    """The written rule: round_money(received * rate), within half a cent of the exact product."""
    amount = converted(received, rate, "USD", "CNY")
    assert amount == round_money(amount)
    assert abs(amount - received * rate) <= Decimal("0.005")
