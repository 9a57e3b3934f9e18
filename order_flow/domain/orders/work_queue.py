"""In which order confirmed orders are worked on (R-029, R-404)."""

from __future__ import annotations

from datetime import datetime

from order_flow.domain.orders.classes import Urgency
from order_flow.domain.states import OrderState

QUEUED_STATES = frozenset({OrderState.CONFIRMED, OrderState.PAID})
"""Confirmed and not shipped yet: these wait for work."""


def place_in_queue(urgency: Urgency, urgent_approved: bool, confirmed_at: datetime) -> tuple[int, datetime]:
    """The key that sorts the queue: first confirmed, first processed; approved urgent orders go ahead.

    Args:
        urgency: the order's class.
        urgent_approved: whether planning or logistics approved the urgency; without it the order keeps its
            normal place (R-404).
        confirmed_at: when the order was confirmed.

    Returns:
        A key; the smallest comes first.
    """
    goes_ahead = urgency is Urgency.URGENT and urgent_approved
    return (0 if goes_ahead else 1, confirmed_at)
