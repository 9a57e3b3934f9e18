"""Which company procedure an order follows, and what its policies say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, Policy

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order

EFFECT_FIELDS: dict[CheckPoint, str] = {
    CheckPoint.CONFIRM: "at_confirm",
    CheckPoint.PLANNING: "at_planning",
    CheckPoint.SHIP: "at_ship",
    CheckPoint.COMPLETE: "at_complete",
}
"""The columns of a Gate Policy row."""


def profile_of(order: Order) -> Any:
    """The Flow Profile of an order, by its Sales Channel; from the cache, without a statement.

    Args:
        order: the Order document.

    Returns:
        The Flow Profile document; not to be changed, it is shared.
    """
    channel = frappe.get_cached_doc("Sales Channel", order.channel)
    return frappe.get_cached_doc("Flow Profile", channel.flow_profile)


def gate_policy(profile: FlowProfile) -> Policy:
    """Return what each gate does at each check point under a profile."""
    return {
        GateCode.of_label(row.gate): {
            point: Effect(row.get(field) or Effect.OFF) for point, field in EFFECT_FIELDS.items()
        }
        for row in profile.gates
    }


def profile_name(order: Order) -> str:
    """The Flow Profile of an order's channel; from the cache, without a statement."""
    return str(profile_of(order).name)
