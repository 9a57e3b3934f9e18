"""Credit: limits and their days, what an order takes of them (R-160..R-165, K-21)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.credit import (
    AccountKind,
    Credit,
    CreditVerdict,
    credit_verdict,
    in_company_currency,
    owed_amount,
)
from order_flow.domain.money import ZERO, round_money
from order_flow.domain.states import OrderState, PaymentFamily

TODAY = date(2026, 11, 25)
YESTERDAY = TODAY - timedelta(days=1)
K1 = Decimal(1000)
K2 = Decimal(2000)


@pytest.mark.parametrize(
    "credit, exposure, order, expected",
    [
        (Credit(AccountKind.CASH, K1), ZERO, ZERO, CreditVerdict.NOT_GRANTED),
        (Credit(AccountKind.CREDIT, K1), ZERO, K1, CreditVerdict.WITHIN),
        (Credit(AccountKind.CREDIT, K1), Decimal("0.01"), K1, CreditVerdict.OVER_LIMIT),
        (Credit(AccountKind.CREDIT, K1, TODAY), ZERO, K1, CreditVerdict.WITHIN),
        (Credit(AccountKind.CREDIT, K1, YESTERDAY), ZERO, Decimal(1), CreditVerdict.EXPIRED),
        (Credit(AccountKind.CREDIT, K1, None, K2, TODAY), ZERO, K2, CreditVerdict.WITHIN),
        (Credit(AccountKind.CREDIT, K1, None, K2, YESTERDAY), ZERO, K2, CreditVerdict.OVER_LIMIT),
        (Credit(AccountKind.CREDIT, K1, YESTERDAY, K2, TODAY), ZERO, K2, CreditVerdict.WITHIN),
        (Credit(AccountKind.CREDIT, K2, None, K1, TODAY), ZERO, K2, CreditVerdict.WITHIN),
        (Credit(AccountKind.CREDIT), ZERO, Decimal("0.01"), CreditVerdict.OVER_LIMIT),
    ],
)
def test_verdicts(credit: Credit, exposure: Decimal, order: Decimal, expected: CreditVerdict) -> None:
    """R-163: exposure + order within the limit and the limit valid; a raise counts until its day (R-164)."""
    assert credit_verdict(credit, exposure, order, TODAY) is expected


@pytest.mark.parametrize(
    "state, family, expected",
    [
        (OrderState.UNCONFIRMED, PaymentFamily.PAY_LATER, "0"),
        (OrderState.UNDER_REVIEW, PaymentFamily.PAY_LATER, "0"),
        (OrderState.CONFIRMED, PaymentFamily.PAY_LATER, "60"),
        (OrderState.SHIPPED, PaymentFamily.PAY_LATER, "60"),
        (OrderState.COMPLETED, PaymentFamily.PAY_LATER, "60"),
        (OrderState.CANCELLED, PaymentFamily.PAY_LATER, "0"),
        (OrderState.VOIDED, PaymentFamily.PAY_LATER, "0"),
        (OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, "30"),
        (OrderState.PAID, PaymentFamily.PAY_FIRST, "30"),
    ],
)
def test_what_an_order_takes(state: OrderState, family: PaymentFamily, expected: str) -> None:
    """R-163: bound orders count in full where goods go first, else only what left unpaid. Paid is 40."""
    owed = owed_amount(state, family, Decimal(100), Decimal(70), Decimal(40))
    assert owed == Decimal(expected)


@given(
    total=st.decimals(min_value=0, max_value=10**7, places=2),
    shipped=st.decimals(min_value=0, max_value=10**7, places=2),
    paid=st.decimals(min_value=0, max_value=10**7, places=2),
    rate=st.decimals(min_value=0, max_value=100, places=6),
    state=st.sampled_from(OrderState),
    family=st.sampled_from(PaymentFamily),
)
def test_nothing_is_ever_owed_below_zero_or_in_parts_of_a_cent(
    total: Decimal, shipped: Decimal, paid: Decimal, rate: Decimal, state: OrderState, family: PaymentFamily
) -> None:
    """An overpaid order takes nothing of the others' credit; amounts are cents."""
    owed = in_company_currency(owed_amount(state, family, total, shipped, paid), rate)
    assert owed >= ZERO
    assert owed == round_money(owed)
