"""What can still be promised of a stock, and how a quantity is taken from several warehouses (R-061, R-264).

The figure of a warehouse is of some moment. A reservation of ours counts against it only while the
warehouse's own figure does not contain it: what WDT knows of since before that moment, it has left out of
its available quantity by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.money import ZERO


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


@dataclass(frozen=True, slots=True)
class Bin:
    """What one warehouse can give of one product.

    Args:
        warehouse: its code.
        free: quantity that nobody has claimed; below zero where more was promised than is there.
        priority: the smaller, the earlier it is taken from.
    """

    warehouse: str
    free: Decimal
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A quantity of an order line taken from one warehouse."""

    line: str
    product: str
    warehouse: str
    quantity: Decimal


def counts_against(
    read_at: datetime | None, known_outside_since: datetime | None, source: StockSource
) -> bool:
    """Whether an active reservation still has to be taken off a warehouse's figure.

    Args:
        read_at: the moment of the figure; None where it was never read.
        known_outside_since: when WDT was first seen to know the order; None before.
        source: who keeps the figure.
    """
    if source is StockSource.HAND or known_outside_since is None or read_at is None:
        return True
    return known_outside_since > read_at


def take(
    wanted: Iterable[tuple[str, str, Decimal]], bins: Mapping[str, Iterable[Bin]]
) -> tuple[tuple[Taken, ...], Mapping[str, Decimal]]:
    """Take quantities of order lines from the warehouses, each line as far as there is something.

    Args:
        wanted: line id, product and quantity, in the order of their claims.
        bins: what each warehouse has, by product; products that are not kept anywhere are missing.

    Returns:
        What was taken, and what is short by line id. A product that no warehouse keeps is neither: it is
        made or bought for the order. Never more than free, never below zero (R-264).
    """
    left = {
        product: {stock.warehouse: max(stock.free, ZERO) for stock in stocks}
        for product, stocks in ((name, _in_order(found)) for name, found in bins.items())
    }
    taken: list[Taken] = []
    short: dict[str, Decimal] = {}
    for line, product, quantity in wanted:
        if product not in left:
            continue
        missing = quantity
        for warehouse, free in left[product].items():
            part = min(missing, free)
            if part > ZERO:
                taken.append(Taken(line, product, warehouse, part))
                left[product][warehouse] = free - part
                missing -= part
        if missing > ZERO:
            short[line] = missing
    return tuple(taken), short


def _in_order(stocks: Iterable[Bin]) -> list[Bin]:
    return sorted(stocks, key=lambda stock: (stock.priority, stock.warehouse))


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
