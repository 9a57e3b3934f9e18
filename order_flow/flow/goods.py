"""What becomes of an order's goods when the order moves or changes: claims and shipments follow it."""

from __future__ import annotations

from typing import Any

from order_flow.domain.states import CALLED_OFF_STATES, OrderState, Transition
from order_flow.flow.dispatch_instructions import stop_waiting
from order_flow.flow.reservations import fit_reservations


def follow_step(order: Any, transition: Transition) -> None:
    """After a step: claim stock for a confirmed order, give back and stop what a called-off one held.

    Args:
        order: the Order document.
        transition: the step it took.
    """
    if transition.target in (OrderState.CONFIRMED, OrderState.CANCELLED):
        fit_reservations(order)
    if transition.target in CALLED_OFF_STATES:
        stop_waiting(order)


def follow_change(order: Any) -> None:
    """After an applied change: claims fit the new lines, shipments that do not fit them are stopped.

    Args:
        order: the changed Order document, saved.
    """
    fit_reservations(order)
    stop_waiting(order)
