"""The stations of an order's way, for the bar on top of its form (R-015, R-027)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from order_flow.domain.states import CALLED_OFF_STATES, FINAL_STATES, OrderState, PaymentFamily


class Standing(StrEnum):
    """How far a station is."""

    DONE = "Done"
    CURRENT = "Current"
    AHEAD = "Ahead"
    CALLED_OFF = "Called Off"


@dataclass(frozen=True, slots=True)
class Stage:
    """One station: which state it is, how far it is, and since when (None where unknown or ahead)."""

    state: OrderState
    standing: Standing
    at: datetime | None = None


_S = OrderState
WAYS: Final[Mapping[PaymentFamily, tuple[OrderState, ...]]] = {
    PaymentFamily.PAY_FIRST: (
        _S.UNCONFIRMED, _S.UNDER_REVIEW, _S.CONFIRMED, _S.PAID, _S.SHIPPED, _S.COMPLETED,
    ),
    PaymentFamily.PAY_LATER: (
        _S.UNCONFIRMED, _S.UNDER_REVIEW, _S.CONFIRMED, _S.SHIPPED, _S.RECEIVED, _S.COMPLETED,
    ),
}  # fmt: skip
"""The stations of each branch in their order (design 3)."""


def stages(
    state: OrderState,
    family: PaymentFamily,
    reached: Mapping[OrderState, datetime | None],
    *,
    reviewed: bool,
) -> tuple[Stage, ...]:
    """The stations of an order's branch.

    Args:
        state: where the order stands.
        family: its branch.
        reached: when it reached which state; missing or None where it has not, or nobody noted it.
        reviewed: whether it was ever sent to review; else that station is left out.

    Returns:
        From entry to completion; of an order that was called off what it had reached, and then its end.
    """
    way = [
        station
        for station in WAYS[family]
        if station is not OrderState.UNDER_REVIEW or reviewed or state is OrderState.UNDER_REVIEW
    ]
    if state in CALLED_OFF_STATES:
        done = [Stage(station, Standing.DONE, at) for station in way if (at := reached.get(station))]
        return (*done, Stage(state, Standing.CALLED_OFF, reached.get(state)))
    here = way.index(state)
    return tuple(
        Stage(station, _standing(place, here, state), reached.get(station) if place <= here else None)
        for place, station in enumerate(way)
    )


def _standing(place: int, here: int, state: OrderState) -> Standing:
    if place < here or (place == here and state in FINAL_STATES):
        return Standing.DONE
    return Standing.CURRENT if place == here else Standing.AHEAD
