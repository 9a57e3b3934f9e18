"""When the orders of a working day come in: few in the morning, two peaks, few at night. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final

ORDERS_BY_HOUR: Final = (2, 5, 9, 10, 6, 4, 6, 9, 10, 9, 7, 5, 6, 8, 4)
"""Weight of each hour from the first one of the day on."""
HOURS: Final = len(ORDERS_BY_HOUR)


def arrivals(orders: int, start: datetime, curve: tuple[int, ...] = ORDERS_BY_HOUR) -> list[datetime]:
    """Times at which orders are placed, spread evenly within each hour.

    Args:
        orders: how many.
        start: when the day begins.
        curve: weight of each hour.

    Returns:
        As many times, ascending.
    """
    bounds = [0, *(round(orders * part / sum(curve)) for part in accumulate(curve))]
    found = []
    for hour, (first, last) in enumerate(pairwise(bounds)):
        step = timedelta(hours=1) / max(1, last - first)
        found += [start + timedelta(hours=hour) + step * number for number in range(last - first)]
    return found
