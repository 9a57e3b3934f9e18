"""When clocks are due, when people hear, how they end (R-224..R-253, K-09, K-19, K-22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.clocks.model import (
    Basis,
    ClockEvent,
    ClockKind,
    ClockRule,
    ClockState,
    Condition,
    Purpose,
    Rung,
    Unit,
)
from order_flow.domain.clocks.times import (
    Schedule,
    Standing,
    add_months,
    due_after,
    due_around,
    due_at_end_of_day,
    elapsed,
    moved_on,
    outcome,
    schedule,
    span_of,
    standing,
)
from order_flow.domain.clocks.working_time import WorkingCalendar, stretches

CHINA = WorkingCalendar(known_until=2026)
FRIDAY = datetime(2026, 11, 20, 16, 30)
FOUR_HOURS = ClockRule(
    code="R-226-1",
    start=ClockEvent.ORDER_RECEIVED,
    stops=frozenset({ClockEvent.ORDER_CHECKED}),
    amount=4,
    unit=Unit.WORKING_HOURS,
    owner="Sales",
    ladder=(Rung(1, "Sales", 80), Rung(2, "Sales"), Rung(3, "Sales Manager", 150), Rung(4, "Boss", 100, 90)),
)
BEFORE_DATE = replace(
    FOUR_HOURS,
    basis=Basis.BEFORE_DATE,
    anchor_field="promised_date",
    amount=2,
    unit=Unit.CALENDAR_DAYS,
    opens_amount=3,
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda m: m.replace(microsecond=0))
straight_units = st.sampled_from([unit for unit in Unit if unit is not Unit.MONTHS])


def times(rule: ClockRule, at: datetime, **more: object) -> Schedule:
    """The schedule of a clock that runs."""
    found = schedule(rule, CHINA, at, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    "start, amount, unit, due",
    [
        (FRIDAY, 24, Unit.HOURS, datetime(2026, 11, 21, 16, 30)),
        (FRIDAY, 2, Unit.WORKING_DAYS, datetime(2026, 11, 24, 16, 30)),
        (FRIDAY, 4, Unit.WORKING_HOURS, datetime(2026, 11, 23, 11, 0)),
        (FRIDAY, 30, Unit.WORKING_MINUTES, datetime(2026, 11, 20, 17, 0)),
        (datetime(2026, 11, 21, 10), 30, Unit.WORKING_MINUTES, datetime(2026, 11, 23, 9, 0)),  # a Saturday
        (datetime(2026, 9, 30, 17), 2, Unit.WORKING_HOURS, datetime(2026, 10, 8, 9, 30)),  # National Day
        (datetime(2023, 1, 31, 9), 1, Unit.MONTHS, datetime(2023, 2, 28, 23, 59, 59)),
        (datetime(2024, 2, 29, 9), 36, Unit.MONTHS, datetime(2027, 2, 28, 23, 59, 59)),
    ],
)
def test_due_after_a_start(start: datetime, amount: float, unit: Unit, due: datetime) -> None:
    assert due_after(CHINA, start, amount, unit) == due


@pytest.mark.parametrize(
    "start, amount, unit, due",
    [
        (FRIDAY, 1, Unit.WORKING_DAYS, datetime(2026, 11, 23, 18, 0)),
        (FRIDAY, 0, Unit.WORKING_DAYS, datetime(2026, 11, 20, 18, 0)),  # the same day
        (datetime(2026, 11, 20, 19), 0, Unit.WORKING_DAYS, datetime(2026, 11, 23, 18, 0)),
        (datetime(2026, 11, 21, 9), 0, Unit.WORKING_DAYS, datetime(2026, 11, 23, 18, 0)),
        (datetime(2026, 9, 24, 9), 10, Unit.WORKING_DAYS, datetime(2026, 10, 15, 18, 0)),
        (FRIDAY, 3, Unit.CALENDAR_DAYS, datetime(2026, 11, 23, 23, 59, 59)),
        (FRIDAY, 1, Unit.MONTHS, datetime(2026, 12, 20, 23, 59, 59)),
    ],
)
def test_due_at_the_end_of_a_day(start: datetime, amount: float, unit: Unit, due: datetime) -> None:
    """The first day is not counted, the last counts to its end (R-250, K-22)."""
    assert due_at_end_of_day(CHINA, start, amount, unit) == due


@pytest.mark.parametrize(
    "anchor, amount, unit, due",
    [
        (date(2026, 12, 1), -2, Unit.CALENDAR_DAYS, datetime(2026, 11, 29, 23, 59, 59)),
        (date(2026, 12, 1), -7, Unit.CALENDAR_DAYS, datetime(2026, 11, 24, 23, 59, 59)),
        (date(2026, 10, 9), -5, Unit.WORKING_DAYS, datetime(2026, 9, 24, 18, 0)),  # R-238, two holidays
        (date(2026, 12, 1), 2, Unit.CALENDAR_DAYS, datetime(2026, 12, 3, 23, 59, 59)),
        (datetime(2026, 12, 1, 10), -3, Unit.HOURS, datetime(2026, 12, 1, 7)),
        (datetime(2026, 12, 1, 17), 2, Unit.WORKING_HOURS, datetime(2026, 12, 2, 9, 30)),
        (date(2026, 3, 31), -1, Unit.MONTHS, datetime(2026, 2, 28, 23, 59, 59)),
    ],
)
def test_due_around_a_date(anchor: date, amount: float, unit: Unit, due: datetime) -> None:
    assert due_around(CHINA, anchor, amount, unit) == due


@given(moments, straight_units, st.integers(1, 12))
def test_due_is_the_inverse_of_elapsed(start: datetime, unit: Unit, amount: int) -> None:
    due = due_after(CHINA, start, amount, unit)
    assert elapsed(CHINA, unit, start, due) == span_of(CHINA, amount, unit)
    if unit.value.startswith("Working"):
        assert any(opens <= due <= closes for opens, closes in stretches(CHINA, due.date()))


@given(moments, moments, st.sampled_from(Unit), st.integers(1, 24), st.integers(1, 24))
def test_due_is_monotone(one: datetime, other: datetime, unit: Unit, small: int, large: int) -> None:
    """A later start or a longer limit is never due earlier, to the minute or to the end of the day."""
    first, second = sorted((one, other))
    shorter, longer = sorted((small, large))
    assert due_after(CHINA, first, shorter, unit) <= due_after(CHINA, second, longer, unit)
    if unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS):
        assert due_at_end_of_day(CHINA, first, shorter, unit) <= due_at_end_of_day(
            CHINA, second, longer, unit
        )


@given(moments, straight_units, st.integers(1, 12), st.integers(0, 5000), st.integers(0, 5000))
def test_a_pause_leaves_what_was_left(
    start: datetime, unit: Unit, amount: int, used: int, rested: int
) -> None:
    """What remained before the pause remains after it; what was late already stays late."""
    due = due_after(CHINA, start, amount, unit)
    paused_at = start + timedelta(minutes=used)
    resumed_at = paused_at + timedelta(minutes=rested)
    moved = moved_on(CHINA, unit, due, paused_at, resumed_at)
    if due <= paused_at:
        assert moved == due
    else:
        assert moved >= due
        assert elapsed(CHINA, unit, resumed_at, moved) == elapsed(CHINA, unit, paused_at, due)


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(-60, 60))
def test_months_keep_the_day_or_take_the_last(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


def test_people_hear_at_their_share_of_the_limit() -> None:
    """R-253: 80 %, at the due time, at 150 %, and minutes late, all in working time."""
    found = times(FOUR_HOURS, datetime(2026, 11, 25, 8, 30))
    assert found.due_at == datetime(2026, 11, 25, 14, 0)
    assert [(call.rung.number, call.at) for call in found.calls] == [
        (1, datetime(2026, 11, 25, 11, 42)),
        (2, datetime(2026, 11, 25, 14, 0)),
        (3, datetime(2026, 11, 25, 16, 0)),
        (4, datetime(2026, 11, 25, 15, 30)),
    ]
    assert found.certain


@given(moments, st.sampled_from([30.0, 80.0, 100.0, 150.0, 200.0]), st.integers(0, 600))
def test_calls_come_in_the_order_of_their_shares(start: datetime, share: float, late: int) -> None:
    ladder = (Rung(1, "Sales", share), Rung(2, "Sales", share + 10), Rung(3, "Boss", 250, late))
    found = times(replace(FOUR_HOURS, ladder=ladder), start)
    moments_told = [call.at for call in found.calls]
    assert moments_told == sorted(moments_told)
    assert all((call.at <= found.due_at) is (call.rung.percent <= 100) for call in found.calls)


def test_the_longer_of_two_clocks_speaks_to_the_superior_when_it_is_due() -> None:
    """K-09."""
    found = times(FOUR_HOURS, FRIDAY, purpose=Purpose.ESCALATION)
    assert [(call.rung.role, call.at) for call in found.calls] == [("Boss", found.due_at)]


def test_without_its_date_a_clock_does_not_run() -> None:
    """R-007."""
    assert schedule(BEFORE_DATE, CHINA, FRIDAY, None) is None


def test_a_clock_before_a_date_opens_and_is_due() -> None:
    """R-235: followed up two to three days before the date."""
    found = times(BEFORE_DATE, FRIDAY, anchor=date(2026, 12, 1))
    assert (found.opens_at, found.due_at) == (datetime(2026, 11, 28), datetime(2026, 11, 29, 23, 59, 59))
    assert standing(ClockState.RUNNING, found.opens_at, found.due_at, FRIDAY) is Standing.NOT_YET
    assert found.calls[0].at > found.opens_at


def test_a_date_that_is_too_near_is_late_at_once() -> None:
    """The reminder before the due time has no time any more; the alarm is told at once."""
    found = times(BEFORE_DATE, FRIDAY, anchor=date(2026, 11, 20))
    assert found.due_at < FRIDAY
    assert [call.rung.number for call in found.calls] == [2, 3, 4]
    assert found.calls[0].at == found.due_at


def test_a_due_time_in_an_unpublished_year_says_so() -> None:
    assert not times(replace(FOUR_HOURS, amount=90, unit=Unit.WORKING_DAYS), FRIDAY).certain


def test_a_period_ends_in_silence() -> None:
    """R-250: nobody is late when the time for claims is over."""
    period = replace(FOUR_HOURS, kind=ClockKind.PERIOD)
    assert times(period, FRIDAY).calls == ()
    late = outcome(period, CHINA, opens_at=FRIDAY, due_at=FRIDAY, stopped_at=FRIDAY + timedelta(days=9))
    assert late.state is ClockState.MET


@pytest.mark.parametrize(
    "stopped, state, overrun",
    [
        (datetime(2026, 11, 20, 17, 0), ClockState.MET, timedelta(0)),
        (datetime(2026, 11, 20, 17, 30), ClockState.MET, timedelta(0)),
        (datetime(2026, 11, 23, 9, 0), ClockState.MISSED, timedelta(hours=1)),
    ],
)
def test_overrun_is_measured_in_the_limits_own_time(
    stopped: datetime, state: ClockState, overrun: timedelta
) -> None:
    """R-253: from Friday 17:30 to Monday 9:00 is one working hour."""
    due = datetime(2026, 11, 20, 17, 30)
    found = outcome(FOUR_HOURS, CHINA, opens_at=FRIDAY, due_at=due, stopped_at=stopped)
    assert (found.state, found.overrun) == (state, overrun)


@pytest.mark.parametrize(
    "shipped, state",
    [
        (date(2026, 11, 28), ClockState.MISSED),
        (date(2026, 11, 29), ClockState.MET),
        (date(2026, 12, 3), ClockState.MET),
        (date(2026, 12, 4), ClockState.MISSED),
    ],
)
def test_shipping_two_days_early_or_late_is_within_the_tolerance(shipped: date, state: ClockState) -> None:
    """R-249, K-19: at most two days to either side."""
    rule = replace(
        FOUR_HOURS,
        basis=Basis.AFTER_DATE,
        amount=2,
        unit=Unit.CALENDAR_DAYS,
        opens_amount=2,
        early_is_missed=True,
    )
    found = times(rule, FRIDAY, anchor=date(2026, 12, 1))
    moment = datetime.combine(shipped, datetime.min.time()) + timedelta(hours=10)
    ended = outcome(rule, CHINA, opens_at=found.opens_at, due_at=found.due_at, stopped_at=moment)
    assert ended.state is state


@pytest.mark.parametrize(
    "state, now, expected",
    [
        (ClockState.RUNNING, FRIDAY, Standing.RUNNING),
        (ClockState.RUNNING, FRIDAY + timedelta(days=2), Standing.LATE),
        (ClockState.PAUSED, FRIDAY + timedelta(days=2), Standing.PAUSED),
        (ClockState.MISSED, FRIDAY, Standing.MISSED),
    ],
)
def test_standing(state: ClockState, now: datetime, expected: Standing) -> None:
    """R-253: the state is shown."""
    assert standing(state, FRIDAY, FRIDAY + timedelta(days=1), now) is expected


@pytest.mark.parametrize(
    "condition, value, holds",
    [
        (Condition("urgency", frozenset({"", "Normal"})), None, True),
        (Condition("urgency", frozenset({"", "Normal"})), "Urgent", False),
        (Condition("product_type", excluded=frozenset({"Complete Equipment"})), "Valve", True),
        (Condition("product_type", excluded=frozenset({"Complete Equipment"})), "Complete Equipment", False),
    ],
)
def test_conditions(condition: Condition, value: str | None, holds: bool) -> None:
    """R-224, R-232: which orders a limit is for is data."""
    assert replace(FOUR_HOURS, conditions=(condition,)).applies_to({condition.fieldname: value}) is holds
