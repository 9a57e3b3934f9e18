"""Cancelling: what may still be shipped is asked back first, and shown as cancelled only when WDT agrees.

Sources: R-023, R-146..R-149, R-151, K-06, requirements 2.1-D.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.lifecycle import cancel_request_gates
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.calling_off import Reach
from order_flow.domain.message import Message, joined
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ENTRY_STATES,
    ORDER,
    RECEIVED_STATES,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
)
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.rest import call_off_rest, reach
from order_flow.flow.clocks.events import happened
from order_flow.flow.gates.facts import gate_facts
from order_flow.flow.lifecycle.follow_facts import recording_facts
from order_flow.flow.lifecycle.steps import check_role, take_step
from order_flow.flow.outside import announce
from order_flow.flow.profiles import profile_name, profile_of
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_gates, refuse_step, refuse_without_role
from order_flow.flow.tasks.giving import keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

REQUEST_EVENT = "Request Cancellation"
REFUSED_EVENT = "Cancellation Refused"
_NOTHING: Mapping[str, Decimal] = {}


class CancelReason(StrEnum):
    """Why an order is called off (R-151)."""

    CHANGE_OF_MIND = "Customer's Change of Mind"
    SHORTAGE = "Shortage"
    QUALITY = "Quality"
    NON_PAYMENT = "Non-payment"
    OBJECTION = "Customer's Objection"
    """To the confirmed order, and no agreement was reached: void without liability (R-114)."""
    ENTRY_ERROR = "Entry Error"
    CANCELLED_IN_WDT = "Cancelled in WDT"
    DELETED = "Deleted by Owner"
    DECLINED = "Declined by Management"


_WRITTEN_BY_SYSTEM = (CancelReason.CANCELLED_IN_WDT, CancelReason.DELETED, CancelReason.DECLINED)
ASKABLE_REASONS = tuple(reason for reason in CancelReason if reason not in _WRITTEN_BY_SYSTEM)
"""What a person may choose; the others are written by the system."""

QUALITY_CANCELLER_ROLES = (Role.SALES_MANAGER,)
"""Who calls off a contract order for a quality fault of ours, at the company's cost (R-128)."""

DECLINER_ROLES = (Role.GENERAL_MANAGER,)
"""Who decides that the company does not take an order: the general manager or the deputy (K-27)."""


def request_cancellation(name: str, reason: CancelReason, remark: str = "") -> OrderState:
    """Call an order off, or ask WDT first where it may still ship (R-147).

    Args:
        name: the order.
        reason: mandatory (R-151).
        remark: free words.

    Returns:
        The order's state now: Voided or Cancelled where nothing outside stood in the way, otherwise
        unchanged with 'cancel requested' shown. Where a part of the goods has left, the order is reduced to
        that and goes on.

    Raises:
        StepRefused: everything has left, the order is finished, WDT leads cancellations in this channel, or a
            quality fault is not described.
        frappe.PermissionError: the user's roles may not cancel, or not at the company's cost (R-128).
    """
    order = locked_order(name)
    check_role(order, OrderStep.CANCEL)
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    if state in CALLED_OFF_STATES or order.cancel_requested:
        return state
    if state in RECEIVED_STATES or reach(order) is Reach.NOTHING:
        if order.rest_called_off:
            return state
        frappe.throw(
            _(
                "Order {0} is {1}: goods that have left cannot be cancelled. Offer the customer a return."
            ).format(name, _(state.value)),
            StepRefused,
            title=_("Not Possible Now"),
        )
    if ORDER.by_step(OrderStep.CANCEL, state, family) is None:
        refuse_step(name, OrderStep.CANCEL, state, family)
    if _costs_the_company(order, reason):
        _check_quality_fault(name, remark)
    return _call_off(order, reason, remark)


def _costs_the_company(order: Order, reason: str) -> bool:
    """Tell whether an order that planning works on, or will, is called off for a fault of ours (R-128)."""
    return (
        reason == CancelReason.QUALITY
        and OrderState(order.workflow_state) not in ENTRY_STATES
        and bool(profile_of(order).planning_release)
    )


def _check_quality_fault(name: str, fault: str) -> None:
    """The fault is clarified first, then the sales manager approves by calling the order off (R-128)."""
    refuse_without_role(
        {role.value for role in QUALITY_CANCELLER_ROLES},
        _("A cancellation for our quality fault is at the company's cost. It is requested by: {0}."),
    )
    if not fault.strip():
        frappe.throw(
            _("Say what the quality fault of order {0} is: the company bears the loss.").format(name),
            StepRefused,
        )


def _who_bears(order: Order) -> str:
    """Return what a cancellation means for both sides, in the order's timeline."""
    if order.cancel_reason == CancelReason.OBJECTION:
        return str(_("Void without liability on either side."))
    if _costs_the_company(order, order.cancel_reason or ""):
        return str(_("The company bears the loss."))
    return ""


def decline_order(name: str, reason: str) -> OrderState:
    """Decline an order that the company cannot take; adjusting with the customer came first (R-093, K-27).

    Args:
        name: the order.
        reason: in the words of the manager; mandatory.

    Returns:
        The order's state now, as for ``request_cancellation``.

    Raises:
        StepRefused: no reason, or the order is confirmed already.
        frappe.PermissionError: only the general manager or the deputy declines.
    """
    refuse_without_role(
        DECLINER_ROLES,
        _("Declining an order is the decision of: {0}. Adjust it with the customer or ask them."),
    )
    order = locked_order(name)
    if OrderState(order.workflow_state) not in ENTRY_STATES:
        frappe.throw(
            _("Order {0} is {1}; only an order that is not confirmed can be declined.").format(
                name, _(order.workflow_state)
            ),
            StepRefused,
            title=_("Not Possible Now"),
        )
    if not reason.strip():
        frappe.throw(_("Say why the company declines the order."), StepRefused)
    return _call_off(order, CancelReason.DECLINED, reason.strip())


def _call_off(order: Order, reason: CancelReason, remark: str) -> OrderState:
    if gates := cancel_request_gates(gate_facts(order, Origin.SITE)):
        refuse_gates(order.name, OrderStep.CANCEL, gates)
    order.cancel_reason = reason.value
    order.cancel_remark = remark
    return _ask_or_carry_out(order, asked_by=frappe.session.user)


def _ask_or_carry_out(order: Order, asked_by: str | None) -> OrderState:
    state = OrderState(order.workflow_state)
    order.cancel_requested = 1
    order.cancel_requested_by = asked_by
    order.cancel_requested_at = now_datetime()
    order.cancel_answer = None
    if announce.cancellation(order):
        save_internally(order)
        words = joined(
            [Message(order.cancel_reason), *filter(None, (order.cancel_remark, _who_bears(order)))], ": "
        )
        record_event(order, REQUEST_EVENT, state.value, state.value, words)
        happened(ClockEvent.CANCELLATION_REQUESTED, order.name, profile=profile_name(order))
        return state
    _carry_out(order, Origin.SITE, _("WDT never heard of the order."), {})
    return OrderState(order.workflow_state)


def _carry_out(order: Order, origin: Origin, answer: str, left: Mapping[str, Decimal]) -> None:
    """Cancel the order, or the rest of it where goods are out."""
    if reach(order, left) is Reach.REST:
        call_off_rest(order, origin=origin, answer=answer, left_outside=left)
        happened(ClockEvent.CANCELLATION_ANSWERED, order.name, profile=profile_name(order))
    else:
        _cancel_now(order, origin, answer)


def _cancel_now(order: Order, origin: Origin, answer: str) -> None:
    order.cancel_requested = 0
    order.cancel_answer = answer
    order.flags.warehouse_agreed = True
    take_step(
        order,
        OrderStep.CANCEL,
        origin=origin,
        by_system=True,  # asking was checked; this is the answer
        remark=joined([Message(order.cancel_reason or ""), *filter(None, [_who_bears(order)])], ": "),
    )


def settle_cancellation(
    name: str, *, agreed: bool, answer: str, left: Mapping[str, Decimal] = _NOTHING
) -> None:
    """WDT's answer to a request of ours; a repeated answer changes nothing (R-147, R-351).

    Args:
        name: the order.
        agreed: whether what has not left certainly will not.
        answer: what WDT shows, in an operator's words.
        left: quantity by line id that has left over there, perhaps not read back yet.
    """
    order = locked_order(name)
    if OrderState(order.workflow_state) in CALLED_OFF_STATES or not order.cancel_requested:
        return
    if agreed and reach(order, left) is not Reach.NOTHING:
        _carry_out(order, Origin.SITE, answer, left)
        return
    order.cancel_requested = 0
    order.cancel_answer = answer
    with recording_facts(order):
        save_internally(order)
        record_event(order, REFUSED_EVENT, order.workflow_state, order.workflow_state, answer)
        happened(ClockEvent.CANCELLATION_ANSWERED, order.name, profile=profile_name(order))
        if order.cancel_requested_by:
            # Goods that came back and left again are what the customer expects: nothing was refused him.
            _tell_of_refusal(order, answer)


def _tell_of_refusal(order: Order, answer: str) -> None:
    """The customer believes that his order is off: somebody speaks with him and offers a return (R-147)."""
    keep_task(
        Role.ORDER_DESK,
        order,
        TaskReason.CANCELLATION_REFUSED,
        Message(
            "Order {0} of {1} could not be cancelled: {2} Tell the customer. He may refuse the parcel or "
            "send the goods back; the money goes back when they are here.",
            order.name,
            order.customer_name,
            answer,
        ),
    )


def cancelled_in_wdt(order: Order, answer: str, left: Mapping[str, Decimal] = _NOTHING) -> None:
    """WDT went first with the cancellation of an order, or of what had not left of it (R-023).

    Args:
        order: the Order document, locked.
        answer: what WDT shows.
        left: quantity by line id that has left over there, perhaps not read back yet.

    Raises:
        StepRefused: the site leads cancellations in this channel, the state does not allow it, or
            everything has left.
    """
    order.cancel_reason = order.cancel_reason or CancelReason.CANCELLED_IN_WDT.value
    if reach(order, left) is Reach.REST and (gates := cancel_request_gates(gate_facts(order, Origin.WDT))):
        refuse_gates(order.name, OrderStep.CANCEL, gates)
    _carry_out(order, Origin.WDT, answer, left)


def goods_came_back(order: Order) -> None:
    """A shipment was voided after the rest of its order had been called off: nobody wants its goods either.

    Args:
        order: the Order document, locked, with what is out now.
    """
    state = OrderState(order.workflow_state)
    if not order.rest_called_off or order.cancel_requested or state in (*CALLED_OFF_STATES, *RECEIVED_STATES):
        return
    if reach(order) is not Reach.NOTHING:
        _ask_or_carry_out(order, asked_by=None)


def delete_order(name: str) -> None:
    """Take back one's own order before anybody acted on it; it stays stored and traceable (R-149, K-08).

    Args:
        name: the order.

    Raises:
        StepRefused: confirmed, paid, or told to WDT already: cancelling is the way then.
        frappe.PermissionError: somebody else's order.
    """
    order = locked_order(name)
    if order.owner != frappe.session.user and "System Manager" not in frappe.get_roles():
        frappe.throw(
            _("Only the person who entered order {0} may delete it.").format(name), frappe.PermissionError
        )
    untouched = (
        OrderState(order.workflow_state) is OrderState.UNCONFIRMED
        and not order.paid_amount
        and not announce.is_known_there(order)
    )
    order.cancel_requested_at = now_datetime()
    if not untouched or announce.cancellation(order):
        frappe.throw(
            _(
                "Order {0} is already confirmed, paid or known to WDT. Request its cancellation instead."
            ).format(name),
            StepRefused,
        )
    order.cancel_reason = CancelReason.DELETED.value
    order.cancel_requested_by = frappe.session.user
    _cancel_now(order, Origin.SITE, _("Deleted before anybody acted on it."))
