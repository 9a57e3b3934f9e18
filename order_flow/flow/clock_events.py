"""Tells the clocks of an order what happened: the one door for every part that knows a fact.

A part calls ``happened`` where it stores the fact, in the same transaction. It costs no statement where no
active rule of the order's profile listens to the event.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from order_flow.domain.clocks import EVENT_OF_STEP, ClockEvent, PauseReason
from order_flow.domain.states import OrderStep

DEFAULT_PROFILE = "Web Shop"


def happened(
    event: ClockEvent,
    order: str,
    *,
    profile: str,
    reference: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Start, move and stop the clocks that listen to an event. Telling it twice changes nothing.

    Args:
        event: what happened.
        order: the order's name.
        profile: the order's Flow Profile, whose rules listen.
        reference: DocType and name of the paper it happened to (a change, a finding, a letter of credit),
            where an order may have several; each has clocks of its own.
        at: when, in the site's time; now where it is left out.
    """


def paused(
    reason: PauseReason,
    order: str,
    *,
    profile: str,
    reference: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Let the clocks rest whose rules accept the reason; see ``happened`` for the arguments."""


def resumed(
    reason: PauseReason,
    order: str,
    *,
    profile: str,
    reference: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Let the clocks go on that rested for this reason only; see ``happened`` for the arguments."""


def step_happened(order: Any, step: OrderStep) -> None:
    """Tell the clocks of a step of the lifecycle.

    Args:
        order: the Order document, saved.
        step: the step it took.
    """
    if event := EVENT_OF_STEP.get(step):
        happened(event, order.name, profile=profile_name(order))


def profile_name(order: Any) -> str:
    """The Flow Profile of an order's channel."""
    channel = frappe.get_cached_doc("Sales Channel", order.channel)
    return str(channel.get("flow_profile") or DEFAULT_PROFILE)
