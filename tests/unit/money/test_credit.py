"""Credit: limits and their days, what an order takes of them (R-160..R-165, K-21)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from order_flow.domain.amounts import ZERO
from order_flow.domain.money.credit import (
    AccountKind,
    Credit,
    CreditVerdict,
    RateUnknown,
    credit_verdict,
    in_company_currency,
)

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


def test_an_amount_without_a_rate_is_unknown() -> None:
    """D2: absent is unknown, never 1 to 1; nothing is nothing in every currency."""
    assert in_company_currency(Decimal(100), Decimal("7.1")) == Decimal("710.00")
    assert in_company_currency(ZERO, ZERO) == ZERO
    for rate in (ZERO, Decimal(-1)):
        with pytest.raises(RateUnknown):
            in_company_currency(Decimal(100), rate)
