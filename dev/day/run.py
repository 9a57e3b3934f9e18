"""Runs the day: minute by minute until every order completed and every side was compared once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import frappe

from dev.day.clock import TurnedClock
from dev.day.course import ORDERS_BY_HOUR, arrivals
from dev.day.news import Fact, Listener
from dev.day.outcome import DONE, Outcome, measure
from dev.day.setting import U8_ACCOUNT, WDT_ACCOUNT, far_sides
from dev.day.work import Machines, People
from dev.errors import HostError
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.comparison import Verdict

MINUTE: Final = timedelta(minutes=1)
MOST_MINUTES: Final = 4 * 24 * 60
"""A day that has not ended by then never will."""
PORTION: Final = 100


def _say(line: str) -> None:
    # A day takes long, and its output often goes to a file: a line is seen when it is told.
    print(line, flush=True)


def run_day(
    orders: int,
    start: datetime,
    say: Callable[[str], None] = _say,
    curve: tuple[int, ...] = ORDERS_BY_HOUR,
) -> Outcome:
    """Let a shop take orders for a day; every account has its shipped defaults.

    Args:
        orders: how many.
        start: aware time of the first minute.
        say: takes a line of progress now and then.
        curve: weight of each hour in which orders are placed.

    Returns:
        The figures.

    Raises:
        HostError: the day does not come to an end.
    """
    machines = Machines()
    with TurnedClock(start) as clock, far_sides() as sides, machines.taking_jobs():
        people, listener = People(arrivals(orders, start, curve)), Listener(sides)
        minutes = _work(orders, start, clock, people, machines, listener, say)
        say(f"day: {clock.now:%H:%M}  every order completed, comparing all of them")
        heard = listener.spread(clock.now)
        agreed = {
            side.value: _compare(people.orders, side, clock) for side in (AccountType.WDT, AccountType.U8)
        }
        return measure(people.orders, agreed, minutes, heard)


def _work(
    orders: int,
    start: datetime,
    clock: TurnedClock,
    people: People,
    machines: Machines,
    listener: Listener,
    say: Callable[[str], None],
) -> int:
    """Go through the day until nothing is left to do.

    Returns:
        How many minutes that took.
    """
    for number in range(MOST_MINUTES):
        clock.move_to(start + MINUTE * number)
        people.act(clock.now)
        listener.happened(clock.now)
        machines.minute(clock.now)
        listener.look(clock.now)
        if number % 60 == 0:
            _tell_progress(orders, clock, people, listener, say)
        if people.idle and not listener.waiting and _all_told():
            return number
    raise HostError(
        "The day does not end.",
        f"{len(people.orders)} orders after {MOST_MINUTES} minutes.",
        "Read Sync Outbox.",
    )


def _tell_progress(
    orders: int, clock: TurnedClock, people: People, listener: Listener, say: Callable[[str], None]
) -> None:
    heard = listener.spread(clock.now)
    longest = max(spread.longest for spread in heard.values())
    minutes = longest.total_seconds() / 60
    shipped = heard[Fact.SHIPPED].number
    say(
        f"day: {clock.now:%H:%M}  {len(people.orders)} of {orders} orders placed, {shipped} shipped, "
        f"longest wait {minutes:.0f} min"
    )


def _all_told() -> bool:
    accounts = ("in", (WDT_ACCOUNT, U8_ACCOUNT))
    left = frappe.db.count("Sync Outbox", {"account": accounts, "state": ("not in", DONE)})
    frappe.db.rollback()
    return not left


def _compare(orders: list[str], side: AccountType, clock: TurnedClock) -> int:
    """Compare every order once more, as many a minute as the account's calls allow.

    The hourly round rests meanwhile: it would make the calls that are left for comparing.

    Returns:
        How many agree.
    """
    left, agreed = list(orders), 0
    for _minute in range(MOST_MINUTES):
        if not left:
            return agreed
        clock.move_to(clock.now + MINUTE)
        reached = [one for one in reconcile(left[:PORTION], (side,)) if not one["stopped"]]
        agreed += sum(1 for one in reached if one["verdict"] == Verdict.AGREED.value)
        left = left[len(reached) :]
    raise HostError("The comparison does not end.", f"{len(left)} orders are left.", "Read Sync Position.")
