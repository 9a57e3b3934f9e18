"""Counting at the door, deviations of the ship date, claims in time (R-249, R-303, K-19, K-22)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.goods.delivery import (
    COMPLAINTS,
    ROLES_TOLD,
    CaseKind,
    DeliveryRefused,
    counted,
    deviation,
    in_time,
)
from order_flow.domain.states import Role

D = Decimal
SHIPPED = {"1": D(3), "2": D("1.5")}


def test_what_is_not_named_came_in_full() -> None:
    count = counted(SHIPPED, {})
    assert (count.received, count.missing, count.nothing_came) == (SHIPPED, {}, False)


def test_what_is_missing_is_named() -> None:
    count = counted(SHIPPED, {"1": D(1)})
    assert count.missing == {"1": D(2)}
    assert count.received == {"1": D(1), "2": D("1.5")}


def test_a_refused_receipt_takes_nothing() -> None:
    assert counted(SHIPPED, {"1": D(0), "2": D(0)}).nothing_came


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"1": D(4)}, "4 would be received, but only 3 was shipped"),
        ({"1": D(-1)}, "-1 is below zero"),
        ({"9": D(1)}, "no line 9"),
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, Decimal], words: str) -> None:
    with pytest.raises(DeliveryRefused, match=words):
        counted(SHIPPED, said)


@given(st.dictionaries(st.sampled_from("12"), st.decimals(0, "1.5", places=1)))
def test_received_and_missing_make_up_what_was_shipped(said: dict[str, Decimal]) -> None:
    count = counted(SHIPPED, said)
    for line, quantity in SHIPPED.items():
        assert count.received[line] + count.missing.get(line, D(0)) == quantity


@pytest.mark.parametrize(
    ("planned", "tolerance", "days"),
    [
        (None, 0, 0),
        (date(2026, 11, 26), 0, 0),
        (date(2026, 11, 24), 2, 0),
        (date(2026, 11, 23), 2, 3),
        (date(2026, 11, 29), 2, -3),
        (date(2026, 11, 25), 0, 1),
    ],
)
def test_a_deviation_counts_beyond_the_tolerance(planned: date | None, tolerance: int, days: int) -> None:
    """R-249, K-19: two days at ADD, none elsewhere; early counts as well."""
    assert deviation(planned, date(2026, 11, 26), tolerance) == days


@pytest.mark.parametrize(
    ("until", "open_"), [(None, True), (date(2026, 11, 26), True), (date(2026, 11, 25), False)]
)
def test_claims_are_open_to_the_last_day(until: date | None, open_: bool) -> None:
    """K-22."""
    assert in_time(date(2026, 11, 26), until) is open_


def test_every_kind_of_trouble_comes_to_somebody() -> None:
    assert set(ROLES_TOLD) == set(CaseKind)
    assert all(ROLES_TOLD.values())
    assert ROLES_TOLD[CaseKind.DAMAGE] == (Role.AFTER_SALES, Role.LOGISTICS, Role.FINANCE)
    assert CaseKind.DELAY not in COMPLAINTS
