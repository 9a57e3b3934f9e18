"""U8's amounts of a sale line (u8-openapi 2.1, the worked examples of its sources K1-K3 and D2)."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.integrations.u8.rounding import (
    PriceRule,
    SaleLineAmounts,
    amounts_from_taxed_price,
    lines_for_gross,
)
from order_flow.integrations.u8.settings import Rounding

FOUR = PriceRule()


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "decimals", "expected"),
    [
        ("20", "33.33", "17", 4, ("28.4870", "569.74", "96.86", "666.60")),
        ("17", "33.33", "17", 4, ("28.4871", "484.28", "82.33", "566.61")),
        ("1", "2.45", "3", 2, ("2.38", "2.38", "0.07", "2.45")),
        ("2", "100", "17", 2, ("85.47", "170.94", "29.06", "200.00")),
    ],
)
def test_published_examples(
    quantity: str, price: str, rate: str, decimals: int, expected: tuple[str, str, str, str]
) -> None:
    """u8-openapi 2.1: the same taxed price gives different untaxed prices for other quantities."""
    unit, net, tax, gross = map(D, expected)
    assert amounts_from_taxed_price(
        D(quantity), D(price), D(rate), PriceRule(price_decimals=decimals)
    ) == SaleLineAmounts(
        quantity=D(quantity), taxed_price=D(price), untaxed_price=unit, net=net, tax=tax, gross=gross
    )


def test_halves_follow_the_ledgers_mode() -> None:
    """u8-openapi 7.12: the mode for halves is unknown, so it is a setting."""
    assert PriceRule(rounding=Rounding.HALF_UP).money(D("0.125")) == D("0.13")
    assert PriceRule(rounding=Rounding.HALF_EVEN).money(D("0.125")) == D("0.12")


def test_an_exact_price_stays_one_line() -> None:
    lines = lines_for_gross(D(3), D("10.00"), D(13), FOUR)
    assert [(line.quantity, line.taxed_price, line.gross) for line in lines] == [
        (D(3), D("3.3333"), D("10.00"))
    ]


def test_a_price_that_cannot_be_written_splits_the_line_by_one_step() -> None:
    """3,000 pieces for 1,000.00: 3000 x 0.3333 = 999.90, so 1,000 of them cost one step more."""
    lines = lines_for_gross(D(3000), D("1000.00"), D(13), FOUR)
    assert [(line.quantity, line.taxed_price, line.gross) for line in lines] == [
        (D(2000), D("0.3333"), D("666.60")),
        (D(1000), D("0.3334"), D("333.40")),
    ]


def test_two_halves_that_would_both_round_up_leave_the_rest_to_one_unit() -> None:
    """101 for 0.50: 50 x 0.0049 and 51 x 0.0050 both end in half a cent and would come to 0.51."""
    lines = lines_for_gross(D(101), D("0.50"), D(13), FOUR)
    assert [(line.quantity, line.taxed_price, line.gross) for line in lines] == [
        (D(100), D("0.0049"), D("0.49")),
        (D(1), D("0.01"), D("0.01")),
    ]


def test_a_free_line_costs_nothing() -> None:
    assert [line.gross for line in lines_for_gross(D(2), D(0), D(13), FOUR)] == [D("0.00")]


@pytest.mark.parametrize(
    ("quantity", "gross"), [("0", "1.00"), ("-1", "1.00"), ("1", "-1.00"), ("1", "1.001")]
)
def test_impossible_lines_are_refused(quantity: str, gross: str) -> None:
    with pytest.raises(ValueError, match="a line needs a quantity above zero"):
        lines_for_gross(D(quantity), D(gross), D(13), FOUR)


@given(
    quantity=st.decimals("0.0001", "100000", places=4),
    gross=st.decimals("0", "10000000", places=2),
    rate=st.sampled_from([D(0), D(3), D(6), D(9), D(13), D("16.5")]),
    decimals=st.integers(2, 6),
    mode=st.sampled_from(list(Rounding)),
)
def test_every_amount_is_met_exactly_and_the_identity_holds(
    quantity: D, gross: D, rate: D, decimals: int, mode: Rounding
) -> None:
    """u8-openapi 2.1: gross = net + tax, and what U8 recomputes is what was sold, to the cent."""
    rule = PriceRule(price_decimals=decimals, rounding=mode)
    lines = lines_for_gross(quantity, gross, rate, rule)
    assert sum(line.gross for line in lines) == gross
    assert sum(line.quantity for line in lines) == quantity
    assert len(lines) <= 2
    for line in lines:
        assert line.net + line.tax == line.gross
        assert line.taxed_price == line.taxed_price.quantize(rule.price_step)
        assert line == amounts_from_taxed_price(line.quantity, line.taxed_price, rate, rule)


@given(st.integers(1, 10_000), st.integers(0, 100_000_00))
def test_whole_quantities_of_any_amount(quantity: int, cents: int) -> None:
    lines = lines_for_gross(D(quantity), D(cents).scaleb(-2), D(13), FOUR)
    assert sum(line.gross for line in lines) == D(cents).scaleb(-2)
    assert max(line.taxed_price for line in lines) >= min(line.taxed_price for line in lines) >= 0
