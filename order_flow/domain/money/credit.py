"""How much a customer may owe, what he owes, and whether one more order fits (R-163, K-21).

Amounts are in the company's currency: an order counts with the exchange rate it was entered with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.errors import OrderFlowError


class AccountKind(StrEnum):
    """Whether a customer pays before or after (R-014)."""

    CASH = "Cash"
    CREDIT = "Credit"


class Assessment(StrEnum):
    """What finance thinks of a customer's or a large order's credit (R-160, R-161)."""

    OPEN = "Not Assessed"
    PASSED = "Passed"
    FAILED = "Failed"


class CreditVerdict(StrEnum):
    """Whether an order fits a customer's credit."""

    WITHIN = "Within"
    NOT_GRANTED = "Not Granted"
    EXPIRED = "Expired"
    OVER_LIMIT = "Over Limit"


@dataclass(frozen=True, slots=True)
class Credit:
    """What finance granted a customer."""

    kind: AccountKind
    limit: Decimal = ZERO
    valid_until: date | None = None
    """The last day; None is without end."""
    temporary_limit: Decimal = ZERO
    """A raise by request and approval (R-164); it replaces the limit where it is higher."""
    temporary_until: date | None = None

    def limit_on(self, day: date) -> Decimal | None:
        """Return how much may be owed on a day.

        Returns:
            The amount, None where no limit is valid on that day.
        """
        limits = []
        if self.valid_until is None or day <= self.valid_until:
            limits.append(self.limit)
        if self.temporary_until is not None and day <= self.temporary_until:
            limits.append(self.temporary_limit)
        return max(limits, default=None)


def credit_verdict(credit: Credit, exposure: Decimal, order_amount: Decimal, day: date) -> CreditVerdict:
    """Tell whether an order fits: exposure + order within a limit that is valid (R-163).

    Args:
        credit: what was granted.
        exposure: what the customer's other orders take of it.
        order_amount: what this order takes of it.
        day: today.
    """
    if credit.kind is AccountKind.CASH:
        return CreditVerdict.NOT_GRANTED
    limit = credit.limit_on(day)
    if limit is None:
        return CreditVerdict.EXPIRED
    return CreditVerdict.WITHIN if exposure + order_amount <= limit else CreditVerdict.OVER_LIMIT


class RateUnknown(OrderFlowError):
    """An amount in another currency without a rate: nobody knows what it is worth."""

    code = "rate_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The order is in another currency and has no exchange rate, so nobody knows what it is worth. "
            "Enter the rate; for a confirmed order an administrator does."
        )


def in_company_currency(amount: Decimal, exchange_rate: Decimal) -> Decimal:
    """An order's amount in the company's currency.

    Args:
        amount: in the order's currency.
        exchange_rate: company currency for one unit of it, as entered on the order; 1 for an order in the
            company's own currency, 0 where nobody entered one.

    Returns:
        The amount to the cent; 0 is 0 in every currency.

    Raises:
        RateUnknown: there is an amount and no rate.
    """
    if not amount:
        return ZERO
    if exchange_rate <= ZERO:
        raise RateUnknown
    return round_money(amount * exchange_rate)
