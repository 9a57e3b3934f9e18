"""Trouble with goods on their way: opened, told to the customer, settled (R-249, R-296 to R-308)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.goods.delivery import (
    ABOUT_GOODS,
    COMPLAINTS,
    DELIVERY_CASE,
    NEEDS_CAUSE,
    NEEDS_DATE,
    ROLES_TOLD,
    CaseKind,
    CaseState,
    CaseStep,
    Solution,
    deviation,
    in_time,
)
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, ShipmentState
from order_flow.domain.message import Message, joined
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.deliveries.replacements import ask_for_replacement
from order_flow.flow.notices.sending import delivery_troubled, trouble_over
from order_flow.flow.profiles import profile_name, profile_of
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.records.steps import DocumentSteps
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.tasks.giving import end_task, keep_task
from order_flow.flow.terms.figures import has_shipped

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.delivery_case.delivery_case import DeliveryCase
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

CASE = "Delivery Case"
OPENED_EVENT = "Delivery Case Opened"
CLOSED_EVENT = "Delivery Case Closed"
OPENERS = (
    Role.ORDER_DESK, Role.AFTER_SALES, Role.LOGISTICS, Role.WAREHOUSE, Role.SALES, Role.SALES_MANAGER,
    Role.FIELD_REP, Role.PLANNING, Role.PRODUCTION, Role.QUALITY,
)  # fmt: skip
TELLERS = (Role.ORDER_DESK, Role.AFTER_SALES, Role.SALES, Role.SALES_MANAGER)
MOST_CASES = 200
"""Opened by one run of the job; the next one goes on."""
SETTLERS = (Role.AFTER_SALES, Role.LOGISTICS, Role.ORDER_DESK)
SUPERVISORS = (Role.SALES_MANAGER,)
"""Who may still open a complaint after the claim period (K-22)."""


def open_case(
    order: Order,
    kind: CaseKind,
    description: str,
    *,
    shipment: str = "",
    photo: str = "",
    request_id: str = "",
) -> Any:
    """Open a case and put it on the lists of those it concerns, in this transaction.

    Args:
        order: the Order document.
        kind: what went wrong.
        description: what happened, in the words of whoever saw it.
        shipment: the Shipment, where it is one.
        photo: ``file_url`` of a picture.
        request_id: of the device that reports it; unique.

    Returns:
        The stored Delivery Case.

    Raises:
        StepRefused: nothing was said.
    """
    if not description.strip():
        frappe.throw(_("Say what happened to the delivery."), StepRefused)
    case = frappe.get_doc(
        {
            "doctype": CASE,
            "order_id": order.name,
            "shipment": shipment or None,
            "customer_name": order.customer_name,
            "kind": kind.value,
            "case_state": CaseState.OPEN.value,
            "opened_by": frappe.session.user,
            "opened_at": now_datetime(),
            "description": description.strip(),
            "photo": photo or None,
            "request_id": request_id or None,
        }
    ).insert(ignore_permissions=True)  # cases are written by these functions only; who may was asked before
    if photo:
        bind_paper(case, photo)
    for role in ROLES_TOLD[kind]:
        keep_task(
            role,
            case,
            TaskReason.DELIVERY_CASE,
            Message(
                "{0} of order {1} ({2}): {3}. Tell the customer and settle it.",
                Message(kind.value),
                order.name,
                order.customer_name,
                frappe.utils.escape_html(description.strip()[:1000]),
            ),
        )
    _record(order, OPENED_EVENT, case.name, kind)
    if kind in COMPLAINTS:
        profile, paper = profile_name(order), (CASE, case.name)
        # The case is the service form, and it is on after-sales' list already (R-247).
        happened(ClockEvent.SERVICE_REQUESTED, order.name, profile=profile, reference=paper)
        happened(ClockEvent.SERVICE_REQUEST_PASSED_ON, order.name, profile=profile, reference=paper)
    return case


def report(
    order_name: str,
    kind: CaseKind,
    description: str,
    *,
    shipment: str = "",
    photo: str = "",
    request_id: str = "",
) -> Any:
    """Open a case by hand.

    Args:
        order_name: the order.
        kind, description, shipment, photo, request_id: see ``open_case``; a request that was stored already
            gives its case back.

    Raises:
        StepRefused: the claim period is over, or the shipment is of another order.
        frappe.PermissionError: the user opens no cases.
    """
    refuse_without_role(
        [role.value for role in OPENERS], _("Delivery cases are opened by: {0}. Ask one of them.")
    )
    order = locked_order(order_name)
    order.check_permission("read")
    sent_before = {"request_id": request_id, "order_id": order_name}
    if request_id and (known := frappe.db.get_value(CASE, sent_before)):
        return frappe.get_doc(CASE, known)
    if kind in ABOUT_GOODS and not has_shipped(order):
        frappe.throw(
            _("Nothing of order {0} has left yet; '{1}' can be said only of goods that were sent.").format(
                order_name, _(kind.value)
            ),
            StepRefused,
        )
    if shipment and frappe.db.get_value("Shipment", shipment, "order_id") != order_name:
        frappe.throw(
            _("Shipment {0} is none of order {1}. Choose one of its own.").format(shipment, order_name),
            StepRefused,
        )
    until = claims_end(order_name)
    if kind in COMPLAINTS and not in_time(getdate(), until):
        refuse_without_role(
            [role.value for role in SUPERVISORS],
            _("The claim period of this order is over. Later claims are opened by: {0}."),
        )
    return open_case(order, kind, description, shipment=shipment, photo=photo, request_id=request_id)


def claims_end(order: str) -> date | None:
    """The last day of an order's claim period; None before everything is delivered, or without a limit."""
    until = frappe.db.get_value("Shipment", {"order_id": order}, "claim_until", order_by="claim_until desc")
    return getdate(until) if until else None


def tell_customer(name: str, words: str, new_date: date | None) -> Any:
    """The customer is told; by notice where he gets them, otherwise somebody calls (R-296, R-308, R-374).

    Args:
        name: the case.
        words: the reason, for the customer.
        new_date: by when the goods come; mandatory for a delay.

    Returns:
        The Delivery Case.

    Raises:
        StepRefused: it is closed, or something is missing.
        frappe.PermissionError: the user does not speak with customers.
    """
    refuse_without_role([role.value for role in TELLERS], _("Customers are told by: {0}. Ask one of them."))
    case = _case_at(CaseStep.TELL, name)
    kind = CaseKind(case.kind)
    if not words.strip():
        frappe.throw(_("Say what the customer is told."), StepRefused)
    if kind in NEEDS_DATE and new_date is None:
        frappe.throw(_("The customer must hear by when the goods come. Enter the new date."), StepRefused)
    if new_date and new_date < getdate():
        frappe.throw(_("The new date lies in the past. Enter today or a later day."), StepRefused)
    case.update(
        {
            "told_at": now_datetime(),
            "told_by": frappe.session.user,
            "told_words": words.strip(),
            "new_date": new_date,
        }
    )
    case.save(ignore_permissions=True)  # the role was asked above
    order = frappe.get_doc("Order", case.order_id)
    delivery_troubled(order, case)
    happened(
        ClockEvent.CUSTOMER_CONTACTED, order.name, profile=profile_name(order), reference=(CASE, case.name)
    )
    return case


def close(name: str, solution: Solution, *, cost: Decimal, cause: str, claimed_from: str) -> Any:
    """Settle a case (R-307, R-308).

    Args:
        name: the case.
        solution: how it was settled.
        cost: what it cost the company, in its currency.
        cause: mandatory for damage and loss.
        claimed_from: whoever bears it.

    Returns:
        The Delivery Case.

    Raises:
        StepRefused: it is closed, or something is missing.
        frappe.PermissionError: the user does not settle cases.
    """
    refuse_without_role(
        [role.value for role in SETTLERS], _("Delivery cases are settled by: {0}. Ask one of them.")
    )
    case = _case_at(CaseStep.CLOSE, name)
    if CaseKind(case.kind) in NEEDS_CAUSE and not cause.strip():
        frappe.throw(
            _("Find the cause with quality and production, and enter it: it decides who pays."), StepRefused
        )
    if cost < 0:
        frappe.throw(_("The cost cannot be below zero."), StepRefused)
    case.update(
        {
            "solution": solution.value,
            "cost": float(cost),
            "cause": cause.strip(),
            "claimed_from": claimed_from.strip(),
            "closed_by": frappe.session.user,
            "closed_at": now_datetime(),
        }
    )
    case.save(ignore_permissions=True)  # the role was asked above
    end_task(case, TaskReason.DELIVERY_CASE)
    trouble_over(case)
    order = frappe.get_doc("Order", case.order_id)
    if solution is Solution.REPLACE:
        ask_for_replacement(case)
    _record(order, CLOSED_EVENT, name, solution)
    return case


def _record(order: Order, event: str, case: str, word: CaseKind | Solution) -> None:
    remark = joined((case, Message(word.value)), ": ")
    record_event(order, event, order.workflow_state, order.workflow_state, remark)


def _refuse_state(case: DeliveryCase, _source: CaseState, _target: CaseState) -> NoReturn:
    frappe.throw(_("Case {0} is closed. Open a new one.").format(case.name), StepRefused)


def _refuse_step(case: DeliveryCase, _step: CaseStep, source: CaseState) -> NoReturn:
    _refuse_state(case, source, source)


CASE_STEPS: Final = DocumentSteps(
    table=DELIVERY_CASE, field="case_state", refuse_state=_refuse_state, refuse_step=_refuse_step
)


def _case_at(step: CaseStep, name: str) -> Any:
    """The case after a step, locked and not saved yet."""
    case = frappe.get_doc(CASE, name, for_update=True)
    case.check_permission("read")
    CASE_STEPS.take(case, step, CaseState(case.case_state))
    return case


def note_deviation(shipment: Shipment, order: Order) -> None:
    """Goods that left on another day than planned open a case, once (R-249, K-19).

    Args:
        shipment: the Shipment that has just left.
        order: its Order document.
    """
    planned = shipment.planned_ship_date or order.planned_ship_date
    if not planned:
        return
    days = deviation(
        getdate(planned), getdate(shipment.shipped_at), profile_of(order).ship_date_tolerance_days or 0
    )
    if days and not frappe.db.exists(
        CASE, {"shipment": shipment.name, "kind": CaseKind.DATE_DEVIATION.value}
    ):
        open_case(
            order,
            CaseKind.DATE_DEVIATION,
            _("Planned for {0}, left on {1}: {2} days.").format(
                frappe.format(planned, {"fieldtype": "Date"}),
                frappe.format(getdate(shipment.shipped_at), {"fieldtype": "Date"}),
                days,
            ),
            shipment=shipment.name,
        )


def note_late_arrivals() -> None:
    """Job: goods on their way that should have arrived open a case of delay, each once (R-296, R-308)."""
    rows = frappe.db.sql(
        """select s.name, s.order_id, s.arrive_by from `tabShipment` s
        where s.shipment_state in %(on_its_way)s and s.arrive_by < %(now)s and not exists (
            select 1 from `tabDelivery Case` c where c.shipment = s.name and c.kind = %(delay)s)
        order by s.arrive_by limit %(most)s""",
        {
            "on_its_way": tuple(state.value for state in LEFT_WAREHOUSE - {ShipmentState.DELIVERED}),
            "now": now_datetime(),
            "delay": CaseKind.DELAY.value,
            "most": MOST_CASES,
        },
        as_dict=True,
    )
    for row in rows:
        open_case(
            locked_order(row.order_id),
            CaseKind.DELAY,
            _("The goods should have arrived by {0} and are still on their way.").format(
                frappe.format(row.arrive_by, {"fieldtype": "Datetime"})
            ),
            shipment=row.name,
        )
