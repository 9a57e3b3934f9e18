"""What events do to the clocks of an order, in any order and however often (R-253, K-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.clocks.model import (
    Basis,
    ClockEvent,
    ClockKind,
    ClockRule,
    ClockState,
    Purpose,
    Restart,
    Rung,
    Unit,
)
from order_flow.domain.clocks.plan import NO_REFERENCE, Clock, Plan, Reference, plan
from order_flow.domain.clocks.times import Schedule, schedule
from order_flow.domain.clocks.working_time import WorkingCalendar

CHINA = WorkingCalendar()
NOON = datetime(2026, 11, 25, 12, 0)
CHANGE, OTHER = ("Change Notice", "1"), ("Change Notice", "2")
RULE = ClockRule(
    code="R-230",
    start=ClockEvent.CUSTOMER_CHANGE,
    stops=frozenset({ClockEvent.CHANGE_ANSWERED}),
    amount=30,
    unit=Unit.MINUTES,
    owner="Sales",
    ladder=(Rung(1, "Sales"), Rung(2, "Sales Manager", 150)),
)


class Book:
    """The clocks of one order, kept as the database keeps them."""

    def __init__(self, *rules: ClockRule, anchor: date | None = None) -> None:
        self.rules = rules
        self.clocks: dict[tuple[str, Reference, int], Clock] = {}
        self.purposes: dict[str, Purpose] = {}
        self.anchor = anchor

    def tell(self, event: ClockEvent, after: float = 0, reference: Reference = NO_REFERENCE) -> Plan:
        """Tell an event so many minutes after noon."""
        at = NOON + timedelta(minutes=after)

        def times(rule: ClockRule, purpose: Purpose) -> Schedule | None:
            return schedule(rule, CHINA, at, self.anchor, purpose)

        result = plan(
            event,
            [rule for rule in self.rules if rule.listens_to(event)],
            list(self.clocks.values()),
            reference=reference,
            at=at,
            scheduler=times,
            calendar_of=lambda _rule: CHINA,
        )
        for entry in result.stops:
            clock = entry.clock
            key = (clock.rule, clock.reference, clock.run)
            self.clocks[key] = replace(self.clocks[key], state=entry.outcome.state)
        for rule in result.answered_before:
            self._keep(rule.code, reference, 1, ClockState.MET, at, at)
        for start in result.starts:
            times_of = start.schedule
            self.purposes[start.rule.code] = start.purpose
            self._keep(
                start.rule.code, reference, start.run, ClockState.RUNNING, times_of.opens_at, times_of.due_at
            )
        return result

    def _keep(
        self, rule: str, reference: Reference, run: int, state: ClockState, opens: datetime, due: datetime
    ) -> None:
        key = (rule, reference, run)
        if key not in self.clocks:  # the name is taken once
            self.clocks[key] = Clock(str(key), rule, reference, run, state, opens, due)

    def states(self, rule: str = RULE.code) -> list[ClockState]:
        """States of a rule's clocks, oldest first."""
        return [clock.state for clock in self.clocks.values() if clock.rule == rule]


def test_started_in_time_and_stopped() -> None:
    book = Book(RULE)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    assert book.states() == [ClockState.RUNNING]
    book.tell(ClockEvent.CHANGE_ANSWERED, 30)
    assert book.states() == [ClockState.MET]


def test_an_overrun_is_measured() -> None:
    book = Book(RULE)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    result = book.tell(ClockEvent.CHANGE_ANSWERED, 45)
    assert [stop.outcome.overrun for stop in result.stops] == [timedelta(minutes=15)]
    assert book.states() == [ClockState.MISSED]


def test_each_paper_has_its_own_clock() -> None:
    book = Book(RULE)
    for paper in (CHANGE, OTHER):
        book.tell(ClockEvent.CUSTOMER_CHANGE, reference=paper)
    book.tell(ClockEvent.CHANGE_ANSWERED, 5, CHANGE)
    assert book.states() == [ClockState.MET, ClockState.RUNNING]
    book.tell(ClockEvent.CHANGE_ANSWERED, 6)
    assert book.states() == [ClockState.MET, ClockState.MET]


events = st.lists(
    st.tuples(
        st.sampled_from([ClockEvent.CUSTOMER_CHANGE, ClockEvent.CHANGE_ANSWERED, ClockEvent.ORDER_CANCELLED]),
        st.sampled_from([NO_REFERENCE, CHANGE, OTHER]),
    ),
    max_size=12,
)


@given(events, st.sampled_from(Restart), st.booleans())
def test_whatever_the_order_of_events_one_clock_runs_at_most(
    told: Sequence[tuple[ClockEvent, Reference]], restart: Restart, first: bool
) -> None:
    """And telling an event twice at once changes nothing the second time."""
    book = Book(replace(RULE, restart=restart, stop_may_come_first=first))
    for minute, (event, reference) in enumerate(told):
        book.tell(event, minute, reference)
        before = dict(book.clocks)
        again = book.tell(event, minute, reference)
        assert book.clocks == before
        assert not again.starts
        for paper in (NO_REFERENCE, CHANGE, OTHER):
            open_clocks = [c for c in book.clocks.values() if c.reference == paper and c.is_open]
            assert len(open_clocks) <= 1
        runs = [(clock.reference, clock.run) for clock in book.clocks.values()]
        assert len(runs) == len(set(runs))
    book.tell(ClockEvent.CHANGE_ANSWERED, 99)
    assert not any(clock.is_open for clock in book.clocks.values())


@pytest.mark.parametrize("order", list(permutations(["start", "stop", "start", "stop"])))
def test_start_and_stop_in_any_order_leave_one_ended_clock(order: tuple[str, ...]) -> None:
    """A deed that is told before its start counts, where the rule says that this may be."""
    book = Book(replace(RULE, stop_may_come_first=True))
    for word in order:
        book.tell(ClockEvent.CUSTOMER_CHANGE if word == "start" else ClockEvent.CHANGE_ANSWERED)
    assert book.states() == [ClockState.MET]


def test_a_second_case_starts_anew_where_the_rule_says_so() -> None:
    book = Book(replace(RULE, restart=Restart.AFTER_STOP))
    for minute in (0, 10):
        book.tell(ClockEvent.CUSTOMER_CHANGE, minute)
        book.tell(ClockEvent.CHANGE_ANSWERED, minute + 5)
    assert book.states() == [ClockState.MET, ClockState.MET]


BEFORE_DATE = replace(
    RULE,
    code="R-235",
    start=ClockEvent.PROMISED_DATE_SET,
    stops=frozenset({ClockEvent.ORDER_SHIPPED}),
    basis=Basis.BEFORE_DATE,
    amount=2,
    unit=Unit.CALENDAR_DAYS,
    restart=Restart.LATEST,
)


def test_a_moved_date_starts_the_clock_over() -> None:
    """R-235, K-28: the clock follows the promised date."""
    book = Book(BEFORE_DATE, anchor=date(2026, 12, 10))
    book.tell(ClockEvent.PROMISED_DATE_SET)
    book.tell(ClockEvent.PROMISED_DATE_SET, 1)
    assert book.states("R-235") == [ClockState.RUNNING]
    book.anchor = date(2026, 12, 20)
    book.tell(ClockEvent.PROMISED_DATE_SET, 2)
    assert book.states("R-235") == [ClockState.VOID, ClockState.RUNNING]
    assert [clock.due_at.date() for clock in book.clocks.values()] == [date(2026, 12, 8), date(2026, 12, 18)]


def test_a_date_that_moves_after_its_clock_was_late_does_not_erase_the_overrun() -> None:
    """R-253: overrun recorded, not erasable."""
    book = Book(BEFORE_DATE, anchor=date(2026, 11, 26))
    book.tell(ClockEvent.PROMISED_DATE_SET)
    book.anchor = date(2026, 12, 20)
    result = book.tell(ClockEvent.PROMISED_DATE_SET, 60)
    assert book.states("R-235") == [ClockState.MISSED, ClockState.RUNNING]
    assert result.stops[0].outcome.overrun > timedelta(0)


def test_a_date_that_moves_does_not_start_a_clock_that_has_ended() -> None:
    rule = replace(BEFORE_DATE, start=ClockEvent.PLAN_RECEIVED, moved_by=ClockEvent.PROMISED_DATE_SET)
    book = Book(rule, anchor=date(2026, 12, 10))
    book.tell(ClockEvent.PLAN_RECEIVED)
    book.tell(ClockEvent.ORDER_SHIPPED, 5)
    book.anchor = date(2026, 12, 20)
    book.tell(ClockEvent.PROMISED_DATE_SET, 6)
    assert book.states("R-235") == [ClockState.MET]


def test_without_its_date_a_clock_waits_for_it() -> None:
    """R-007: a missing date leaves the clock off; it starts when the date comes."""
    rule = replace(BEFORE_DATE, moved_by=ClockEvent.PROMISED_DATE_SET, start=ClockEvent.PLAN_RECEIVED)
    book = Book(rule)
    book.tell(ClockEvent.PLAN_RECEIVED)
    assert book.states("R-235") == []
    book.anchor = date(2026, 12, 20)
    book.tell(ClockEvent.PROMISED_DATE_SET)
    assert book.states("R-235") == [ClockState.RUNNING]


def test_a_cancelled_order_voids_its_deadlines_but_not_its_periods() -> None:
    """R-382: records are kept although the order is called off."""
    period = replace(
        RULE, code="R-382", kind=ClockKind.PERIOD, stops=frozenset(), amount=36, unit=Unit.MONTHS
    )
    book = Book(RULE, period)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    book.tell(ClockEvent.ORDER_CANCELLED, 5)
    assert book.states() == [ClockState.VOID]
    assert book.states("R-382") == [ClockState.RUNNING]


def test_what_was_late_when_the_order_was_cancelled_stays_late() -> None:
    book = Book(RULE)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    book.tell(ClockEvent.ORDER_CANCELLED, 50)
    assert book.states() == [ClockState.MISSED]


def test_of_two_clocks_of_one_stretch_the_shorter_alarms() -> None:
    """K-09: R-224 and R-225 both run from receipt to confirmation."""
    hours = replace(RULE, code="R-224", amount=24, unit=Unit.HOURS)
    days = replace(RULE, code="R-225", amount=2, unit=Unit.WORKING_DAYS)
    elsewhere = replace(
        RULE, code="R-226", amount=90, unit=Unit.HOURS, stops=frozenset({ClockEvent.ORDER_PAID})
    )
    book = Book(days, hours, elsewhere)
    result = book.tell(ClockEvent.CUSTOMER_CHANGE)
    assert book.purposes == {
        "R-224": Purpose.ALARM,
        "R-225": Purpose.ESCALATION,
        "R-226": Purpose.ALARM,
    }
    told = {start.rule.code: [call.rung.role for call in start.schedule.calls] for start in result.starts}
    assert told["R-224"] == ["Sales", "Sales Manager"]
    assert told["R-225"] == ["Sales Manager"]


def test_a_clock_that_rests_is_judged_by_the_begin_of_its_pause() -> None:
    book = Book(RULE)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    (key,) = book.clocks
    book.clocks[key] = replace(
        book.clocks[key], state=ClockState.PAUSED, paused_at=NOON + timedelta(minutes=10)
    )
    book.tell(ClockEvent.CHANGE_ANSWERED, 500)
    assert book.states() == [ClockState.MET]


def test_the_same_month_is_told_every_day_and_assessed_once() -> None:
    """R-251: telling a fact again, even after its clock has ended, starts nothing."""
    monthly = replace(RULE, restart=Restart.LATEST, amount=1, unit=Unit.MONTHS)
    book = Book(monthly)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    book.tell(ClockEvent.CHANGE_ANSWERED, 5)
    book.tell(ClockEvent.CUSTOMER_CHANGE)
    assert book.states() == [ClockState.MET]
    book.tell(ClockEvent.CUSTOMER_CHANGE, 31 * 24 * 60)
    assert book.states() == [ClockState.MET, ClockState.RUNNING]
