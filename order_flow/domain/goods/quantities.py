"""Quantities of goods: the smallest part that counts, and what is open of a line (R-246, R-294)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from order_flow.domain.amounts import ZERO

SMALLEST: Final = Decimal("0.0001")
"""What the fields show and WDT takes; less than this of a line is nothing, e.g. after three times a third."""


def still_open(wanted: Decimal, done: Decimal) -> Decimal:
    """Return what is still to be done of a line; zero where only a remainder below the precision is left.

    Args:
        wanted: the line's quantity.
        done: what is done of it.

    Returns:
        The open quantity, negative where too much was done.
    """
    rest = wanted - done
    return ZERO if abs(rest) < SMALLEST else rest


def fitted(quantity: Decimal, open_quantity: Decimal) -> Decimal:
    """A quantity that takes the last of a line takes all of it, without a remainder nobody can ship.

    Args:
        quantity: what is to leave.
        open_quantity: what is open of the line.
    """
    return open_quantity if abs(quantity - open_quantity) < SMALLEST else quantity
