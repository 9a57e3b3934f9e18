"""How long picking takes, and in which sequence orders leave (R-270 to R-273; requirements 2.5).

The standard time of a line is its units by their own times, and the search for the article; that of an order
is the sum of its lines and the paperwork. Orders are picked by their due times, shorter ones first among
equals, by as many people as there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO


class UnitKind(StrEnum):
    """What is taken from the shelf in one go (R-270)."""

    LAYER = "Pallet Layer"
    CARTON = "Carton"
    PIECE = "Piece"


@dataclass(frozen=True, slots=True)
class Packing:
    """How an article is packed and how long one unit of it takes.

    Args:
        pieces_per_carton: zero where it comes in no cartons.
        cartons_per_layer: zero where it lies on no pallet.
        seconds: standard time of each kind of unit; a kind without one is picked as the next smaller kind.
        search_seconds: to find the article, once a line.
    """

    pieces_per_carton: int = 0
    cartons_per_layer: int = 0
    seconds: tuple[tuple[UnitKind, int], ...] = ()
    search_seconds: int = 0


@dataclass(frozen=True, slots=True)
class PickLine:
    """A quantity of an article in pieces; a part of a piece is picked like a whole one."""

    product: str
    quantity: Decimal
    packing: Packing = Packing()


@dataclass(frozen=True, slots=True)
class PickJob:
    """An order that waits to be picked.

    Args:
        order: its name.
        due: when it must leave; None where nobody named a day: it comes last.
        duration: its standard time.
    """

    order: str
    due: datetime | None
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Planned:
    """A place in the picking sequence."""

    place: int
    job: PickJob
    starts: datetime
    ends: datetime

    @property
    def is_late(self) -> bool:
        """Tell whether it would be ready only after it must leave."""
        return self.job.due is not None and self.ends > self.job.due


def units_of(line: PickLine) -> dict[UnitKind, int]:
    """Split a quantity into the largest units that have a standard time.

    Args:
        line: what is to be picked.

    Returns:
        Number by kind; pieces always, the larger kinds where the article comes in them.
    """
    times = dict(line.packing.seconds)
    left = line.quantity.to_integral_value(ROUND_CEILING)
    counts: dict[UnitKind, int] = {}
    per_carton = line.packing.pieces_per_carton
    per_layer = per_carton * line.packing.cartons_per_layer
    for kind, size in ((UnitKind.LAYER, per_layer), (UnitKind.CARTON, per_carton)):
        if size and times.get(kind) and left >= size:
            counts[kind] = int(left // size)
            left -= counts[kind] * size
    if left > ZERO or not counts:
        counts[UnitKind.PIECE] = int(left)
    return counts


def line_seconds(line: PickLine) -> int:
    """Standard time of a line: units by their times, and the search (R-271)."""
    times = dict(line.packing.seconds)
    picking = sum(count * times.get(kind, 0) for kind, count in units_of(line).items())
    return picking + line.packing.search_seconds


def order_seconds(lines: Iterable[PickLine], paperwork_seconds: int) -> int:
    """Standard time of an order or a batch: its lines, and the paperwork once (R-272)."""
    return sum(line_seconds(line) for line in lines) + paperwork_seconds


_LAST: Final = datetime.max


def plan(jobs: Iterable[PickJob], start: datetime, pickers: int) -> list[Planned]:
    """The picking sequence: by due time, shorter ones first among equals; whoever is free goes on (R-273).

    Args:
        jobs: what waits.
        start: when the first picker begins.
        pickers: how many work side by side, at least one.

    Returns:
        The jobs in their sequence with their times; the same for the same jobs in whatever order they come.

    Raises:
        ValueError: there is nobody to pick.
    """
    if pickers < 1:
        raise ValueError("at least one person picks")
    free = [start] * pickers
    planned = []
    ordered = sorted(jobs, key=lambda job: (job.due or _LAST, job.duration, job.order))
    for place, job in enumerate(ordered, 1):
        first = min(range(pickers), key=free.__getitem__)
        begins = free[first]
        free[first] = begins + job.duration
        planned.append(Planned(place, job, begins, free[first]))
    return planned


def workload(planned: Sequence[Planned]) -> dict[str, timedelta]:
    """Hours of work by the day on which it is due, in the sequence of the days; '' for no day (R-273)."""
    load: dict[str, timedelta] = {}
    for entry in planned:
        day = entry.job.due.date().isoformat() if entry.job.due else ""
        load[day] = load.get(day, timedelta()) + entry.job.duration
    return dict(sorted(load.items(), key=lambda item: item[0] or "9999"))
