"""What a cancellation may still reach once goods have left, and how WDT's answer is read (R-023, R-147)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.goods.calling_off import Reach, kept, reach_of, share, what_left
from order_flow.integrations.wdt.codes import TradeStatus
from order_flow.integrations.wdt.port import SalesTrade
from order_flow.integrations.wdt.state_map import cancelled_beside, left_without_rest
from order_flow.sync.wdt.cancel import judge
from tests.unit.sync.comparison_samples import trade, trade_line
from tests.unit.wdt.wdt_samples import line, order

TOLD = order(line(1, "3", "10"), line(2, "2", "25"))
ORDERED = {"L0001": Decimal(3), "L0002": Decimal(2)}
QUANTITIES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 5).map(Decimal))


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 5).map(Decimal), min_size=1), QUANTITIES)
def test_nothing_that_is_out_is_called_off(ordered: dict[str, Decimal], left: dict[str, Decimal]) -> None:
    """What stays is what is out, never more than was ordered; the reach follows from it."""
    staying = kept(ordered, left)
    assert all(quantity == min(left[line], ordered[line]) > 0 for line, quantity in staying.items())
    assert (reach_of(ordered, left) is Reach.WHOLE) == (not staying)
    assert (reach_of(ordered, left) is Reach.NOTHING) == (staying == ordered)


def test_both_sides_count_the_same_goods() -> None:
    """A parcel that the desk and WDT know is one parcel."""
    assert what_left({"a": Decimal(1)}, {"a": Decimal(2), "b": Decimal(1)}) == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("amount", "part", "whole", "expected"),
    [("10", "1", "3", "3.33"), ("10", "3", "3", "10.00"), ("0", "1", "3", "0.00"), ("5", "0", "0", "5")],
)
def test_a_discount_is_shared(amount: str, part: str, whole: str, expected: str) -> None:
    """To the cent; without a whole there is nothing to share."""
    assert share(Decimal(amount), Decimal(part), Decimal(whole)) == Decimal(expected)


def some(
    status: TradeStatus, first: str, second: str = "0", *, off: bool = False, number: str = "JY1"
) -> SalesTrade:
    """A trade with some of both lines; taken out of it where it is off."""
    lines = [
        trade_line(oid, quantity, "1", "1", **({"actual_quantity": Decimal(0)} if off else {}))
        for oid, quantity in (("L0001", first), ("L0002", second))
        if Decimal(quantity)
    ]
    return replace(trade(status, tuple(lines)), trade_no=number)


SHIPPED, REVIEW, WAREHOUSE, CANCELLED = (
    TradeStatus.SHIPPED,
    TradeStatus.CUSTOMER_REVIEW,
    TradeStatus.REVIEWED,
    TradeStatus.CANCELLED,
)


@pytest.mark.parametrize(
    ("trades", "agreed", "left"),
    [
        ((some(SHIPPED, "3", "2"),), False, {"L0001": 3, "L0002": 2}),
        ((some(SHIPPED, "3"), some(SHIPPED, "0", "2", number="JY2")), False, {"L0001": 3, "L0002": 2}),
        ((some(CANCELLED, "3", "2", off=True),), True, {}),
        ((some(SHIPPED, "1"), some(CANCELLED, "2", "2", off=True, number="JY2")), True, {"L0001": 1}),
        ((some(SHIPPED, "1"), some(REVIEW, "2", "2", off=True, number="JY2")), True, {"L0001": 1}),
    ],
)
def test_wdt_s_answer(trades: tuple[SalesTrade, ...], agreed: bool, left: dict[str, int]) -> None:
    """All gone is no; a part gone and the rest stopped is yes, with what is out."""
    outcome = judge(TOLD, trades, 0)
    assert outcome is not None
    assert (outcome.agreed, outcome.left) == (agreed, left)


@pytest.mark.parametrize(
    "waiting", [some(WAREHOUSE, "2", "2", off=True, number="JY2"), some(REVIEW, "2", "2")]
)
def test_a_part_that_may_still_leave_is_waited_for(waiting: SalesTrade) -> None:
    """Zeroed lines in the warehouse are a request; a part that left says nothing of the other."""
    assert judge(TOLD, (some(SHIPPED, "1"), waiting), 9999) is None


def test_the_rest_is_off_only_when_every_piece_is_accounted_for() -> None:
    """A trade that was not read may still be on its way."""
    part = some(SHIPPED, "1")
    rest = some(CANCELLED, "2", "2", off=True, number="JY2")
    tid = "SO-0001"
    assert left_without_rest((part, rest), tid, ORDERED) == {"L0001": 1}
    assert left_without_rest((part,), tid, ORDERED) == {}
    assert left_without_rest((rest,), tid, ORDERED) == {}
    assert left_without_rest((part, some(REVIEW, "2", "2", number="JY2")), tid, ORDERED) == {}
    assert left_without_rest((some(SHIPPED, "3", "2"),), tid, ORDERED) == {}


def test_a_part_that_was_cancelled_beside_goods_that_wait_is_known() -> None:
    """All gone, all off and all there ask nobody; what was not read is on no side."""
    tid = "SO-0001"
    waits = some(REVIEW, "1")
    off = some(CANCELLED, "2", "2", off=True, number="JY2")
    assert cancelled_beside((waits, off), tid, ORDERED) == {"L0001": 2, "L0002": 2}
    assert cancelled_beside((some(SHIPPED, "1"), off), tid, ORDERED) == {}
    assert cancelled_beside((off,), tid, ORDERED) == {}
    assert cancelled_beside((waits,), tid, ORDERED) == {}
