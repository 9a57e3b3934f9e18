"""Working time: how long people have worked between two moments, and when so much working time has passed.

All moments are local times of the calendar's place without a zone, as the site stores them. Shanghai has
no daylight saving time (the last was in 1991), so local time never jumps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from order_flow.domain.clocks.china_days import official_day
from order_flow.domain.errors import OrderFlowError

ONE_DAY = timedelta(days=1)
NO_TIME = timedelta(0)
LAST_SECOND = time(23, 59, 59)
SATURDAY, SUNDAY = 5, 6
LONGEST_REST_DAYS = 366
"""A calendar without a working day for so long has none at all."""

OfficialDay = Callable[[date], bool | None]


class NoWorkingTime(OrderFlowError):
    """A calendar in which nobody ever works cannot measure a limit."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Part of a day in which people work."""

    opens: time
    closes: time


def ordinary_day(day: date) -> bool | None:
    """For places without a source of public holidays: every day is like its weekday."""
    return None


OFFICE_HOURS = (Interval(time(8, 30), time(12, 0)), Interval(time(13, 30), time(18, 0)))
"""Eight hours a day; the seeds define none, so this is a proposal that an administrator changes."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When people work."""

    intervals: tuple[Interval, ...] = OFFICE_HOURS
    """Ordered and apart from each other."""
    weekly_rest: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    """Weekdays, Monday is 0."""
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    """The company's own days: True works, False rests. They win over everything."""
    official: OfficialDay = official_day
    known_until: int = 0
    """Last year whose holidays are certain; 0 where there is no public source to wait for."""


def is_working_day(calendar: WorkingCalendar, day: date) -> bool:
    """Whether people work on a day: the company's own days first, then the State Council's, then the week."""
    if (own := calendar.exceptions.get(day)) is not None:
        return own
    if (official := calendar.official(day)) is not None:
        return official
    return day.weekday() not in calendar.weekly_rest


def is_certain(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Whether the holidays up to a moment are known; beyond it only weekends are (never silent, ADR 0015)."""
    return not calendar.known_until or moment.year <= calendar.known_until


def stretches(calendar: WorkingCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The working parts of a day, in order; none on a day of rest."""
    if is_working_day(calendar, day):
        for interval in calendar.intervals:
            yield datetime.combine(day, interval.opens), datetime.combine(day, interval.closes)


def working_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """Working time from one moment to another.

    Args:
        calendar: when people work.
        start: local time.
        end: local time.

    Returns:
        The working time; negative where the end lies before the start.
    """
    if end < start:
        return -working_between(calendar, end, start)
    first, last = start.date(), end.date()
    total = _worked_within(calendar, first, start, end)
    if first == last:
        return total
    # Whole days between need no look at their hours: a clock may be late for years.
    whole = (first + timedelta(days=number) for number in range(1, (last - first).days))
    days = sum(is_working_day(calendar, day) for day in whole)
    return total + days * day_length(calendar) + _worked_within(calendar, last, start, end)


def _worked_within(calendar: WorkingCalendar, day: date, start: datetime, end: datetime) -> timedelta:
    parts = (min(closes, end) - max(opens, start) for opens, closes in stretches(calendar, day))
    return sum((max(NO_TIME, part) for part in parts), NO_TIME)


def day_length(calendar: WorkingCalendar) -> timedelta:
    """Working time of a whole working day."""
    hours = (
        datetime.combine(date.min, part.closes) - datetime.combine(date.min, part.opens)
        for part in calendar.intervals
    )
    return sum(hours, NO_TIME)


def add_working(calendar: WorkingCalendar, start: datetime, span: timedelta) -> datetime:
    """The first moment by which so much working time has passed since a start.

    Args:
        calendar: when people work.
        start: local time, in or out of working time.
        span: working time; zero or less gives the start itself.

    Returns:
        A moment of working time: the closing rather than the next opening.

    Raises:
        NoWorkingTime: the calendar has no working time.
    """
    if span <= NO_TIME:
        return start
    day = start.date()
    while True:
        for opens, closes in stretches(calendar, day):
            begins = max(opens, start)
            if begins >= closes:
                continue
            if span <= closes - begins:
                return begins + span
            span -= closes - begins
        day = next_working_day(calendar, day)


def next_working_day(calendar: WorkingCalendar, day: date) -> date:
    """The first working day after a day.

    Raises:
        NoWorkingTime: none within a year.
    """
    return _nearest(calendar, day, ONE_DAY)


def _nearest(calendar: WorkingCalendar, day: date, step: timedelta) -> date:
    if calendar.intervals:
        for _ in range(LONGEST_REST_DAYS):
            day += step
            if is_working_day(calendar, day):
                return day
    raise NoWorkingTime("The working calendar has no working time. Give it hours and working days.")


def shift_working_days(calendar: WorkingCalendar, day: date, count: int) -> date:
    """The working day so many working days after (or before, for a negative count) a day.

    Args:
        calendar: when people work.
        day: not counted itself, as in contracts.
        count: working days; zero gives the day itself.

    Returns:
        The day.

    Raises:
        NoWorkingTime: the calendar has no working time.
    """
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day = _nearest(calendar, day, step)
    return day


def closing(calendar: WorkingCalendar, day: date) -> datetime:
    """Return when a working day ends; the last second of a day of rest."""
    ends = [closes for _, closes in stretches(calendar, day)]
    return ends[-1] if ends else end_of_day(day)


def end_of_day(day: date) -> datetime:
    """The last second of a calendar day."""
    return datetime.combine(day, LAST_SECOND)
