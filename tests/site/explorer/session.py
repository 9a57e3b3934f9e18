"""Plays schedules: one connection, both simulators in this process, one turned clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import frappe

from simulators.core import RunningServer, Store
from simulators.u8 import U8Simulator
from simulators.wdt.simulator import WdtSimulator
from tests.contract.u8.u8_fixtures import U8Caller
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.site.explorer.advice import follow_why
from tests.site.explorer.checks import Fault, faults_of
from tests.site.explorer.clock import TurnedClock, turned_time
from tests.site.explorer.over_http import Wire
from tests.site.explorer.schedules import ANSWERS, Schedule
from tests.site.explorer.setting import (
    ensure_accounts,
    ensure_masters,
    forget_earlier_runs,
    leave_no_stock,
)
from tests.site.explorer.speed import spared
from tests.site.explorer.world import Happened, Unclean, World, new_world


@dataclass(frozen=True, slots=True)
class Played:
    """How a schedule ended."""

    schedule: Schedule
    story: tuple[Happened, ...]
    faults: tuple[Fault, ...] = ()
    order: str = field(default="", compare=False)

    @property
    def kinds(self) -> frozenset[str]:
        """Which checks failed."""
        return frozenset(fault.check for fault in self.faults)


@dataclass
class Session:
    """Everything that schedules need, ready."""

    clock: TurnedClock
    wdt: WdtCaller
    u8: U8Caller
    wire: Wire | None = None
    """Takes a share of the advice over HTTP."""

    def begin(self, schedule: Schedule) -> World:
        """A fresh world with a placed order; whoever asks for it ends it."""
        frappe.set_user("Administrator")
        return new_world(schedule, self.clock, self.wdt, self.u8)

    def play(self, schedule: Schedule) -> Played:
        """Play one schedule, drain it, check it, follow ``why`` to its end and check it again."""
        world = self.begin(schedule)
        try:
            return Played(schedule, *_played(world, schedule, self.wire), world.order)
        finally:
            world.end()


def _played(
    world: World, schedule: Schedule, wire: Wire | None
) -> tuple[tuple[Happened, ...], tuple[Fault, ...]]:
    faults: list[Fault] = []
    try:
        world.play(schedule.acts)
        world.play(ANSWERS)
        world.drain()
        faults += faults_of(world)
        if not faults:
            faults += follow_why(world, wire)
    except Unclean as error:
        faults.append(Fault("clean", str(error)))
    except AssertionError as error:
        faults.append(Fault("rest", str(error)))
    return tuple(world.story), tuple(faults)


@contextmanager
def open_session(wire: Wire | None = None) -> Iterator[Session]:
    """Simulators and clock for a site; it must be connected already.

    Args:
        wire: takes a share of the advice over HTTP; None where no web server runs.
    """
    with (
        _served(WdtSimulator) as wdt_server,
        _served(U8Simulator) as u8_server,
        _turned(TurnedClock(wdt_server, u8_server)) as clock,
        spared(),
    ):
        forget_earlier_runs()
        ensure_masters()
        ensure_accounts(wdt_server.url, u8_server.url)
        try:
            yield Session(clock, WdtCaller(wdt_server.url), U8Caller(u8_server.url), wire)
        finally:
            leave_no_stock()


@contextmanager
def _served(kind: type[WdtSimulator] | type[U8Simulator]) -> Iterator[RunningServer]:
    store = Store(":memory:")
    with RunningServer(kind(store)) as server:
        yield server
    store.close()


@contextmanager
def _turned(clock: TurnedClock) -> Iterator[TurnedClock]:
    with turned_time(clock):
        yield clock
