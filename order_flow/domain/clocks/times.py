"""When a clock is due, when people hear of it, how it stands and how it ended: pure functions.

Moments are local times of the site without a zone (see ``working_time``).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from order_flow.domain.clocks.model import (
    DAY_UNITS,
    WORKING_UNITS,
    Basis,
    ClockKind,
    ClockRule,
    ClockState,
    Purpose,
    Rung,
    Unit,
)
from order_flow.domain.clocks.working_time import (
    NO_TIME,
    WorkingCalendar,
    add_working,
    closing,
    day_length,
    end_of_day,
    is_certain,
    is_working_day,
    next_working_day,
    shift_working_days,
    working_between,
)

_SPANS: dict[Unit, timedelta] = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.CALENDAR_DAYS: timedelta(days=1),
    Unit.WORKING_MINUTES: timedelta(minutes=1),
    Unit.WORKING_HOURS: timedelta(hours=1),
}
WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Call:
    """One telling: when who hears of a clock."""

    rung: Rung
    at: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times of one clock, stored when it starts."""

    opens_at: datetime
    due_at: datetime
    calls: tuple[Call, ...]
    certain: bool
    """False where the due time lies beyond the years whose holidays are known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a clock ended."""

    state: ClockState
    overrun: timedelta
    """In the limit's own kind of time; zero where it was met."""


class Standing(StrEnum):
    """How a clock looks to a person (R-253)."""

    NOT_YET = "Not Yet"
    RUNNING = "Running"
    LATE = "Late"
    PAUSED = "Paused"
    MET = "Met"
    MISSED = "Missed"
    VOID = "Void"


def elapsed(calendar: WorkingCalendar, unit: Unit, start: datetime, end: datetime) -> timedelta:
    """Time from one moment to another, in the kind of time of a unit; negative backwards."""
    return working_between(calendar, start, end) if unit in WORKING_UNITS else end - start


def advanced(calendar: WorkingCalendar, unit: Unit, start: datetime, span: timedelta) -> datetime:
    """The moment by which so much time of a unit's kind has passed; the inverse of ``elapsed``."""
    if unit in WORKING_UNITS:
        return add_working(calendar, start, span)
    return start + max(NO_TIME, span)


def due_after(calendar: WorkingCalendar, start: datetime, amount: float, unit: Unit) -> datetime:
    """Return when a limit that runs from a start to the minute ends.

    Args:
        calendar: when people work.
        start: local time.
        amount: how many units.
        unit: of which kind; a working day is as long as the calendar's own day, a month ends with its day.

    Returns:
        The due time; for working units a moment of working time.
    """
    if unit is Unit.MONTHS:
        return end_of_day(add_months(start.date(), int(amount)))
    return advanced(calendar, unit, start, span_of(calendar, amount, unit))


def due_at_end_of_day(calendar: WorkingCalendar, start: datetime, amount: float, unit: Unit) -> datetime:
    """Return when a limit of whole days ends, counted as in contracts: the first not, the last to its end."""
    if unit is Unit.MONTHS:
        return end_of_day(add_months(start.date(), int(amount)))
    if unit is Unit.WORKING_DAYS:
        return _end_of_working_day(calendar, start, int(amount))
    return end_of_day(start.date() + timedelta(days=int(amount)))


def _end_of_working_day(calendar: WorkingCalendar, start: datetime, count: int) -> datetime:
    if count:
        return closing(calendar, shift_working_days(calendar, start.date(), count))
    if is_working_day(calendar, start.date()) and start <= closing(calendar, start.date()):
        return closing(calendar, start.date())
    return closing(calendar, next_working_day(calendar, start.date()))


def span_of(calendar: WorkingCalendar, amount: float, unit: Unit) -> timedelta:
    """Return how long so many units are; months have no fixed length and are no span."""
    if unit is Unit.WORKING_DAYS:
        return day_length(calendar) * amount
    return _SPANS[unit] * amount


def due_around(calendar: WorkingCalendar, anchor: date | datetime, amount: float, unit: Unit) -> datetime:
    """Return when a limit that is counted from a date ends.

    Args:
        calendar: when people work.
        anchor: the date, or the moment.
        amount: how many units after it; before it where negative.
        unit: days and months end with their day, hours and minutes at their moment.

    Returns:
        The due time.
    """
    day = anchor.date() if isinstance(anchor, datetime) else anchor
    if unit is Unit.WORKING_DAYS:
        return closing(calendar, shift_working_days(calendar, day, int(amount)))
    if unit is Unit.CALENDAR_DAYS:
        return end_of_day(day + timedelta(days=int(amount)))
    if unit is Unit.MONTHS:
        return end_of_day(add_months(day, int(amount)))
    moment = anchor if isinstance(anchor, datetime) else end_of_day(anchor)
    if amount < 0:
        return moment + span_of(calendar, amount, unit)
    return advanced(calendar, unit, moment, span_of(calendar, amount, unit))


def add_months(day: date, count: int) -> date:
    """The same day so many months later, or the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def schedule(
    rule: ClockRule,
    calendar: WorkingCalendar,
    at: datetime,
    anchor: date | datetime | None = None,
    purpose: Purpose = Purpose.ALARM,
) -> Schedule | None:
    """The times of a clock that starts now.

    Args:
        rule: the limit.
        calendar: when people work.
        at: when the start event happened.
        anchor: the date that the limit is counted from, where it is counted from one.
        purpose: the longer clock of a stretch speaks to the superior only, and only when it is due (K-09).

    Returns:
        The times; None where the date is not known yet, so that the clock does not run (R-007).
    """
    if rule.basis is Basis.AFTER_START:
        opens = at
        counted = due_at_end_of_day if rule.to_end_of_day else due_after
        due = counted(calendar, at, rule.amount, rule.unit)
    elif anchor is None:
        return None
    else:
        sign = -1 if rule.basis is Basis.BEFORE_DATE else 1
        due = due_around(calendar, anchor, sign * rule.amount, rule.unit)
        opens = _opening(rule, calendar, at, anchor)
    calls = tuple(
        Call(rung, _call_at(rung, calendar, rule.unit, max(at, opens), due))
        for rung in _ladder(rule, purpose)
        if rung.percent >= WHOLE or due > max(at, opens)
    )
    return Schedule(opens, due, calls, is_certain(calendar, due))


def _opening(rule: ClockRule, calendar: WorkingCalendar, at: datetime, anchor: date | datetime) -> datetime:
    if not rule.opens_amount:
        return at
    day = due_around(calendar, anchor, -rule.opens_amount, rule.unit)
    return datetime.combine(day.date(), datetime.min.time()) if rule.unit in DAY_UNITS else day


def _ladder(rule: ClockRule, purpose: Purpose) -> Iterable[Rung]:
    if rule.kind is ClockKind.PERIOD:
        return ()
    if purpose is Purpose.ESCALATION and rule.ladder:
        return (Rung(rule.ladder[-1].number, rule.ladder[-1].role),)
    return rule.ladder


def _call_at(rung: Rung, calendar: WorkingCalendar, unit: Unit, start: datetime, due: datetime) -> datetime:
    limit = max(NO_TIME, elapsed(calendar, unit, start, due))
    late = timedelta(minutes=rung.minutes_late)
    if rung.percent < WHOLE:
        return min(due, advanced(calendar, unit, start, limit * (rung.percent / WHOLE)))
    return advanced(calendar, unit, due, limit * (rung.percent / WHOLE - 1) + late)


def moved_on(
    calendar: WorkingCalendar, unit: Unit, moment: datetime, paused_at: datetime, resumed_at: datetime
) -> datetime:
    """Return where a due time or a call stands after a pause: what was left before it is left after it.

    Args:
        calendar: when people work.
        unit: the limit's unit.
        moment: the time before the pause.
        paused_at: when the pause began.
        resumed_at: when it ended.

    Returns:
        The moment itself where it had passed before the pause.
    """
    if moment <= paused_at:
        return moment
    return advanced(calendar, unit, resumed_at, elapsed(calendar, unit, paused_at, moment))


def outcome(
    rule: ClockRule,
    calendar: WorkingCalendar,
    *,
    opens_at: datetime,
    due_at: datetime,
    stopped_at: datetime,
) -> Outcome:
    """Return how a clock ends when it is stopped.

    Args:
        rule: its rule.
        calendar: when people work.
        opens_at: before it, some deeds are too early.
        due_at: the stored due time.
        stopped_at: when the deed was done; the begin of the pause for a clock that rests.

    Returns:
        Met, or Missed with the overrun.
    """
    if stopped_at > due_at and rule.kind is ClockKind.DEADLINE:
        return Outcome(ClockState.MISSED, elapsed(calendar, rule.unit, due_at, stopped_at))
    if rule.early_is_missed and stopped_at < opens_at:
        return Outcome(ClockState.MISSED, NO_TIME)
    return Outcome(ClockState.MET, NO_TIME)


def standing(state: ClockState, opens_at: datetime, due_at: datetime, now: datetime) -> Standing:
    """Return how a clock looks at a moment (R-253)."""
    if state is not ClockState.RUNNING:
        return Standing(state.value)
    if now > due_at:
        return Standing.LATE
    return Standing.NOT_YET if now < opens_at else Standing.RUNNING
