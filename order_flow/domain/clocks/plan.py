"""What an event does to the clocks of an order: which start, which stop, which start over. Pure.

Whatever the order in which events are told, and however often, the same clocks result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from order_flow.domain.clocks.model import (
    OPEN_STATES,
    ClockEvent,
    ClockKind,
    ClockRule,
    ClockState,
    Purpose,
    Restart,
)
from order_flow.domain.clocks.times import Outcome, Schedule, outcome
from order_flow.domain.clocks.working_time import NO_TIME, WorkingCalendar

Reference = tuple[str, str]
NO_REFERENCE: Reference = ("", "")


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of an order as it is stored."""

    name: str
    rule: str
    reference: Reference
    run: int
    state: ClockState
    opens_at: datetime
    due_at: datetime
    paused_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be stopped."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that begins."""

    rule: ClockRule
    run: int
    schedule: Schedule
    purpose: Purpose = Purpose.ALARM


@dataclass(frozen=True, slots=True)
class Stop:
    """A clock that ends."""

    clock: Clock
    outcome: Outcome


@dataclass(slots=True)
class Plan:
    """Everything that one event does."""

    starts: list[Start] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    answered_before: list[ClockRule] = field(default_factory=list)
    """Rules whose deed was done before their clock started: it never will."""


Scheduler = Callable[[ClockRule, Purpose], Schedule | None]
CalendarOf = Callable[[ClockRule], WorkingCalendar]


def plan(
    event: ClockEvent,
    rules: Sequence[ClockRule],
    clocks: Iterable[Clock],
    *,
    reference: Reference,
    at: datetime,
    scheduler: Scheduler,
    calendar_of: CalendarOf,
) -> Plan:
    """Plan what an event does to the clocks of an order.

    Args:
        event: what happened.
        rules: the rules that listen to it; those of whom it starts a clock apply to the order.
        clocks: the stored clocks of these rules on this order.
        reference: the paper it happened to; ``NO_REFERENCE`` for the order itself.
        at: when.
        scheduler: gives the times of a clock that would start now.
        calendar_of: gives the calendar of a rule.

    Returns:
        What to store.
    """
    result = Plan()
    known: dict[str, list[Clock]] = {}
    for clock in clocks:
        known.setdefault(clock.rule, []).append(clock)
    for rule in rules:
        same = [clock for clock in known.get(rule.code, ()) if _matches(clock.reference, reference)]
        exact = [clock for clock in same if clock.reference == reference]
        if event in rule.stops or (
            event is ClockEvent.ORDER_CANCELLED and rule.kind is ClockKind.DEADLINE and event != rule.start
        ):
            _stop(result, event, rule, same, at, calendar_of(rule))
            if event in rule.stops and rule.stop_may_come_first and not same:
                result.answered_before.append(rule)
        if event is rule.start:
            _start(result, rule, exact, at, scheduler, calendar_of)
        elif event is rule.moved_by:
            _move(result, rule, exact, at, scheduler, calendar_of)
    result.starts = _with_purposes(result.starts, scheduler)
    return result


def _matches(clock: Reference, told: Reference) -> bool:
    return NO_REFERENCE in (clock, told) or clock == told


def _stop(
    result: Plan,
    event: ClockEvent,
    rule: ClockRule,
    clocks: Iterable[Clock],
    at: datetime,
    calendar: WorkingCalendar,
) -> None:
    for clock in clocks:
        if not clock.is_open:
            continue
        ended = ended_as(rule, calendar, clock, at)
        if event not in rule.stops and ended.state is ClockState.MET:
            ended = Outcome(ClockState.VOID, NO_TIME)
        result.stops.append(Stop(clock, ended))


def ended_as(rule: ClockRule, calendar: WorkingCalendar, clock: Clock, at: datetime) -> Outcome:
    """How a clock ends when its deed is done at a moment; a clock that rests stands still since its pause."""
    return outcome(
        rule, calendar, opens_at=clock.opens_at, due_at=clock.due_at, stopped_at=clock.paused_at or at
    )


def _start(
    result: Plan,
    rule: ClockRule,
    clocks: Sequence[Clock],
    at: datetime,
    scheduler: Scheduler,
    calendar_of: CalendarOf,
) -> None:
    if clocks and rule.restart is Restart.ONCE:
        return
    running = [clock for clock in clocks if clock.is_open]
    if running and rule.restart is Restart.AFTER_STOP:
        return
    _begin(result, rule, clocks, running, at, scheduler, calendar_of)


def _move(
    result: Plan,
    rule: ClockRule,
    clocks: Sequence[Clock],
    at: datetime,
    scheduler: Scheduler,
    calendar_of: CalendarOf,
) -> None:
    """The date moved: a running clock starts over with it; one that ended stays as it is."""
    running = [clock for clock in clocks if clock.is_open]
    if running or not clocks:
        _begin(result, rule, clocks, running, at, scheduler, calendar_of)


def _begin(
    result: Plan,
    rule: ClockRule,
    clocks: Sequence[Clock],
    running: Sequence[Clock],
    at: datetime,
    scheduler: Scheduler,
    calendar_of: CalendarOf,
) -> None:
    times = scheduler(rule, Purpose.ALARM)
    if times is None:
        return
    last = max(clocks, key=lambda clock: clock.run, default=None)
    if last is not None and last.state is not ClockState.VOID and last.due_at == times.due_at:
        # The same fact, told again.
        return
    for clock in running:
        ended = ended_as(rule, calendar_of(rule), clock, at)
        late = ended.overrun > NO_TIME
        # What was late stays on record; what was not is simply replaced.
        result.stops.append(Stop(clock, ended if late else Outcome(ClockState.VOID, NO_TIME)))
    result.starts.append(Start(rule, last.run + 1 if last else 1, times))


def _with_purposes(starts: Sequence[Start], scheduler: Scheduler) -> list[Start]:
    """Let the shortest of several clocks that measure one stretch alarm, and the others escalate (K-09)."""
    shortest: dict[object, Start] = {}
    for start in starts:
        best = shortest.get(start.rule.stretch)
        if best is None or start.schedule.due_at < best.schedule.due_at:
            shortest[start.rule.stretch] = start
    result = []
    for start in starts:
        longer = start is not shortest[start.rule.stretch]
        times = scheduler(start.rule, Purpose.ESCALATION) if longer else None
        result.append(Start(start.rule, start.run, times, Purpose.ESCALATION) if times else start)
    return result
