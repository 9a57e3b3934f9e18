"""Takes an order through the lifecycle table: the one way a state changes, whatever the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.states import (
    DOCSTATUS,
    ORDER,
    ROLES_OF_STEP,
    DeliveryStatus,
    Leads,
    OrderState,
    OrderStep,
    OrderTransition,
    PaymentFamily,
)
from order_flow.flow.gates.facts import leads_of
from order_flow.flow.gates.judging import judge_step, pass_or_refuse
from order_flow.flow.records.order import save_internally
from order_flow.flow.records.steps import DocumentSteps, ask_role
from order_flow.flow.refusals import StepRefused, refuse_state, refuse_step
from order_flow.flow.terms.figures import derive_open

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

DATE_FIELD_OF_STATE: dict[OrderState, str] = {
    OrderState.CONFIRMED: "confirmed_at",
    OrderState.PAID: "paid_at",
    OrderState.SHIPPED: "shipped_at",
    OrderState.RECEIVED: "received_at",
    OrderState.COMPLETED: "completed_at",
    OrderState.VOIDED: "cancelled_at",
    OrderState.CANCELLED: "cancelled_at",
}

LEDGER_WAITING = "Waiting"
"""``u8_status`` from completion until every document stands in the ledger."""


def stored_state(order: Order) -> OrderState | None:
    """The state in the database before this save; None for a new order."""
    before = order.get_doc_before_save()
    return OrderState(before.workflow_state) if before else None


def check_transition(order: Order) -> OrderTransition | None:
    """Check a save against the lifecycle table, the roles and the gates (R-026, R-388).

    Args:
        order: the Order document in the middle of a save, with the wanted state.

    Returns:
        The transition this save takes, None where the state stays.

    Raises:
        StepRefused: the table has no such step, a gate is open, or state and document status differ.
        frappe.PermissionError: the user's roles may not take the step.
    """
    source = stored_state(order)
    target = _wanted_state(order)
    if source is None:
        if target is not OrderState.UNCONFIRMED:
            frappe.throw(
                _(
                    "A new order begins as {0}, not as {1}. Leave the state out: it changes by the order's "
                    "steps, e.g. the confirmation and the payment that finance confirms."
                ).format(_(OrderState.UNCONFIRMED.value), _(target.value)),
                StepRefused,
                title=_("Not Possible Now"),
            )
        _check_docstatus(order, target)
        return None
    transition = ORDER_STEPS.judge(order, source, target, PaymentFamily(order.payment_family))
    if transition is not None:
        _write_down(order, target)
    _check_docstatus(order, target)
    return transition


def _write_down(order: Order, target: OrderState) -> None:
    """Say what a step leaves on the order."""
    if field := DATE_FIELD_OF_STATE.get(target):
        order.set(field, now_datetime())
    derive_open(order)
    if target is OrderState.COMPLETED and order.u8_account:
        order.u8_status = LEDGER_WAITING


def _wanted_state(order: Order) -> OrderState:
    try:
        return OrderState(order.workflow_state or OrderState.UNCONFIRMED)
    except ValueError:
        frappe.throw(
            _("'{0}' is not a state of an order. Known states: {1}.").format(
                order.workflow_state, ", ".join(_(state.value) for state in OrderState)
            ),
            StepRefused,
        )


def _check_docstatus(order: Order, state: OrderState) -> None:
    """Submitting or cancelling without a step would leave the table behind."""
    if int(order.docstatus) != DOCSTATUS[state]:
        frappe.throw(
            _(
                "Order {0}: submitting or cancelling is done by its steps only. State {1} does not fit."
            ).format(order.name, _(state.value)),
            StepRefused,
        )


def check_role(order: Order, step: OrderStep) -> None:
    """Only the roles of the table take a step; facts that decide by themselves need no role.

    Raises:
        frappe.PermissionError: naming the roles that may.
    """
    ask_role(order, step, ROLES_OF_STEP[step])


def _ask_gates(order: Order, transition: OrderTransition) -> None:
    origin = Origin(order.flags.origin or Origin.SITE)
    pass_or_refuse(order, transition.step, judge_step(order, transition, origin))


def _refuse_state(order: Order, source: OrderState, target: OrderState) -> NoReturn:
    steps = ORDER.steps_from(source, PaymentFamily(order.payment_family))
    refuse_state(order.name, source, target, steps)


def _refuse_step(order: Order, step: OrderStep, source: OrderState) -> NoReturn:
    refuse_step(order.name, step, source, PaymentFamily(order.payment_family))


ORDER_STEPS: Final = DocumentSteps(
    table=ORDER,
    field="workflow_state",
    refuse_state=_refuse_state,
    refuse_step=_refuse_step,
    conditions=(lambda order, transition: check_role(order, transition.step), _ask_gates),
)


def take_step(
    order: Order, step: OrderStep, *, origin: Origin = Origin.SITE, by_system: bool = False, remark: str = ""
) -> None:
    """Take a step and save the order.

    Args:
        order: the Order document, locked or freshly loaded.
        step: what to do.
        origin: which side the step comes from.
        by_system: the step follows from stored facts, no role is asked.
        remark: stored with the step.

    Raises:
        StepRefused: the table or a gate says no; nothing was changed.
    """
    source, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    transition = ORDER_STEPS.take(order, step, source, family)
    order.flags.origin = origin
    order.flags.by_system = by_system
    order.flags.step_remark = remark
    order.docstatus = DOCSTATUS[transition.target]
    save_internally(order)


def confirming_origin(order: Order) -> Origin:
    """Return which side confirms an order: WDT where it has accepted a trade and may go first (K-02)."""
    if not order.wdt_accepted:
        return Origin.SITE
    leads = leads_of(frappe.get_cached_doc("Sales Channel", order.channel))[OrderStep.CONFIRM]
    return Origin.SITE if leads is Leads.SITE else Origin.WDT


def shipping_origin(order: Order) -> Origin:
    """Return which side shipped an order: WDT as soon as one of its shipments was read from there."""
    if DeliveryStatus(order.delivery_status) is DeliveryStatus.NOT_SHIPPED:
        return Origin.SITE
    left = ("in", [state.value for state in LEFT_WAREHOUSE])
    led_by_wdt = {"order_id": order.name, "led_by": Origin.WDT.value, "shipment_state": left}
    shipped_by_wdt = frappe.db.exists("Shipment", led_by_wdt)
    return Origin.WDT if shipped_by_wdt else Origin.SITE


def origin_of(order: Order, step: OrderStep) -> Origin:
    """Return which side takes a step as far as stored facts tell; the site where they tell nothing."""
    if step is OrderStep.CONFIRM:
        return confirming_origin(order)
    return shipping_origin(order) if step is OrderStep.SHIP else Origin.SITE
