"""Turns the time of this process and of its database connection together."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Self

import frappe
import time_machine


class TurnedClock:
    """Stands still until it is moved: here, in simulators of this process, and in the database.

    Args:
        start: aware time the day begins at.
    """

    def __init__(self, start: datetime) -> None:
        self._travel = time_machine.travel(start, tick=False)
        self.start = start
        self.now = start

    def __enter__(self) -> Self:
        self._place = self._travel.start()
        self.move_to(self.start)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._travel.stop()
        frappe.db.sql("SET timestamp = DEFAULT")

    def move_to(self, moment: datetime) -> None:
        """Let time pass up to a moment (aware)."""
        self.now = moment
        self._place.move_to(moment)
        # A session variable of the database: UTC_TIMESTAMP() answers with it until it is set anew.
        frappe.db.sql("SET timestamp = %s", (moment.timestamp(),))
