"""A request for a higher credit limit goes from hand to hand, as ``domain/money/credit_raise`` says
(R-164)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, nowdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.message import Message
from order_flow.domain.money.credit_raise import (
    CREDIT_RAISE,
    REQUESTER_ROLES,
    RaiseRefused,
    RaiseState,
    RaiseStep,
    RaiseTransition,
    check_decision,
    no_such_step,
)
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.money.credit import grant_temporary_limit
from order_flow.flow.records.guards import differs
from order_flow.flow.records.steps import JudgedSteps
from order_flow.flow.refusals import StepRefused, only, refuse_rule
from order_flow.flow.tasks.giving import keep_task
from order_flow.flow.terms.credit import credit_of, standing_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.credit_raise_request.credit_raise_request import CreditRaiseRequest

_SIGNED_AS: dict[Role, str] = {
    Role.SALES_MANAGER: "sales",
    Role.MARKETING_DIRECTOR: "director",
    Role.FINANCE: "finance",
}
"""Whose decision stands in which fields."""
_DECIDED = tuple(f"{who}_decided_{what}" for who in _SIGNED_AS.values() for what in ("by", "at"))
_SYSTEM_FIELDS = ("requested_by", "present_limit", "present_exposure", *_DECIDED)
_CONTENT = ("customer", "order_id", "requested_limit", "valid_until", "reason")


def open_request(request: CreditRaiseRequest) -> None:
    """Start a request: by whom, and what the customer may and does owe today.

    Args:
        request: the new Credit Raise Request.

    Raises:
        frappe.PermissionError: not one of those who speak with customers.
        StepRefused: it starts elsewhere than at its beginning, or raises nothing.
    """
    only(REQUESTER_ROLES, _("Asking for a higher credit limit"))
    if (request.workflow_state or RaiseState.REQUESTED) != RaiseState.REQUESTED:
        frappe.throw(_("A request starts as requested. Leave the state out."), StepRefused)
    request.workflow_state = RaiseState.REQUESTED.value
    for fieldname in _DECIDED:
        request.set(fieldname, None)
    request.refusal_reason = None
    request.requested_by = frappe.session.user
    customer = frappe.get_doc("Customer", request.customer)
    request.present_limit = float(credit_of(customer).limit_on(getdate(nowdate())) or 0)
    request.present_exposure = float(standing_of(request.customer).exposure)
    _check_wish(request)


def _check_wish(request: CreditRaiseRequest) -> None:
    if to_decimal(request.requested_limit) <= to_decimal(request.present_limit):
        frappe.throw(
            _("{0} is not above the present limit of {1}. Enter the whole limit wished for.").format(
                request.requested_limit, request.present_limit
            ),
            StepRefused,
        )
    if getdate(request.valid_until) < getdate(nowdate()):
        frappe.throw(_("The higher limit would have ended already. Enter a day to come."), StepRefused)


def follow_request(request: CreditRaiseRequest) -> None:
    """Check a later save of a request: content stays, and a decision is its role's (R-164).

    Args:
        request: the Credit Raise Request in the middle of a save.

    Raises:
        StepRefused: changed content, a step the table does not have, or not this person's.
    """
    before = request.get_doc_before_save()
    guarded = _SYSTEM_FIELDS if frappe.session.user == before.requested_by else (*_SYSTEM_FIELDS, *_CONTENT)
    source, target = RaiseState(before.workflow_state), RaiseState(request.workflow_state)
    if source is not RaiseState.REQUESTED:
        guarded = (*_SYSTEM_FIELDS, *_CONTENT)
    touched = [name for name in guarded if differs(request, before, request.meta.get_field(name))]
    if touched:
        frappe.throw(
            _("These fields of the request do not change any more: {0}.").format(
                ", ".join(_(request.meta.get_label(name)) for name in touched)
            ),
            StepRefused,
        )
    if source is target:
        _check_wish(request)
        return
    transition = RAISE_STEPS.judge(request, source, target)
    if transition is not None:
        _follow_decision(request, transition)


def _refuse_state(_request: CreditRaiseRequest, source: RaiseState, target: RaiseState) -> NoReturn:
    refuse_rule(no_such_step(source, target))


def _ask_decider(request: CreditRaiseRequest, transition: RaiseTransition) -> None:
    before = request.get_doc_before_save()
    try:
        check_decision(
            transition,
            frozenset(frappe.get_roles()),
            user=frappe.session.user,
            requesters=(before.requested_by, before.owner),
            deciders_before=[before.get(f"{who}_decided_by") for who in _SIGNED_AS.values()],
            refusal=request.refusal_reason or "",
        )
    except RaiseRefused as error:
        refuse_rule(error)


RAISE_STEPS: Final = JudgedSteps(table=CREDIT_RAISE, refuse_state=_refuse_state, conditions=(_ask_decider,))


def _follow_decision(request: CreditRaiseRequest, transition: RaiseTransition) -> None:
    _sign(request, transition)
    if transition.step is RaiseStep.GRANT:
        _check_wish(request)
        grant_temporary_limit(request)
    elif transition.step is RaiseStep.REFUSE:
        _ask_to_talk_to_the_customer(request)


def _sign(request: CreditRaiseRequest, transition: RaiseTransition) -> None:
    (decider,) = CREDIT_RAISE.takers(transition)
    who = _SIGNED_AS[decider]
    request.set(f"{who}_decided_by", frappe.session.user)
    request.set(f"{who}_decided_at", now_datetime())


def _ask_to_talk_to_the_customer(request: CreditRaiseRequest) -> None:
    text = Message(
        "The higher limit for {0} was refused: {1}. Talk to the customer.",
        request.customer_name,
        request.refusal_reason,
    )
    keep_task(Role.SALES, request, TaskReason.RAISE_REFUSED, text, person=request.requested_by or "")
