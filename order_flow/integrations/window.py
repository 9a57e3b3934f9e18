"""A closed stretch of time that a stream of changes is read over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, both instants included; timezone-aware.

    Raises:
        ValueError: a bound has no timezone, or the end lies before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs bounds with a timezone; attach Asia/Shanghai first")
        if self.end < self.start:
            raise ValueError(f"a window cannot end ({self.end}) before it starts ({self.start})")

    def pieces(self, length: timedelta) -> Iterator[Window]:
        """Cut the window into pieces no longer than ``length``, oldest first.

        Neighbours share their boundary instant, because the far sides' intervals are closed and a record
        of that very second must not fall between two pieces (wdt-openapi 1.5).

        Args:
            length: longest allowed piece, positive.

        Raises:
            ValueError: the length is not positive.
        """
        if length <= timedelta(0):
            raise ValueError("a piece of a window must have a positive length")
        start = self.start
        while start + length < self.end:
            yield Window(start, start + length)
            start += length
        yield Window(start, self.end)
