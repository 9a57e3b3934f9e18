"""Runs the day: minute by minute until every order completed and every side was compared once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import frappe

from dev.day.clock import TurnedClock
from dev.day.course import arrivals
from dev.day.outcome import DONE, Outcome, measure
from dev.day.setting import U8_ACCOUNT, WDT_ACCOUNT, far_sides
from dev.day.work import Machines, People
from dev.errors import HostError
from order_flow.outbox.registry import AccountType
from order_flow.sync.comparison import Verdict
from order_flow.sync.reconcile import reconcile

MINUTE: Final = timedelta(minutes=1)
MOST_MINUTES: Final = 4 * 24 * 60
"""A day that has not ended by then never will."""
PORTION: Final = 100


def run_day(orders: int, start: datetime, say: Callable[[str], None] = print) -> Outcome:
    """Let a shop take orders for a day; every account has its shipped defaults.

    Args:
        orders: how many.
        start: aware time of the first minute.
        say: takes a line of progress now and then.

    Returns:
        The figures.

    Raises:
        HostError: the day does not come to an end.
    """
    machines = Machines()
    with TurnedClock(start) as clock, far_sides(), machines.taking_jobs():
        people = People(arrivals(orders, start))
        for number in range(MOST_MINUTES):
            clock.move_to(start + MINUTE * number)
            people.act(clock.now)
            machines.minute(clock.now)
            if number % 60 == 0:
                say(f"day: {clock.now:%H:%M}  {len(people.orders)} orders placed")
            if people.idle and _all_told():
                break
        else:
            raise HostError(
                "The day does not end.",
                f"{len(people.orders)} orders after {MOST_MINUTES} minutes.",
                "Read Sync Outbox.",
            )
        minutes = number
        say(f"day: {clock.now:%H:%M}  every order completed, comparing all of them")
        agreed = {
            side.value: _compare(people.orders, side, clock, machines)
            for side in (AccountType.WDT, AccountType.U8)
        }
        return measure(people.orders, agreed, minutes)


def _all_told() -> bool:
    accounts = ("in", (WDT_ACCOUNT, U8_ACCOUNT))
    left = frappe.db.count("Sync Outbox", {"account": accounts, "state": ("not in", DONE)})
    frappe.db.rollback()
    return not left


def _compare(orders: list[str], side: AccountType, clock: TurnedClock, machines: Machines) -> int:
    """Compare every order once more, as many a minute as the account's calls allow.

    Returns:
        How many agree.
    """
    left, agreed = list(orders), 0
    for _minute in range(MOST_MINUTES):
        if not left:
            return agreed
        clock.move_to(clock.now + MINUTE)
        machines.minute(clock.now)
        reached = [one for one in reconcile(left[:PORTION], (side,)) if not one["stopped"]]
        agreed += sum(1 for one in reached if one["verdict"] == Verdict.AGREED.value)
        left = left[len(reached) :]
    raise HostError("The comparison does not end.", f"{len(left)} orders are left.", "Read Sync Position.")
