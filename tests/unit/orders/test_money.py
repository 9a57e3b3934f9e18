"""Amounts: worked examples and properties over many orders (R-044, u8-openapi 2.1, wdt-openapi 2.1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.amounts import (
    LARGEST,
    ZERO,
    checked_number,
    line_amounts,
    order_amounts,
    round_money,
    share_out,
    split_tax,
    to_decimal,
)
from order_flow.domain.errors import NumberRefused

MONEY = st.decimals(min_value=0, max_value=10**7, places=2)
PRICES = st.decimals(min_value="0.01", max_value=10**5, places=4)
QUANTITIES = st.decimals(min_value="0.001", max_value=10**4, places=3)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "1", "3", "6", "9", "13")])


@pytest.mark.parametrize(
    "amount, rounded",
    [("2.345", "2.35"), ("2.344", "2.34"), ("-2.345", "-2.35"), ("0.005", "0.01"), ("1.005", "1.01")],
)
def test_halves_go_away_from_zero(amount: str, rounded: str) -> None:
    """One rounding rule, exact where binary floats fail (1.005)."""
    assert round_money(Decimal(amount)) == Decimal(rounded)


def test_a_float_means_its_shortest_text() -> None:
    """What JSON and the database give is taken as it reads, not as it is stored."""
    assert to_decimal(0.1) + to_decimal(0.2) == Decimal("0.3")
    assert (to_decimal(None), to_decimal("")) == (ZERO, ZERO)


@pytest.mark.parametrize(
    "value", ["abc", "1,5", float("nan"), float("inf"), "-inf", "NaN", True, [1], {}, "0x1"]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    """R-386: text, NaN and infinity never reach a sum; the refusal names field and value."""
    with pytest.raises(NumberRefused, match=r"Amount: .* is not a number"):
        checked_number(value, "Amount")


@pytest.mark.parametrize("value", [1e30, "1000000000000", -1e13])
def test_what_no_column_holds_is_refused(value: object) -> None:
    """R-386: refused here, not by the database in the middle of a save."""
    with pytest.raises(NumberRefused, match="is beyond"):
        checked_number(value, "Amount")
    assert checked_number(LARGEST, "Amount") == LARGEST


@given(gross=MONEY, rate=RATES)
def test_net_and_tax_add_up(gross: Decimal, rate: Decimal) -> None:
    """gross = net + tax always, to the cent (u8-openapi 2.1)."""
    net, tax = split_tax(gross, rate)
    assert net + tax == gross
    assert round_money(net) == net
    assert abs(net * (100 + rate) / 100 - gross) <= Decimal("0.02")


@given(quantity=QUANTITIES, price=PRICES, rate=RATES, included=st.booleans())
def test_a_line_is_whole_cents(quantity: Decimal, price: Decimal, rate: Decimal, included: bool) -> None:
    """Every amount is rounded where it becomes one, and the customer's amount is the line with tax."""
    line = line_amounts(quantity, price, ZERO, rate, tax_included=included)
    assert all(round_money(value) == value for value in (line.amount, line.tax, line.gross))
    assert line.gross == (line.amount if included else line.amount + line.tax)
    assert line.amount == round_money(quantity * price)


@given(
    lines=st.lists(st.tuples(QUANTITIES, PRICES, RATES), min_size=1, max_size=20),
    freight=MONEY,
    fees=MONEY,
    discount=MONEY,
)
def test_the_total_is_the_sum_of_what_is_shown(
    lines: list[tuple[Decimal, Decimal, Decimal]], freight: Decimal, fees: Decimal, discount: Decimal
) -> None:
    """Total = lines with tax + freight + fees - discount, no cent beside it (R-044)."""
    computed = [line_amounts(q, p, ZERO, rate, tax_included=False) for q, p, rate in lines]
    order = order_amounts(computed, freight, fees, discount)
    assert order.total == sum(line.gross for line in computed) + freight + fees - discount
    assert order.tax_total == sum(line.tax for line in computed)


def test_worked_example() -> None:
    """3 pieces at 9.99 with 13 % in it, 1.50 off the line; freight 12, discount 5."""
    line = line_amounts(Decimal(3), Decimal("9.99"), Decimal("1.50"), Decimal(13), tax_included=True)
    assert (line.amount, line.tax, line.gross) == (Decimal("28.47"), Decimal("3.28"), Decimal("28.47"))
    assert order_amounts([line], Decimal(12), ZERO, Decimal(5)).total == Decimal("35.47")


@given(amount=MONEY, weights=st.lists(MONEY, min_size=1, max_size=30).filter(lambda w: sum(w) > 0))
def test_shares_add_up(amount: Decimal, weights: list[Decimal]) -> None:
    """Exactly; what weighs nothing gets nothing, and nobody pays for another's rounding (wdt-openapi 2.1)."""
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert share >= ZERO
        assert abs(share - amount * weight / total) <= Decimal("0.01")
        assert share == ZERO or weight > ZERO


def test_small_shares_are_not_paid_back_by_the_last_line() -> None:
    """Four parts of two cents, each rounded up by itself, would leave -0.02 for the last."""
    assert sum(share_out(Decimal("0.02"), [Decimal(1)] * 4)) == Decimal("0.02")
    assert min(share_out(Decimal("0.02"), [Decimal(1)] * 4)) == ZERO


def test_nothing_to_share_over() -> None:
    """An amount over lines worth nothing is a mistake of the caller."""
    with pytest.raises(ValueError, match="worth nothing"):
        share_out(Decimal(5), [ZERO, ZERO])
    assert share_out(ZERO, [ZERO]) == (ZERO,)
