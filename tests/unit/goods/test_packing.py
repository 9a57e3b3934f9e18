"""Scanning into parcels and weighing: what is refused, and that nothing is lost (R-269, R-275, R-277)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.goods.packing import (
    PackLine,
    Tolerance,
    check_packed,
    check_weighed,
    computed_weight,
    scanned,
)
from order_flow.domain.goods.shipments import (
    ROLES_OF_SHIPMENT_STEP,
    SHIPMENT_AS_READ,
    SHIPMENT_BY_HAND,
    STEPS_BY_HAND,
    WAREHOUSE_STAGES,
    ShipmentState,
    ShipmentStep,
)

D = Decimal
CUP = PackLine("1", "CUP", "6901234567892", D(3))
LID = PackLine("2", "LID", "", D(2), D(1))


@pytest.mark.parametrize("code", ["CUP", "cup", " 6901234567892 "])
def test_goods_are_known_by_code_or_barcode(code: str) -> None:
    assert scanned([CUP, LID], code, D(2), 1) == (("1", D(2)),)


@pytest.mark.parametrize(
    ("code", "quantity", "parcel", "words"),
    [
        ("PLATE", 1, 1, "PLATE does not belong to this shipment.*CUP, LID"),
        ("LID", 2, 1, "LID: 2 would be packed, but 1 of 2 is missing"),
        ("CUP", 0, 1, "A quantity of 0 cannot be packed"),
        ("CUP", -1, 1, "A quantity of -1 cannot be packed"),
        ("CUP", 1, 0, "There is no parcel 0"),
        ("", 1, 1, "does not belong"),
    ],
)
def test_wrong_goods_and_quantities_do_not_get_in(code: str, quantity: int, parcel: int, words: str) -> None:
    """R-269, R-275."""
    with pytest.raises(ShipmentRefused, match=words):
        scanned([CUP, LID], code, D(quantity), parcel)


def test_one_too_many_of_a_packed_shipment_is_said_so() -> None:
    with pytest.raises(ShipmentRefused, match="PLATE is one too many"):
        scanned([PackLine("1", "CUP", "", D(1), D(1))], "PLATE", D(1), 1)


def test_one_article_on_two_lines_fills_the_first_one_first() -> None:
    lines = [PackLine("1", "CUP", "", D(2), D(1)), PackLine("2", "CUP", "", D(2))]
    assert scanned(lines, "CUP", D(2), 1) == (("1", D(1)), ("2", D(1)))


def test_what_is_not_packed_does_not_leave() -> None:
    with pytest.raises(ShipmentRefused, match="CUP 0/3, LID 1/2"):
        check_packed([CUP, LID])
    check_packed([PackLine("1", "CUP", "", D(3), D(3))])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.lists(st.integers(1, 4), max_size=12))
def test_never_more_is_packed_than_was_wanted(wanted: list[int], scans: list[int]) -> None:
    packed = [D(0)] * len(wanted)
    for quantity in scans:
        lines = [
            PackLine(str(number), "CUP", "", D(want), packed[number]) for number, want in enumerate(wanted)
        ]
        try:
            added = scanned(lines, "CUP", D(quantity), 1)
        except ShipmentRefused:
            assert quantity > sum((line.missing for line in lines), D(0))
            continue
        assert sum((part for _line, part in added), D(0)) == quantity
        for line, part in added:
            packed[int(line)] += part
    assert all(D(0) <= got <= want for got, want in zip(packed, wanted, strict=True))


def test_a_weight_that_nobody_knows_is_compared_with_nothing() -> None:
    assert computed_weight([(D(2), D("0.5")), (D(1), D(0))]) is None
    assert computed_weight([(D(2), D("0.5")), (D(1), D(3))]) == D(4)
    check_weighed({1: D(0)}, None)


def test_parcels_that_were_not_weighed_stay() -> None:
    with pytest.raises(ShipmentRefused, match="Parcel 2 has not been weighed"):
        check_weighed({1: D(2), 2: D(0)}, D(4))


@pytest.mark.parametrize(
    ("weighed", "computed", "covered"),
    [
        ("10.5", "10", True),
        ("10.51", "10", False),
        ("9.5", "10", True),
        ("1.3", "1", True),
        ("1.31", "1", False),
        ("7", None, True),
    ],
)
def test_scales_may_be_off_by_a_share_but_at_least_by_the_packing(
    weighed: str, computed: str | None, covered: bool
) -> None:
    tolerance = Tolerance(D(5), D("0.3"))
    assert tolerance.covers(D(weighed), D(computed) if computed else None) is covered


def test_by_hand_no_stage_is_skipped() -> None:
    """R-277: from each stage of the house one way leads on, and one out."""
    for state in WAREHOUSE_STAGES:
        assert len({step.target for step in STEPS_BY_HAND if step.source is state}) == 2
        assert SHIPMENT_BY_HAND.between(state, ShipmentState.VOIDED)
    assert not SHIPMENT_BY_HAND.between(ShipmentState.PICKING, ShipmentState.WEIGHING)


def test_every_step_by_hand_is_possible_at_all_and_somebodys() -> None:
    for step in STEPS_BY_HAND:
        assert step.target in SHIPMENT_AS_READ.targets_from(step.source)
    assert set(ROLES_OF_SHIPMENT_STEP) == set(ShipmentStep)
