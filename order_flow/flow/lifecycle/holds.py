"""Stopping an order and letting it go again: a property of the order, not a state (design 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import PauseReason
from order_flow.domain.gates.lifecycle import HOLD_RELEASERS
from order_flow.domain.message import Message
from order_flow.domain.states import FINAL_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import paused, resumed
from order_flow.flow.lifecycle.follow_facts import recording_facts
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

HOLD_EVENT = "Hold"
RELEASE_EVENT = "Release Hold"
HOLD_RELEASER_ROLES = frozenset(role.value for role in HOLD_RELEASERS)
HOLDER_ROLES = HOLD_RELEASER_ROLES | {Role.PLANNING.value, Role.PRODUCTION.value, Role.QUALITY.value}
"""Whoever finds that an order cannot go on stops it at once (R-185, R-201); others weigh when it goes on."""


def hold(name: str, reason: str) -> None:
    """Stop every forward step of an order.

    Args:
        name: the order.
        reason: shown wherever a step is refused; mandatory.

    Raises:
        StepRefused: no reason, or the order is finished.
        frappe.PermissionError: the user's roles may not hold orders.
    """
    refuse_without_role(HOLDER_ROLES, _("Orders are held by: {0}."))
    order = locked_order(name)
    if not reason.strip():
        frappe.throw(_("Say why the order is put on hold."), StepRefused)
    if OrderState(order.workflow_state) in FINAL_STATES:
        frappe.throw(
            _("Order {0} is {1}; there is nothing left to stop.").format(name, _(order.workflow_state)),
            StepRefused,
        )
    put_on_hold(order, reason.strip())


def put_on_hold(order: Order, reason: str) -> None:
    """Stop an order, for a person whose right was checked or for a job; its clocks rest.

    Args:
        order: the Order document, locked and not finished.
        reason: shown wherever a step is refused.
    """
    order.on_hold = 1
    order.hold_reason = reason
    order.held_by = frappe.session.user
    order.held_since = now_datetime()
    save_internally(order)
    record_event(order, HOLD_EVENT, order.workflow_state, order.workflow_state, order.hold_reason)
    paused(PauseReason.ON_HOLD, order.name, profile=profile_name(order))
    if Role.SALES_MANAGER.value not in frappe.get_roles() or frappe.session.user == "Administrator":
        _tell_supervisor(order)


def _tell_supervisor(order: Order) -> None:
    """A special situation is reported to the supervisor at once (R-038)."""
    text = Message(
        "{0} put order {1} ({2}) on hold: {3}. Decide with the departments how it goes on.",
        frappe.utils.get_fullname(order.held_by),
        order.name,
        order.customer_name,
        order.hold_reason,
    )
    keep_task(Role.SALES_MANAGER, order, TaskReason.ORDER_HELD, text)


def release(name: str) -> None:
    """Let a held order go on; what facts decided meanwhile happens now. Releasing twice changes nothing.

    Args:
        name: the order.

    Raises:
        frappe.PermissionError: the user's roles may not release orders.
    """
    refuse_without_role(HOLD_RELEASER_ROLES, _("Orders on hold are released by: {0}."))
    order = locked_order(name)
    if not order.on_hold:
        return
    reason = order.hold_reason
    order.on_hold = 0
    order.hold_reason = order.held_by = order.held_since = None
    with recording_facts(order):
        save_internally(order)
        record_event(order, RELEASE_EVENT, order.workflow_state, order.workflow_state, reason)
        resumed(PauseReason.ON_HOLD, order.name, profile=profile_name(order))
        end_task(order, TaskReason.ORDER_HELD)
