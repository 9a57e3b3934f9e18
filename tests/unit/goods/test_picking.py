"""Standard picking times and the picking sequence (R-270 to R-273; the exercise of requirements 2.5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.goods.picking import (
    Packing,
    PickJob,
    PickLine,
    UnitKind,
    line_seconds,
    order_seconds,
    plan,
    units_of,
    workload,
)

D = Decimal
LAYER, CARTON, PIECE = UnitKind
TIMES = ((LAYER, 60), (CARTON, 12), (PIECE, 4))
PALLET = Packing(pieces_per_carton=12, cartons_per_layer=10, seconds=TIMES, search_seconds=30)
MORNING = datetime(2018, 1, 9, 8)


@pytest.mark.parametrize(
    ("quantity", "units"),
    [
        ("5", {PIECE: 5}),
        ("12", {CARTON: 1}),
        ("13", {CARTON: 1, PIECE: 1}),
        ("120", {LAYER: 1}),
        ("259", {LAYER: 2, CARTON: 1, PIECE: 7}),
        ("2.5", {PIECE: 3}),
        ("0", {PIECE: 0}),
    ],
)
def test_a_quantity_is_taken_in_the_largest_units(quantity: str, units: dict[UnitKind, int]) -> None:
    assert units_of(PickLine("P", D(quantity), PALLET)) == units


def test_a_kind_without_a_time_is_picked_as_the_next_smaller_one() -> None:
    only_pieces = Packing(pieces_per_carton=12, cartons_per_layer=10, seconds=((PIECE, 4),))
    assert units_of(PickLine("P", D(120), only_pieces)) == {PIECE: 120}


def test_the_exercise_of_the_slides() -> None:
    """Four lines in cartons: units by their time, a search a line, the paperwork once."""
    by_carton = Packing(pieces_per_carton=1, seconds=((CARTON, 12),), search_seconds=30)
    lines = [
        PickLine(name, D(cartons), by_carton)
        for name, cartons in (("奶", 50), ("烟", 10), ("油", 30), ("饼", 30))
    ]
    assert [line_seconds(line) for line in lines] == [630, 150, 390, 390]
    assert order_seconds(lines, paperwork_seconds=180) == 1740


def job(order: str, due: datetime | None, minutes: int) -> PickJob:
    return PickJob(order, due, timedelta(minutes=minutes))


def test_the_sequence_follows_due_time_then_duration() -> None:
    noon = MORNING.replace(hour=12)
    jobs = [job("C", None, 5), job("B", noon, 30), job("A", noon, 10), job("D", MORNING, 40)]
    planned = plan(jobs, MORNING, 1)
    assert [entry.job.order for entry in planned] == ["D", "A", "B", "C"]
    assert [entry.is_late for entry in planned] == [True, False, False, False]
    assert planned[-1].starts == MORNING + timedelta(minutes=80)


def test_two_people_pick_side_by_side() -> None:
    planned = plan([job("A", None, 30), job("B", None, 30), job("C", None, 30)], MORNING, 2)
    assert [entry.starts for entry in planned] == [MORNING, MORNING, MORNING + timedelta(minutes=30)]
    with pytest.raises(ValueError, match="at least one"):
        plan([], MORNING, 0)


def test_the_workload_of_each_day() -> None:
    tomorrow = MORNING + timedelta(days=1)
    jobs = [job("A", MORNING, 30), job("B", tomorrow, 20), job("C", MORNING, 10), job("D", None, 5)]
    planned = plan(jobs, MORNING, 1)
    assert workload(planned) == {
        "2018-01-09": timedelta(minutes=40),
        "2018-01-10": timedelta(minutes=20),
        "": timedelta(minutes=5),
    }


_jobs = st.lists(
    st.builds(
        job,
        st.text("ABCDEF", min_size=1, max_size=4),
        st.none() | st.datetimes(datetime(2018, 1, 9), datetime(2018, 1, 12)),
        st.integers(0, 300),
    ),
    max_size=8,
    unique_by=lambda found: found.order,
)


@given(_jobs, st.integers(1, 4), st.randoms())
def test_nobody_picks_two_orders_at_once_and_nothing_is_forgotten(
    jobs: list[PickJob], pickers: int, random: object
) -> None:
    planned = plan(jobs, MORNING, pickers)
    shuffled = list(jobs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan(shuffled, MORNING, pickers) == planned
    assert sorted(entry.job.order for entry in planned) == sorted(found.order for found in jobs)
    for moment in {entry.starts for entry in planned}:
        busy = [entry for entry in planned if entry.starts <= moment < entry.ends]
        assert len(busy) <= pickers
    worked = sum(workload(planned).values(), timedelta())
    assert worked == sum((found.duration for found in jobs), timedelta())
