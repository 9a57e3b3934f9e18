"""Where stock figures come from, and how reservations follow what order lines want (R-061, R-264)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.amounts import ZERO


class StockSource(StrEnum):
    """Where a stock figure comes from."""

    HAND = "Hand"
    WDT = "WDT"


class ReservationState(StrEnum):
    """What became of a reservation."""

    ACTIVE = "Active"
    ISSUED = "Issued"
    RELEASED = "Released"
    EXPIRED = "Expired"


def reduced(
    held: Iterable[tuple[str, str, Decimal]], wanted: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Fit reservations to what lines still want: too much is given back, the newest first.

    Args:
        held: reservation, line and quantity, oldest first.
        wanted: open quantity by line id; a line that is missing wants nothing.

    Returns:
        The new quantity of each reservation that changes (zero: it ends), and by line what is still to be
        reserved.
    """
    room = dict(wanted)
    changes: dict[str, Decimal] = {}
    for name, line, quantity in held:
        kept = min(quantity, room.get(line, ZERO))
        if kept != quantity:
            changes[name] = kept
        if line in room:
            room[line] -= kept
    return changes, {line: quantity for line, quantity in room.items() if quantity > ZERO}


def used_up(held: Iterable[tuple[str, str, Decimal]], leaving: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Take goods that leave from what was set aside for them, the oldest first.

    Args:
        held: reservation, line and quantity, oldest first.
        leaving: quantity by line id.

    Returns:
        What each reservation loses; those that lose nothing are left out. What was not set aside is taken
        from nobody.
    """
    rest, taken = dict(leaving), {}
    for name, line, quantity in held:
        part = min(quantity, rest.get(line, ZERO))
        if part > ZERO:
            taken[name] = part
            rest[line] -= part
    return taken
