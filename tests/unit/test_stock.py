"""What can still be promised of a stock, how a quantity is taken from warehouses (R-061, R-264, R-266)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.stock import Bin, StockSource, Taken, counts_against, reduced, take

READ_AT = datetime(2026, 11, 26, 9)
BEFORE, AFTER = READ_AT - timedelta(minutes=1), READ_AT + timedelta(minutes=1)
D = Decimal


@pytest.mark.parametrize(
    ("source", "read_at", "known", "counts"),
    [
        (StockSource.WDT, READ_AT, None, True),
        (StockSource.WDT, READ_AT, AFTER, True),
        (StockSource.WDT, READ_AT, BEFORE, False),
        (StockSource.WDT, READ_AT, READ_AT, False),
        (StockSource.WDT, None, BEFORE, True),
        (StockSource.HAND, READ_AT, BEFORE, True),
    ],
)
def test_a_claim_counts_until_wdts_own_figure_leaves_it_out(
    source: StockSource, read_at: datetime | None, known: datetime | None, counts: bool
) -> None:
    assert counts_against(read_at, known, source) is counts


def test_the_warehouse_with_the_smallest_number_gives_first() -> None:
    bins = {"P": [Bin("B", D(5), 2), Bin("A", D(5), 2), Bin("C", D(5), 1)]}
    taken, short = take([("line", "P", D(12))], bins)
    assert taken == (
        Taken("line", "P", "C", D(5)),
        Taken("line", "P", "A", D(5)),
        Taken("line", "P", "B", D(2)),
    )
    assert short == {}


def test_lines_of_one_product_share_what_is_there_in_their_order() -> None:
    taken, short = take([("1", "P", D(3)), ("2", "P", D(3))], {"P": [Bin("A", D(4))]})
    assert [(part.line, part.quantity) for part in taken] == [("1", D(3)), ("2", D(1))]
    assert short == {"2": D(2)}


def test_a_product_that_nobody_keeps_is_neither_taken_nor_short() -> None:
    assert take([("1", "made to order", D(3))], {"P": [Bin("A", D(4))]}) == ((), {})


def test_what_was_promised_twice_gives_nothing() -> None:
    assert take([("1", "P", D(1))], {"P": [Bin("A", D(-2))]}) == ((), {"1": D(1)})


_quantities = st.decimals(0, 50, places=1)
_bins = st.lists(st.builds(Bin, st.sampled_from("ABC"), st.decimals(-5, 30, places=1), st.integers(0, 2)),
                 max_size=3, unique_by=lambda stock: stock.warehouse)  # fmt: skip


@given(st.lists(_quantities, max_size=6), _bins)
def test_never_more_than_there_is_and_every_piece_accounted_for(
    wanted: list[Decimal], bins: list[Bin]
) -> None:
    taken, short = take([(str(n), "P", quantity) for n, quantity in enumerate(wanted)], {"P": bins})
    for stock in bins:
        from_it = sum((part.quantity for part in taken if part.warehouse == stock.warehouse), D(0))
        assert D(0) <= from_it <= max(stock.free, D(0))
    for number, quantity in enumerate(wanted):
        got = sum((part.quantity for part in taken if part.line == str(number)), D(0))
        assert got + short.get(str(number), D(0)) == quantity
        assert got >= 0


def test_too_much_is_given_back_the_newest_first() -> None:
    changes, missing = reduced([("r1", "1", D(3)), ("r2", "1", D(4))], {"1": D(5), "2": D(1)})
    assert changes == {"r2": D(2)}
    assert missing == {"2": D(1)}


def test_a_line_that_is_gone_gives_everything_back() -> None:
    assert reduced([("r1", "1", D(3))], {}) == ({"r1": D(0)}, {})


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), _quantities), max_size=8),
    st.dictionaries(st.sampled_from("xyz"), _quantities),
)
def test_what_is_kept_and_what_is_missing_is_what_is_wanted(
    held: list[tuple[str, Decimal]], wanted: dict[str, Decimal]
) -> None:
    rows = [(f"r{number}", line, quantity) for number, (line, quantity) in enumerate(held)]
    changes, missing = reduced(rows, wanted)
    for line in "xyz":
        kept = sum((changes.get(name, quantity) for name, of, quantity in rows if of == line), D(0))
        assert kept <= wanted.get(line, D(0))
        if line in wanted:
            assert kept + missing.get(line, D(0)) == wanted[line]
