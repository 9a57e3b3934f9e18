"""Which order gets what of a stock that is not enough for all: collect, then allocate once (R-257, R-258).

Pure and deterministic: the same claims and stock give the same answer in whatever sequence they come, and
every line says why it got what it got.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from order_flow.domain.amounts import ZERO


class AllocationKey(StrEnum):
    """By what claims are put in sequence; a strategy is a list of these, the first one decides first."""

    URGENCY = "Urgent First"
    FIRST_CONFIRMED = "First Confirmed First"
    PROMISED_DATE = "Promised Date"
    CUSTOMER_RATING = "Customer Rating"
    VALUE = "Order Value"


class AllocationReason(StrEnum):
    """Why a line got what it got."""

    ALL = "Everything is allocated."
    PART = "Only a part was left."
    NOTHING = "Nothing was left."
    NOT_KEPT = "No warehouse keeps this product."
    WHOLE_ORDER = "Held back: the order leaves whole or not at all."


DEFAULT_KEYS: Final = (AllocationKey.URGENCY, AllocationKey.FIRST_CONFIRMED)
"""Approved urgent orders first, then first confirmed, first served (R-029, R-404)."""


@dataclass(frozen=True, slots=True)
class LineClaim:
    """What a line still wants: its id, product and quantity."""

    line: str
    product: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OrderClaim:
    """An order that wants goods.

    Args:
        order: its name.
        confirmed_at: when it was confirmed.
        lines: what it still wants, in the order's sequence.
        promised_on: the promised date; orders without one come last.
        urgent: whether its urgency was approved.
        rating: the customer's grade, A the best; empty comes last.
        value: its total in the company's currency.
        province, city: where the goods go.
    """

    order: str
    confirmed_at: datetime
    lines: tuple[LineClaim, ...]
    promised_on: date | None = None
    urgent: bool = False
    rating: str = ""
    value: Decimal = ZERO
    province: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What a warehouse has free of a product, and where it stands."""

    warehouse: str
    free: Decimal
    priority: int = 0
    province: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a line got: quantity by warehouse, and why."""

    order: str
    line: str
    product: str
    wanted: Decimal
    reason: AllocationReason
    taken: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def short(self) -> Decimal:
        """Return what is missing."""
        return self.wanted - sum(self.taken.values(), ZERO)


_NO_DATE: Final = date.max
_UNRATED: Final = "Z"
_SORTERS: Final[Mapping[AllocationKey, Any]] = {
    AllocationKey.URGENCY: lambda claim: not claim.urgent,
    AllocationKey.FIRST_CONFIRMED: lambda claim: claim.confirmed_at,
    AllocationKey.PROMISED_DATE: lambda claim: claim.promised_on or _NO_DATE,
    AllocationKey.CUSTOMER_RATING: lambda claim: claim.rating or _UNRATED,
    AllocationKey.VALUE: lambda claim: -claim.value,
}


def in_sequence(claims: Iterable[OrderClaim], keys: Sequence[AllocationKey]) -> list[OrderClaim]:
    """The claims in the sequence of a strategy; equal ones by their names, so that it is always the same."""
    return sorted(claims, key=lambda claim: (*(_SORTERS[key](claim) for key in keys), claim.order))


def allocate(
    claims: Iterable[OrderClaim],
    places: Mapping[str, Sequence[Place]],
    keys: Sequence[AllocationKey] = DEFAULT_KEYS,
    *,
    whole_orders: bool = False,
    nearest_first: bool = False,
) -> list[Allocation]:
    """Give the stock to the claims, one after the other.

    Args:
        claims: what orders still want.
        places: what is free, by product; a product that no warehouse keeps is missing.
        keys: the strategy.
        whole_orders: an order that cannot get everything gets nothing.
        nearest_first: the warehouse in the receiver's city, then province, then by priority; else by
            priority alone.

    Returns:
        One entry a line, in the sequence in which they were served. Never more than free is given.
    """
    left = {
        product: {place.warehouse: max(place.free, ZERO) for place in found}
        for product, found in places.items()
    }
    answers: list[Allocation] = []
    for claim in in_sequence(claims, keys):
        wanted = {line.product for line in claim.lines if line.product in left}
        before = {product: dict(left[product]) for product in wanted} if whole_orders else {}
        served = [_serve(claim, line, places, left, nearest_first) for line in claim.lines]
        if whole_orders and any(answer.short > ZERO for answer in served):
            left |= before
            served = [_held_back(answer) for answer in served]
        answers += served
    return answers


def _serve(
    claim: OrderClaim,
    line: LineClaim,
    places: Mapping[str, Sequence[Place]],
    left: dict[str, dict[str, Decimal]],
    nearest_first: bool,
) -> Allocation:
    stock = left.get(line.product)
    if stock is None:
        return Allocation(claim.order, line.line, line.product, line.quantity, AllocationReason.NOT_KEPT)
    taken: dict[str, Decimal] = {}
    missing = line.quantity
    for place in sorted(places[line.product], key=lambda place: _nearness(claim, place, nearest_first)):
        part = min(missing, stock[place.warehouse])
        if part > ZERO:
            taken[place.warehouse] = part
            stock[place.warehouse] -= part
            missing -= part
    reason = _reason(missing, line.quantity)
    return Allocation(claim.order, line.line, line.product, line.quantity, reason, taken)


def _nearness(claim: OrderClaim, place: Place, nearest_first: bool) -> tuple[int, int, str]:
    if not nearest_first or not claim.province or place.province != claim.province:
        distance = 2
    else:
        distance = 0 if claim.city and place.city == claim.city else 1
    return (distance, place.priority, place.warehouse)


def _reason(missing: Decimal, wanted: Decimal) -> AllocationReason:
    if missing <= ZERO:
        return AllocationReason.ALL
    return AllocationReason.NOTHING if missing == wanted else AllocationReason.PART


def _held_back(answer: Allocation) -> Allocation:
    if not answer.taken:
        return answer
    reason = AllocationReason.WHOLE_ORDER
    return Allocation(answer.order, answer.line, answer.product, answer.wanted, reason)
