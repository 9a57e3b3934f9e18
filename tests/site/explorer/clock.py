"""One turned clock for everything that takes part: database, framework, call limits and both simulators."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import time
from typing import Any

import frappe
import frappe.utils.data

from order_flow import site_time
from order_flow.outbox.limiter import SharedRateLimiter
from simulators.core import RunningServer
from simulators.core.clock import STAMPS, StampMode

PERIOD = 60.0
"""Seconds over which calls are counted."""


class TurnedClock:
    """Time that only moves forward, by steps of a schedule.

    Args:
        servers: the simulators; they stamp their records with the same time.
    """

    def __init__(self, *servers: RunningServer) -> None:
        self._servers = servers
        self._ahead = 0.0
        self.calls: dict[str, deque[float]] = {}
        self._later: list[tuple[float, Callable[[], None]]] = []

    def start(self) -> None:
        """Let the simulators stamp with turned time, and take their offset over after a reset."""
        self._later.clear()
        for server in self._servers:
            server.simulator.settings.update({STAMPS: StampMode.SIMULATED.value})
            server.simulator.clock.advance(max(0.0, self._ahead - server.simulator.clock.offset))
        self.turn(0.0)

    def turn(self, seconds: float) -> None:
        """Let time pass everywhere.

        Args:
            seconds: how long, not negative.
        """
        self._ahead += seconds
        for server in self._servers:
            server.simulator.clock.advance(seconds)
        frappe.db.sql("SET timestamp = %s", (self.now(),))
        _set_ahead(timedelta(seconds=self._ahead))
        due = [happen for when, happen in self._later if when <= self._ahead]
        self._later = [(when, happen) for when, happen in self._later if when > self._ahead]
        for happen in due:
            happen()

    def later(self, seconds: float, happen: Callable[[], None]) -> None:
        """Let something happen over there when so much time has passed."""
        self._later.append((self._ahead + seconds, happen))

    @property
    def expects(self) -> bool:
        """Whether something is still to happen."""
        return bool(self._later)

    def now(self) -> float:
        """Seconds since 1970 by the turned clock."""
        return time() + self._ahead

    def wait_for_call(self, account: str, limit: int) -> float:
        """Count a call of an account as the shared limiter does; seconds to wait, 0 where it may be made."""
        calls, now = self.calls.setdefault(account, deque()), self.now()
        while calls and calls[0] <= now - PERIOD:
            calls.popleft()
        if len(calls) >= limit:
            return calls[0] + PERIOD - now
        calls.append(now)
        return 0.0


def _set_ahead(ahead: timedelta) -> None:
    frappe.utils.data.explorer_ahead = site_time.explorer_ahead = ahead


def _turned_now() -> datetime:
    # Runs with the globals of order_flow.site_time, in the place of its function.
    return datetime.now(site_zone()) + explorer_ahead  # type: ignore[name-defined,no-any-return]  # noqa: F821


def _turned_now_datetime() -> datetime:
    # Runs with the globals of frappe.utils.data, in the place of its function of this name.
    shown: Any = convert_utc_to_system_timezone(datetime.datetime.utcnow())  # type: ignore[name-defined,attr-defined]  # noqa: F821
    return shown.replace(tzinfo=None) + explorer_ahead  # type: ignore[name-defined,no-any-return]  # noqa: F821


@contextmanager
def turned_time(clock: TurnedClock) -> Iterator[None]:
    """Let the whole process live by a turned clock; everything is put back afterwards.

    These functions are imported by name all over, so their code is exchanged, not the names.
    """
    turned: dict[Any, Any] = {
        frappe.utils.data.now_datetime: _turned_now_datetime,
        site_time.site_now: _turned_now,
    }
    codes, take = {function: function.__code__ for function in turned}, SharedRateLimiter._take
    _set_ahead(timedelta())
    for function, other in turned.items():
        function.__code__ = other.__code__

    def counted_by_turned_time(limiter: Any, account: str) -> float:
        # Redis counts by its own clock, which nobody can turn.
        return clock.wait_for_call(account, limiter._limit)

    SharedRateLimiter._take = counted_by_turned_time  # type: ignore[method-assign]
    try:
        yield
    finally:
        for function, code in codes.items():
            function.__code__ = code
        SharedRateLimiter._take = take  # type: ignore[method-assign]
        frappe.db.sql("SET timestamp = DEFAULT")
