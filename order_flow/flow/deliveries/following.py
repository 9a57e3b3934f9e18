"""What becomes of an order's goods when the order moves or changes: claims and shipments follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from order_flow.domain.states import CALLED_OFF_STATES, FINAL_STATES, OrderState, OrderStep, OrderTransition
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.deliveries.claims import receipt_confirmed
from order_flow.flow.shipments.instructions import stop_waiting
from order_flow.flow.shortages.reminders import tell_of_lost_goods
from order_flow.flow.stock.reservations import fit_reservations
from order_flow.flow.tasks.giving import end_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def follow_step(order: Order, transition: OrderTransition) -> None:
    """After a step: claim stock for a confirmed order, give back and stop what a called-off one held.

    Args:
        order: the Order document.
        transition: the step it took.
    """
    if transition.target in (OrderState.CONFIRMED, OrderState.CANCELLED):
        claims = fit_reservations(order)
        if transition.target is OrderState.CONFIRMED:
            tell_of_lost_goods(order, claims)
    if transition.target in CALLED_OFF_STATES:
        stop_waiting(order)
    if transition.step is OrderStep.CONFIRM_RECEIPT:
        receipt_confirmed(order)
    if transition.target in FINAL_STATES and order.cancel_answer:
        end_task(order, TaskReason.CANCELLATION_REFUSED)


def follow_change(order: Order) -> None:
    """After an applied change: claims fit the new lines, shipments that do not fit them are stopped.

    Args:
        order: the changed Order document, saved.
    """
    fit_reservations(order)
    stop_waiting(order)
