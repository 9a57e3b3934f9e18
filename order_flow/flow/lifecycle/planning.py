"""Release to planning: a fact about an order, gated like a step (R-002, R-068, R-076, R-153)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import formatdate, now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.model import CheckPoint
from order_flow.domain.message import Message
from order_flow.domain.states import ENTRY_STATES, FINAL_STATES, SHIPPED_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.gates.judging import judge_planning, pass_or_refuse
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.tasks.giving import keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

RELEASER_ROLES = frozenset(
    role.value for role in (Role.ORDER_DESK, Role.SALES_MANAGER, Role.PLANNING_DIRECTOR)
)
_TOO_LATE = FINAL_STATES | SHIPPED_STATES


def can_be_released(order: Order) -> bool:
    """Tell whether this order's procedure has a release to planning, and it is still to come."""
    return (
        OrderState(order.workflow_state) not in _TOO_LATE
        and not order.planning_released_at
        and bool(profile_of(order).planning_release)
    )


def waits_for_planning(order: Order) -> bool:
    """Tell whether the release to planning is what comes next for an order."""
    return OrderState(order.workflow_state) not in ENTRY_STATES and can_be_released(order)


def release_to_planning(name: str, remark: str = "") -> None:
    """Hand an order over to planning. Releasing twice changes nothing.

    Args:
        name: the order.
        remark: free words, kept with the event.

    Raises:
        StepRefused: a gate stops it (named all at once), the order has shipped or was called off, or its
            procedure knows no release to planning.
        frappe.PermissionError: the user's roles may not release.
    """
    refuse_without_role(RELEASER_ROLES, _("Orders are released to planning by: {0}."))
    order = locked_order(name)
    if order.planning_released_at:
        return
    if not can_be_released(order):
        frappe.throw(
            _("Order {0} is {1} and follows '{2}': there is no release to planning for it.").format(
                name, _(order.workflow_state), profile_of(order).name
            ),
            StepRefused,
            title=_("Not Possible Now"),
        )
    pass_or_refuse(order, CheckPoint.PLANNING, judge_planning(order))
    order.planning_released_at = now_datetime()
    order.planning_released_by = frappe.session.user
    save_internally(order)
    record_event(order, CheckPoint.PLANNING.value, order.workflow_state, order.workflow_state, remark)
    happened(ClockEvent.RELEASED_TO_PLANNING, name, profile=profile_of(order).name)
    _tell_planning(order)


def _tell_planning(order: Order) -> None:
    """The departments that work on the order now hear of it (R-173, R-373)."""
    promised = formatdate(order.promised_date, "yyyy-MM-dd") if order.promised_date else "-"
    text = Message(
        "Order {0} of {1} is released to planning, promised for {2}. Break it down and plan its production.",
        order.order_number or order.name,
        order.customer_name,
        promised,
    )
    for role in (Role.PLANNING, Role.PRODUCTION):
        keep_task(role, order, TaskReason.PLANNING_RELEASED, text)
