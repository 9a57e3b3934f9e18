"""Release to planning: a fact about an order, gated like a step (R-153)."""

from __future__ import annotations

from typing import Any

from order_flow.domain.states import ENTRY_STATES, FINAL_STATES, SHIPPED_STATES, OrderState
from order_flow.flow.profiles import profile_of

_TOO_LATE = FINAL_STATES | SHIPPED_STATES


def waits_for_planning(order: Any) -> bool:
    """Whether a confirmed order of this procedure is still to be released to planning."""
    state = OrderState(order.workflow_state)
    return (
        state not in ENTRY_STATES | _TOO_LATE
        and not order.planning_released_at
        and bool(profile_of(order).planning_release)
    )
