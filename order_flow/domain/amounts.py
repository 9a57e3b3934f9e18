"""Amounts of an order: one rounding rule, one place.

Rounding rule: every amount of money is rounded to two decimals, halves away from zero
(``ROUND_HALF_UP``), at the moment it becomes an amount: per line, never on a running sum. Shares of an
order-level amount are rounded per line and the last line takes what is left, so that the shares always
add up exactly (wdt-openapi 2.1). Tax is split from the gross amount as U8 does it (u8-openapi 2.1):
``net = round(gross / (1 + rate))``, ``tax = gross - net``; the identity gross = net + tax always holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import accumulate, pairwise

from order_flow.domain.errors import NumberRefused

CENT = Decimal("0.01")
ZERO = Decimal("0")
HUNDRED = Decimal("100")
LARGEST = Decimal("999999999999.99")
"""What the amount columns hold."""

_NOT_A_NUMBER = "{field}: '{value}' is not a number. Send plain digits, e.g. 12.50."
_TOO_LARGE = "{field}: {value} is beyond {limit}. Correct the number."


def to_decimal(value: object) -> Decimal:
    """Turn a number as the database or JSON gives it into a Decimal without binary noise.

    Args:
        value: int, float, str, Decimal, or None (taken as zero).

    Returns:
        The exact decimal of the value's shortest text form.

    Raises:
        decimal.InvalidOperation: the text is not a number.
    """
    if value is None or value == "":
        return ZERO
    return value if isinstance(value, Decimal) else Decimal(str(value))


def checked_number(value: object, field: str) -> Decimal:
    """Turn a number from outside into a Decimal, or say what is wrong with it.

    Args:
        value: int, float, str or Decimal; None and an empty text count as zero.
        field: what it is, for the refusal.

    Returns:
        A finite decimal of at most ``LARGEST``, either sign.

    Raises:
        NumberRefused: text, NaN, infinity, or too many digits.
    """
    try:
        number = to_decimal(value)
    except InvalidOperation as error:
        raise NumberRefused(_NOT_A_NUMBER, {"field": field, "value": value}) from error
    if not number.is_finite():
        raise NumberRefused(_NOT_A_NUMBER, {"field": field, "value": value})
    if abs(number) > LARGEST:
        raise NumberRefused(_TOO_LARGE, {"field": field, "value": value, "limit": LARGEST})
    return number


def round_money(amount: Decimal) -> Decimal:
    """Round an amount to cents, halves away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """What one order line costs: amounts in the order's currency, rounded to cents."""

    amount: Decimal
    """Quantity times price less the line's discount, as the price is meant (with or without tax)."""
    tax: Decimal
    gross: Decimal
    """What the customer pays for the line, tax included."""


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """The computed amounts of an order (R-044), in its currency, rounded to cents."""

    lines: tuple[LineAmounts, ...]
    lines_total: Decimal
    tax_total: Decimal
    total: Decimal


def split_tax(gross: Decimal, rate_percent: Decimal) -> tuple[Decimal, Decimal]:
    """Split a gross amount into net and tax (u8-openapi 2.1).

    Args:
        gross: amount with tax, already rounded to cents.
        rate_percent: tax rate in percent, e.g. ``Decimal("13")``.

    Returns:
        ``(net, tax)`` with ``net + tax == gross``.
    """
    net = round_money(gross * HUNDRED / (HUNDRED + rate_percent))
    return net, gross - net


def line_amounts(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, tax_percent: Decimal, *, tax_included: bool
) -> LineAmounts:
    """Compute one line.

    Args:
        quantity: ordered quantity in the line's unit.
        unit_price: price of one unit, in the order's currency.
        discount: amount taken off the line.
        tax_percent: tax rate in percent.
        tax_included: whether the price contains the tax, the usual way in domestic trade.

    Returns:
        The line's amount, tax and gross.
    """
    amount = round_money(quantity * unit_price - discount)
    if tax_included:
        return LineAmounts(amount=amount, tax=split_tax(amount, tax_percent)[1], gross=amount)
    tax = round_money(amount * tax_percent / HUNDRED)
    return LineAmounts(amount=amount, tax=tax, gross=amount + tax)


def order_amounts(
    lines: Iterable[LineAmounts], freight: Decimal, other_fees: Decimal, discount: Decimal
) -> OrderAmounts:
    """Add an order up: lines with tax, plus freight and fees, less the order's discount (R-044).

    Args:
        lines: the computed lines.
        freight: freight charged to the customer.
        other_fees: other charges.
        discount: discount on the whole order.

    Returns:
        The order's amounts.
    """
    computed = tuple(lines)
    gross = sum((line.gross for line in computed), ZERO)
    return OrderAmounts(
        lines=computed,
        lines_total=sum((line.amount for line in computed), ZERO),
        tax_total=sum((line.tax for line in computed), ZERO),
        total=round_money(gross + freight + other_fees - discount),
    )


def share_out(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Spread an amount over lines by weight.

    What is spread up to each line is rounded, and a line gets what that grew by: so no share has the other
    sign, and none is further than a cent from its exact part, however many lines there are.

    Args:
        amount: the amount to spread, rounded to cents.
        weights: one non-negative weight a line, usually the line's gross amount.

    Returns:
        One share a line; the shares add up to ``amount`` exactly.

    Raises:
        ValueError: there is something to spread and nothing to spread it over.
    """
    total = sum(weights, ZERO)
    if amount == ZERO:
        return tuple(ZERO for _ in weights)
    if total <= ZERO:
        raise ValueError("an amount cannot be spread over lines that are worth nothing")
    marks = [round_money(amount * reached / total) for reached in accumulate(weights)]
    return tuple(mark - before for before, mark in pairwise([ZERO, *marks]))
