"""What one department says to an order alone: drawings and urgency (R-091, R-404, R-406)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.message import Message
from order_flow.domain.orders.classes import Urgency
from order_flow.domain.states import ENTRY_STATES, FINAL_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.gates.data import products_of
from order_flow.flow.notices.sending import urgency_declined
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

DRAWINGS_EVENT = "Confirm Drawings"
URGENT_EVENT = "Approve Urgency"
NOT_URGENT_EVENT = "Decline Urgency"

DRAWING_ROLES = frozenset({Role.TECHNOLOGY.value})
URGENCY_ROLES = frozenset({Role.PLANNING_DIRECTOR.value})


def _event(order: Order, event: str, remark: str = "") -> None:
    record_event(order, event, order.workflow_state, order.workflow_state, remark)


def _refuse(text: str) -> NoReturn:
    frappe.throw(text, StepRefused, title=_("Not Possible Now"))


def confirm_drawings(name: str, remark: str = "") -> None:
    """Technology confirms the drawings, after the customer's confirmation (R-091). Twice changes nothing.

    They are confirmed for the products of this moment; after a change of them they are confirmed anew.

    Raises:
        StepRefused: nothing shows that the customer has confirmed the order, or it is finished.
        frappe.PermissionError: not technology.
    """
    refuse_without_role(DRAWING_ROLES, _("Drawings are confirmed by: {0}."))
    order = locked_order(name)
    state = OrderState(order.workflow_state)
    content = products_of(order)
    if order.drawings_confirmed_at and order.drawings_content == content:
        return
    asked = state not in ENTRY_STATES or frappe.db.exists("Order Evidence", {"order_id": name})
    if state in FINAL_STATES or not asked:
        _refuse(
            _("Order {0} is {1}; drawings are confirmed after the customer's confirmation.").format(
                name, _(state.value)
            )
        )
    order.drawings_content = content
    order.drawings_confirmed_at = now_datetime()
    order.drawings_confirmed_by = frappe.session.user
    save_internally(order)
    _event(order, DRAWINGS_EVENT, remark)
    happened(ClockEvent.DRAWINGS_CONFIRMED, name, profile=profile_name(order))


def _urgent_order(name: str) -> Any:
    refuse_without_role(URGENCY_ROLES, _("Urgency is decided by: {0}."))
    order = locked_order(name)
    if Urgency(order.urgency) is not Urgency.URGENT or OrderState(order.workflow_state) not in ENTRY_STATES:
        _refuse(
            _("Order {0} is {1} and its urgency '{2}'; there is no urgent request to decide.").format(
                name, _(order.workflow_state), _(order.urgency)
            )
        )
    return order


def approve_urgency(name: str, handler: str, remark: str = "") -> None:
    """Let an urgent order run before others, handled by a named person (R-404, R-406).

    Args:
        name: the order.
        handler: user who handles it; keeps the order's own where empty.
        remark: how normal production is kept from harm.

    Raises:
        StepRefused: no urgent request, or nobody to handle it.
        frappe.PermissionError: not the planning director.
    """
    order = _urgent_order(name)
    if order.urgent_approved_at and handler in ("", order.urgent_handler):
        return
    order.urgent_handler = handler or order.urgent_handler
    if not _can_handle(order, order.urgent_handler or ""):
        _refuse(_("Name an experienced person who handles the urgent order."))
    order.urgent_approved_at = now_datetime()
    order.urgent_approved_by = frappe.session.user
    save_internally(order)
    _event(order, URGENT_EVENT, remark)
    happened(ClockEvent.FEASIBILITY_CHECKED, name, profile=profile_name(order))
    _tell_handler(order)


def _can_handle(order: Order, user: str) -> bool:
    """Tell whether somebody may enter the site and open the order."""
    is_here = frappe.db.exists("User", {"name": user, "enabled": 1})
    return bool(is_here) and bool(frappe.has_permission("Order", "read", order, user=user))


def _tell_handler(order: Order) -> None:
    """The named person has the order on his list until it has shipped (R-406)."""
    text = Message(
        "You handle the urgent order {0} ({1}): watch its progress closely, remove what stops it, and keep "
        "the customer informed.",
        order.name,
        order.customer_name,
    )
    # Another handler than before: his task ends, the new one's bell rings.
    end_task(order, TaskReason.URGENT_ORDER)
    keep_task(Role.PLANNING, order, TaskReason.URGENT_ORDER, text, person=order.urgent_handler or "")


def decline_urgency(name: str, remark: str) -> None:
    """Send an urgent order the normal way (R-404).

    Raises:
        StepRefused: no urgent request, or no reason.
        frappe.PermissionError: not the planning director.
    """
    order = _urgent_order(name)
    if not remark.strip():
        _refuse(_("Say why the order is not urgent; the customer will be told."))
    order.urgency = Urgency.NORMAL.value
    order.urgent_approved_at = order.urgent_approved_by = None
    save_internally(order)
    _event(order, NOT_URGENT_EVENT, remark)
    happened(ClockEvent.FEASIBILITY_CHECKED, name, profile=profile_name(order))
    end_task(order, TaskReason.URGENT_ORDER)
    if not urgency_declined(order, remark.strip()):
        _ask_to_tell_customer(order, remark.strip())


def _ask_to_tell_customer(order: Order, remark: str) -> None:
    """Ask a person to tell the customer where no notices go out, as whoever declined was told (R-404)."""
    text = Message(
        "Order {0} of {1} is not treated as urgent: {2}. Tell the customer.",
        order.name,
        order.customer_name,
        remark,
    )
    keep_task(Role.ORDER_DESK, order, TaskReason.URGENCY_DECLINED, text)
