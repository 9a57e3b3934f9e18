"""A closed stretch of time that a stream of changes is read over, and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

Item = TypeVar("Item")

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


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of a window goes on: at one page of the piece that starts then.

    Args:
        start: start of the piece (aware).
        page: the page to read next, on the way to page 0; None for a piece that was not begun.
        page_size: rows of a page; with another size the piece is begun again.
        query: number of the query, where a window takes several, one after the other.
    """

    start: datetime
    page: int | None
    page_size: int
    query: int = 0


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Records of one call, and where the next call goes on; None where the window is read whole."""

    records: tuple[Item, ...]
    following: Place | None


class Changes(Generic[Item]):
    """What changed in a window: record by record, or page by page from a place on.

    Args:
        read: makes the calls, one for each page, beginning at a place or at the beginning.
    """

    def __init__(self, read: Callable[[Place | None], Iterator[Page[Item]]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[Item]:
        for page in self._read(None):
            yield from page.records

    def pages(self, place: Place | None = None) -> Iterator[Page[Item]]:
        """Read page by page: what was read before a call failed can be stored before it is repeated.

        Args:
            place: where to go on; None begins the window.
        """
        return self._read(place)
