"""Which buttons an order offers whom now. A button only asks; the server decides when it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.amounts import ZERO
from order_flow.domain.clocks.manual_events import SHIP_DATE_SETTERS
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.lifecycle import dispatch_gates
from order_flow.domain.gates.model import Origin
from order_flow.domain.gates.review import ORGANISERS
from order_flow.domain.orders.classes import Urgency
from order_flow.domain.orders.line_progress import kinds_recorded_by
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ENTRY_STATES,
    FINAL_STATES,
    ORDER,
    ROLES_OF_STEP,
    SHIPPED_STATES,
    DeliveryStatus,
    Leads,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
    may_ship,
)
from order_flow.flow.cancelling.requests import DECLINER_ROLES
from order_flow.flow.clocks.events import listens
from order_flow.flow.gates.data import products_of
from order_flow.flow.gates.facts import gate_facts, leads_of
from order_flow.flow.lifecycle.approvals import DRAWING_ROLES, URGENCY_ROLES
from order_flow.flow.lifecycle.evidence import RECORDER_ROLES
from order_flow.flow.lifecycle.holds import HOLD_RELEASER_ROLES, HOLDER_ROLES
from order_flow.flow.lifecycle.planning import RELEASER_ROLES, can_be_released
from order_flow.flow.outside.announce import is_known_there
from order_flow.flow.profiles import profile_name, profile_of
from order_flow.flow.reviews.checklists import may_open_review
from order_flow.flow.reviews.promises import PROMISER_ROLES, SCHEDULER_ROLES, promise_locks
from order_flow.flow.sign_offs.templates import matching
from order_flow.flow.terms.figures import money_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


class DeskAction(StrEnum):
    """What the order's form has a button for, besides the workflow's own steps."""

    RECORD_PAYMENT = "record_payment"
    RECORD_REFUND = "record_refund"
    SHIP = "ship"
    INSTRUCT_DISPATCH = "instruct_dispatch"
    CONFIRM_RECEIPT = "confirm_receipt"
    CHANGE = "change"
    RECORD_PROGRESS = "record_progress"
    START_REVIEW = "start_review"
    PROMISE_DATE = "promise_date"
    SET_PRODUCTION_START = "set_production_start"
    DECLINE = "decline"
    REQUEST_CANCELLATION = "request_cancellation"
    SET_SHIP_DATE = "set_ship_date"
    HOLD = "hold"
    RELEASE_HOLD = "release_hold"
    DELETE = "delete"
    CHECK = "check"
    RECORD_EVIDENCE = "record_evidence"
    CONFIRM_DRAWINGS = "confirm_drawings"
    APPROVE_URGENCY = "approve_urgency"
    DECLINE_URGENCY = "decline_urgency"
    RELEASE_TO_PLANNING = "release_to_planning"
    OVERRIDE = "override"
    """Offered with the gates that the user may let the order pass."""


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks about which order."""

    order: Any
    user: str
    roles: frozenset[str]
    may_record_money: bool

    @property
    def state(self) -> OrderState:
        return OrderState(self.order.workflow_state)

    def is_one_of(self, roles: Iterable[Role]) -> bool:
        return any(role.value in self.roles for role in roles)

    @property
    def family(self) -> PaymentFamily:
        return PaymentFamily(self.order.payment_family)

    @property
    def delivery(self) -> DeliveryStatus:
        return DeliveryStatus(self.order.delivery_status)

    def may_take(self, step: OrderStep) -> bool:
        possible = ORDER.by_step(step, self.state, self.family) is not None
        return possible and self.is_one_of(ROLES_OF_STEP[step])


def _record_payment(asker: _Asker) -> bool:
    outstanding = money_of(asker.order).missing > ZERO
    return asker.may_record_money and outstanding and asker.state not in CALLED_OFF_STATES


def _record_refund(asker: _Asker) -> bool:
    return asker.may_record_money and money_of(asker.order).surplus > ZERO


def _change(asker: _Asker) -> bool:
    """Before the confirmation an order is edited in place, afterwards by a change notice (K-07)."""
    open_to_change = asker.state not in ENTRY_STATES and asker.state not in FINAL_STATES
    may_write = bool(frappe.has_permission("Change Notice", "create"))
    return open_to_change and may_write and not asker.order.cancel_requested


def _record_progress(asker: _Asker) -> bool:
    worked_on = asker.state not in ENTRY_STATES and asker.state not in FINAL_STATES
    return worked_on and bool(kinds_recorded_by(asker.roles))


def _start_review(asker: _Asker) -> bool:
    """An unconfirmed order is sent to review by its step; later somebody starts the review (R-076)."""
    return (
        asker.is_one_of(ORGANISERS)
        and asker.state is not OrderState.UNCONFIRMED
        and may_open_review(asker.order)
        and bool(matching(asker.order))
    )


def _promise_date(asker: _Asker) -> bool:
    """While an order is unconfirmed the date is simply typed; under review it takes a button (R-085)."""
    under_review = asker.state is OrderState.UNDER_REVIEW
    return under_review and asker.is_one_of(PROMISER_ROLES) and not promise_locks(asker.order)


def _set_production_start(asker: _Asker) -> bool:
    worked_on = asker.state not in ENTRY_STATES | FINAL_STATES | SHIPPED_STATES
    return worked_on and asker.is_one_of(SCHEDULER_ROLES)


def _decline(asker: _Asker) -> bool:
    undecided = asker.state in ENTRY_STATES and not asker.order.cancel_requested
    return undecided and asker.is_one_of(DECLINER_ROLES)


def _request_cancellation(asker: _Asker) -> bool:
    asked = asker.order.cancel_requested or _is_left_to_wdt(asker.order, OrderStep.CANCEL)
    # A shipped order is called off where goods came back only.
    all_out = asker.state is OrderState.SHIPPED and asker.delivery is DeliveryStatus.SHIPPED
    return not asked and not all_out and asker.may_take(OrderStep.CANCEL)


def _confirm_receipt(asker: _Asker) -> bool:
    return asker.may_take(OrderStep.CONFIRM_RECEIPT) and asker.delivery is DeliveryStatus.SHIPPED


def _hold(asker: _Asker) -> bool:
    holder = not HOLDER_ROLES.isdisjoint(asker.roles)
    return holder and not asker.order.on_hold and asker.state not in FINAL_STATES


def _ship(asker: _Asker) -> bool:
    """In one step, where the company has no stages of a warehouse (R-277)."""
    return (
        asker.is_one_of(ROLES_OF_STEP[OrderStep.SHIP])
        and may_ship(asker.state, asker.family, asker.delivery)
        and not profile_of(asker.order).warehouse_stages
        and _may_leave_now(asker.order)
    )


def _may_leave_now(order: Order) -> bool:
    """Whether no hold, cancellation, missing money or WDT's lead keeps goods here; costs no statement."""
    return not dispatch_gates(gate_facts(order, Origin.SITE))


def _is_left_to_wdt(order: Order, step: OrderStep) -> bool:
    """Tell whether the channel lets only WDT go first with a step: no button offers what is refused."""
    if not order.wdt_account:
        return False
    return leads_of(frappe.get_cached_doc("Sales Channel", order.channel))[step] is Leads.WDT


def _instruct_dispatch(asker: _Asker) -> bool:
    order = asker.order
    if not (may_ship(asker.state, asker.family, asker.delivery) and _may_leave_now(order)):
        return False
    return bool(frappe.has_permission("Shipment", "create"))


def _set_ship_date(asker: _Asker) -> bool:
    """Offered where a limit waits for the date; elsewhere the button would only be in the way."""
    planner = not {role.value for role in SHIP_DATE_SETTERS}.isdisjoint(asker.roles)
    is_open = asker.state not in FINAL_STATES | SHIPPED_STATES
    return planner and is_open and listens(ClockEvent.SHIP_DATE_SET, profile_name(asker.order))


def _release_hold(asker: _Asker) -> bool:
    return bool(asker.order.on_hold) and not HOLD_RELEASER_ROLES.isdisjoint(asker.roles)


def _delete(asker: _Asker) -> bool:
    order = asker.order
    own = order.owner == asker.user or "System Manager" in asker.roles
    return (
        own and asker.state is OrderState.UNCONFIRMED and not order.paid_amount and not is_known_there(order)
    )


def _check(asker: _Asker) -> bool:
    return bool(profile_of(asker.order).gates) and asker.state not in FINAL_STATES


def _record_evidence(asker: _Asker) -> bool:
    wanted = bool(profile_of(asker.order).evidence)
    return wanted and asker.state in ENTRY_STATES and not RECORDER_ROLES.isdisjoint(asker.roles)


def _confirm_drawings(asker: _Asker) -> bool:
    order = asker.order
    confirmed = order.drawings_confirmed_at and order.drawings_content == products_of(order)
    awaited = not confirmed and bool(profile_of(order).planning_release)
    return awaited and asker.state not in FINAL_STATES and not DRAWING_ROLES.isdisjoint(asker.roles)


def _decide_urgency(asker: _Asker) -> bool:
    urgent = asker.order.urgency == Urgency.URGENT and not asker.order.urgent_approved_at
    return urgent and asker.state in ENTRY_STATES and not URGENCY_ROLES.isdisjoint(asker.roles)


def _release_to_planning(asker: _Asker) -> bool:
    return can_be_released(asker.order) and not RELEASER_ROLES.isdisjoint(asker.roles)


_OFFERED: dict[DeskAction, Callable[[_Asker], bool]] = {
    DeskAction.RECORD_PAYMENT: _record_payment,
    DeskAction.RECORD_REFUND: _record_refund,
    DeskAction.SHIP: _ship,
    DeskAction.INSTRUCT_DISPATCH: _instruct_dispatch,
    DeskAction.CONFIRM_RECEIPT: _confirm_receipt,
    DeskAction.CHANGE: _change,
    DeskAction.RECORD_PROGRESS: _record_progress,
    DeskAction.START_REVIEW: _start_review,
    DeskAction.PROMISE_DATE: _promise_date,
    DeskAction.SET_PRODUCTION_START: _set_production_start,
    DeskAction.DECLINE: _decline,
    DeskAction.REQUEST_CANCELLATION: _request_cancellation,
    DeskAction.SET_SHIP_DATE: _set_ship_date,
    DeskAction.HOLD: _hold,
    DeskAction.RELEASE_HOLD: _release_hold,
    DeskAction.DELETE: _delete,
    DeskAction.CHECK: _check,
    DeskAction.RECORD_EVIDENCE: _record_evidence,
    DeskAction.CONFIRM_DRAWINGS: _confirm_drawings,
    DeskAction.APPROVE_URGENCY: _decide_urgency,
    DeskAction.DECLINE_URGENCY: _decide_urgency,
    DeskAction.RELEASE_TO_PLANNING: _release_to_planning,
}


def actions_for(order: Order) -> tuple[DeskAction, ...]:
    """The actions that state and roles leave to the current user.

    Args:
        order: the Order document.

    Returns:
        In the order of the buttons.
    """
    asker = _Asker(
        order=order,
        user=frappe.session.user,
        roles=frozenset(frappe.get_roles()),
        may_record_money=bool(frappe.has_permission("Order Payment", "create")),
    )
    return tuple(action for action, offered in _OFFERED.items() if offered(asker))
