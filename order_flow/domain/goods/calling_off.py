"""What a cancellation may still reach once goods have left: the rest only (R-023, R-147, requirements 2.1-D).

Goods that are out are sold goods: they are paid, or they come back as a return. What has not left is cut off
the order, line by line, and nothing of its debts is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.amounts import ZERO, round_money


class Reach(StrEnum):
    """How much of an order can still be called off."""

    WHOLE = "Whole Order"
    REST = "Rest"
    NOTHING = "Nothing"


def what_left(*sides: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Quantities that have left by line, as far as either side knows.

    The desk and WDT count the same goods, one of them perhaps later: the larger figure is what is out.

    Args:
        sides: quantity that has left, by line id, as each side counts it.
    """
    found: dict[str, Decimal] = {}
    for side in sides:
        for line, quantity in side.items():
            if quantity > found.get(line, ZERO):
                found[line] = quantity
    return found


def kept(ordered: Mapping[str, Decimal], left: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What stays of each line when the rest is called off; lines of which nothing has left are missing.

    Args:
        ordered: ordered quantity by line id.
        left: quantity that has left, by line id.
    """
    parts = {line: min(left.get(line, ZERO), quantity) for line, quantity in ordered.items()}
    return {line: quantity for line, quantity in parts.items() if quantity > ZERO}


def reach_of(ordered: Mapping[str, Decimal], left: Mapping[str, Decimal]) -> Reach:
    """Return how much of an order can still be called off.

    Args:
        ordered: ordered quantity by line id.
        left: quantity that has left, by line id.
    """
    staying = kept(ordered, left)
    if not staying:
        return Reach.WHOLE
    everything = all(staying.get(line, ZERO) >= quantity for line, quantity in ordered.items())
    return Reach.NOTHING if everything else Reach.REST


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The part of a discount that belongs to what stays, in cents; all of it where there is no whole.

    Args:
        amount: the discount of the whole.
        part: quantity or value that stays.
        whole: quantity or value before.
    """
    return round_money(amount * part / whole) if whole > ZERO else amount
