"""Working time over China's holidays, worked weekends, month and year ends (R-224..R-253)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.clocks.china_days import is_published, last_published_year, official_day
from order_flow.domain.clocks.working_time import (
    LONGEST_REST_DAYS,
    Interval,
    NoWorkingTime,
    WorkingCalendar,
    add_working,
    closing,
    is_certain,
    is_working_day,
    ordinary_day,
    shift_working_days,
    stretches,
    working_between,
)

CHINA = WorkingCalendar(known_until=last_published_year())
PLAIN = WorkingCalendar(official=ordinary_day)
SHANGHAI = ZoneInfo("Asia/Shanghai")

moments = st.datetimes(datetime(2023, 12, 1), datetime(2027, 2, 28)).map(
    lambda moment: moment.replace(microsecond=0)
)
spans = st.integers(1, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
calendars = st.sampled_from(
    [
        CHINA,
        PLAIN,
        WorkingCalendar(intervals=(Interval(time(0), time(23, 59)),), weekly_rest=frozenset()),
        WorkingCalendar(weekly_rest=frozenset({6}), exceptions={date(2026, 3, 3): False}),
    ]
)


@pytest.mark.parametrize(
    "day, works",
    [
        (date(2025, 10, 1), False),  # National Day, a Wednesday
        (date(2025, 10, 8), False),  # a day off in lieu, a Wednesday
        (date(2025, 10, 11), True),  # a Saturday that is worked for it
        (date(2025, 9, 28), True),  # a Sunday that is worked for it
        (date(2026, 2, 14), True),  # a Saturday before the Spring Festival
        (date(2026, 2, 16), False),  # New Year's Eve of the lunar calendar
        (date(2026, 11, 25), True),  # an ordinary Wednesday
        (date(2026, 11, 28), False),  # an ordinary Saturday
    ],
)
def test_the_state_council_decides(day: date, works: bool) -> None:
    assert is_working_day(CHINA, day) is works


def test_own_days_win_over_the_public_calendar() -> None:
    own = WorkingCalendar(exceptions={date(2025, 10, 1): True, date(2025, 10, 11): False})
    assert is_working_day(own, date(2025, 10, 1))
    assert not is_working_day(own, date(2025, 10, 11))


def test_beyond_the_published_years_only_weekends_count_and_it_is_said() -> None:
    """ADR 0015: never silent."""
    unknown = last_published_year() + 1
    assert is_published(unknown - 1)
    assert not is_published(unknown)
    assert official_day(date(unknown, 10, 1)) is None
    day = date(unknown, 10, 1)
    assert is_working_day(CHINA, day) is (day.weekday() < 5)
    assert not is_certain(CHINA, datetime(unknown, 1, 1))
    assert is_certain(CHINA, datetime(unknown - 1, 12, 31, 23, 59))
    assert is_certain(PLAIN, datetime(unknown, 1, 1))


def test_friday_afternoon_goes_on_on_monday() -> None:
    """R-226: four hours from Friday 16:30 end on Monday 11:00."""
    assert add_working(CHINA, datetime(2026, 11, 20, 16, 30), timedelta(hours=4)) == datetime(
        2026, 11, 23, 11, 0
    )


def test_a_worked_weekend_counts() -> None:
    """2025-10-11 is a worked Saturday after the National Day holidays."""
    assert add_working(CHINA, datetime(2025, 10, 10, 17, 0), timedelta(hours=2)) == datetime(
        2025, 10, 11, 9, 30
    )


def test_a_span_ends_with_the_closing_not_with_the_next_opening() -> None:
    assert add_working(CHINA, datetime(2026, 11, 25, 17, 0), timedelta(hours=1)) == datetime(
        2026, 11, 25, 18, 0
    )


@given(calendars, moments, spans)
def test_adding_is_the_inverse_of_measuring(
    calendar: WorkingCalendar, start: datetime, span: timedelta
) -> None:
    assert working_between(calendar, start, add_working(calendar, start, span)) == span


@given(calendars, moments, spans)
def test_the_end_lies_in_working_time(calendar: WorkingCalendar, start: datetime, span: timedelta) -> None:
    end = add_working(calendar, start, span)
    assert end > start
    assert any(opens <= end <= closes for opens, closes in stretches(calendar, end.date()))


@given(calendars, moments, moments, spans, spans)
def test_later_starts_and_longer_spans_never_end_earlier(
    calendar: WorkingCalendar, one: datetime, other: datetime, short: timedelta, long: timedelta
) -> None:
    first, second = sorted((one, other))
    shorter, longer = sorted((short, long))
    assert add_working(calendar, first, shorter) <= add_working(calendar, second, longer)


@given(calendars, moments, moments, moments)
def test_measuring_adds_up(calendar: WorkingCalendar, a: datetime, b: datetime, c: datetime) -> None:
    whole = working_between(calendar, a, c)
    assert working_between(calendar, a, b) + working_between(calendar, b, c) == whole
    assert working_between(calendar, c, a) == -whole


@given(calendars, moments.map(datetime.date), st.integers(-30, 30))
def test_shifted_days_are_working_days_and_so_many(calendar: WorkingCalendar, day: date, count: int) -> None:
    shifted = shift_working_days(calendar, day, count)
    low, high = sorted((day, shifted))
    between = [low + timedelta(days=number) for number in range((high - low).days + 1)]
    worked = [one for one in between if one != day and is_working_day(calendar, one)]
    assert len(worked) == abs(count)
    assert count == 0 or is_working_day(calendar, shifted)


@given(moments.map(datetime.date))
def test_closing_is_the_end_of_the_last_stretch(day: date) -> None:
    ends = [end for _, end in stretches(CHINA, day)]
    assert closing(CHINA, day) == (ends[-1] if ends else datetime.combine(day, time(23, 59, 59)))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))
def test_shanghai_has_no_daylight_saving_time(moment: datetime) -> None:
    """Local times without a zone are safe only because of this."""
    local = moment.replace(tzinfo=UTC).astimezone(SHANGHAI)
    assert local.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "calendar",
    [WorkingCalendar(intervals=()), WorkingCalendar(weekly_rest=frozenset(range(7)), official=ordinary_day)],
)
def test_a_calendar_in_which_nobody_works_is_refused(calendar: WorkingCalendar) -> None:
    """And does not search for ever."""
    assert LONGEST_REST_DAYS < 1000
    with pytest.raises(NoWorkingTime, match="no working time"):
        add_working(calendar, datetime(2026, 11, 25, 9, 0), timedelta(minutes=1))
