"""Contracts, effectiveness, production notices, ways out of an order: policies of rows (R-114..R-154)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.api.orders import record_payment
from order_flow.defaults.shipped_reviews import OMM, PMC
from order_flow.domain.gates import review
from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.gates.overrides import OverrideKind
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, PaymentTerm, Role
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.lifecycle.evidence import record_evidence
from order_flow.flow.lifecycle.overriding import override_gate
from order_flow.flow.lifecycle.planning import release_to_planning
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import locked_checklist
from order_flow.flow.sign_offs.answers import Answer, answer
from tests.site.support.builders import acting_as, new_order, order_in, user_of
from tests.site.support.gate_orders import ONLY_EVIDENCE, complete_order, paper
from tests.site.support.review_cases import (
    answer_for,
    channel_of,
    departments,
    reviewed_order,
    sent_to_review,
)

_D = Department
REVIEW = tuple(rule.code for rule in review.RULES)
IN_FORCE = (GateCode.CONFIRMATION_NOT_PROVEN, GateCode.ORDER_UNCONFIRMED, GateCode.PREPAYMENT_MISSING)


@contextmanager
def only_gates(profile: str, *wanted: GateCode) -> Iterator[None]:
    """A shipped profile with some of its gates, so that a test shows what these do."""
    document = frappe.get_doc("Flow Profile", profile)
    document.number_pattern = "Technical"
    labels = {code.label for code in wanted}
    document.set("gates", [row for row in document.gates if row.gate in labels])
    assert {row.gate for row in document.gates} == labels, "the profile ships these gates"
    document.save()
    try:
        yield
    finally:
        frappe.db.rollback()
        frappe.clear_document_cache("Flow Profile", profile)


def events_of(order: str) -> str:
    """What the timeline says, all remarks together."""
    remarks = frappe.get_all("Order Event", {"order_id": order}, pluck="remark")
    return " | ".join(filter(None, remarks))


def pay(order: str, amount: float, *, by: Role, reference: str = "T1") -> None:
    """Record money as somebody."""
    with acting_as(user_of(by)):
        record_payment(order, amount, reference)


CONTRACTS = [
    *(
        (term, _D.SALES_MANAGEMENT, Role.SALES_MANAGER, Role.MARKETING_DIRECTOR)
        for term in (PaymentTerm.CASH, PaymentTerm.BANK_TRANSFER, PaymentTerm.ONLINE)
    ),
    (PaymentTerm.MONTHLY_ACCOUNT, _D.MARKETING_MANAGEMENT, Role.MARKETING_DIRECTOR, Role.SALES_MANAGER),
]


@pytest.mark.parametrize("term, department, approver, other", CONTRACTS, ids=lambda one: str(one))
def test_a_contract_goes_to_whom_its_payment_term_says(
    site: Any, term: PaymentTerm, department: Department, approver: Role, other: Role
) -> None:
    """R-120: money first to the sales manager, monthly account to the marketing director; nobody else."""
    with only_gates(OMM, *REVIEW):
        order, checklist = sent_to_review(OMM, payment_term=term.value)
        managers = {_D.SALES_MANAGEMENT, _D.MARKETING_MANAGEMENT}
        assert set(departments(checklist)) & managers == {department}
        for known in departments(checklist):
            if known is not department:
                answer_for(checklist.name, known)
        with pytest.raises(StepRefused):
            take_step(locked_order(order.name), OrderStep.CONFIRM)
        for role in (other, Role.SALES, Role.ORDER_DESK, Role.FINANCE, Role.GENERAL_MANAGER):
            with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
                answer(locked_checklist(checklist.name), department, Answer.YES)
        with acting_as(user_of(approver)):
            answer(locked_checklist(checklist.name), department, Answer.YES)
        take_step(locked_order(order.name), OrderStep.CONFIRM)
        assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.CONFIRMED


def test_other_terms_ask_neither_manager_about_a_contract(site: Any) -> None:
    """R-120: only where the rule names the payment term."""
    with only_gates(OMM, *REVIEW):
        _order, checklist = sent_to_review(OMM, payment_term=PaymentTerm.CASH_ON_DELIVERY.value)
        assert {_D.SALES_MANAGEMENT, _D.MARKETING_MANAGEMENT}.isdisjoint(departments(checklist))


def signed(order: str) -> None:
    """The dealer's signed order form came back."""
    record_evidence(order, "Returned Order", "王先生", attachment=paper())


def omm_order() -> str:
    """An order form of OMM, paid before production."""
    return str(new_order(channel=channel_of(OMM), payment_term=PaymentTerm.BANK_TRANSFER.value).name)


def test_an_order_form_takes_effect_when_it_is_signed_and_paid(site: Any) -> None:
    """R-121: either alone gives no production instruction."""
    with only_gates(OMM, *IN_FORCE):
        order = omm_order()
        total = float(frappe.db.get_value("Order", order, "total"))
        with pytest.raises(StepRefused, match="Nothing proves"):
            take_step(locked_order(order), OrderStep.CONFIRM)
        signed(order)
        take_step(locked_order(order), OrderStep.CONFIRM)
        with pytest.raises(StepRefused, match="only after their money is seen"):
            release_to_planning(order)
        pay(order, total, by=Role.FINANCE)
        release_to_planning(order)
        assert frappe.db.get_value("Order", order, "planning_released_at")


def test_a_paid_form_that_nobody_signed_is_not_in_force(site: Any) -> None:
    """R-121: the money alone does not do."""
    with only_gates(OMM, *IN_FORCE):
        order = omm_order()
        pay(order, float(frappe.db.get_value("Order", order, "total")), by=Role.FINANCE)
        with pytest.raises(StepRefused, match="Nothing proves"):
            release_to_planning(order)
        assert not frappe.db.get_value("Order", order, "planning_released_at")


def test_an_unpaid_form_is_let_pass_by_name_only(site: Any) -> None:
    """R-121, K-14: the sales manager may, and the timeline says so; the order desk may not."""
    with only_gates(OMM, *IN_FORCE):
        order = omm_order()
        signed(order)
        take_step(locked_order(order), OrderStep.CONFIRM)
        words = {
            "kind": OverrideKind("Manager Override"),
            "reason": "known dealer",
            "due_date": add_days(nowdate(), 7),
        }
        for role in (Role.ORDER_DESK, Role.SALES, Role.FINANCE):
            with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
                override_gate(order, GateCode.PREPAYMENT_MISSING, CheckPoint.PLANNING, **words)
        with acting_as(user_of(Role.SALES_MANAGER)):
            override_gate(order, GateCode.PREPAYMENT_MISSING, CheckPoint.PLANNING, **words)
        release_to_planning(order)
        assert "known dealer" in events_of(order)


def test_a_prepaid_production_notice_is_verified_approved_and_issued(site: Any) -> None:
    """R-154: finance sees the money, the sales manager approves, the sales office issues; in this order."""
    with only_gates(PMC, *REVIEW, GateCode.PREPAYMENT_MISSING):
        order = reviewed_order(PMC, payment_term=PaymentTerm.PREPAYMENT.value)
        take_step(locked_order(order.name), OrderStep.CONFIRM)
        order.reload()
        checklist = order.review_checklist
        pay(order.name, order.total, by=Role.ORDER_DESK)
        with pytest.raises(StepRefused, match="only after their money is seen"):
            release_to_planning(order.name)
        with pytest.raises((StepRefused, frappe.PermissionError)):
            answer_for(checklist, _D.SALES_MANAGEMENT)
        payment = frappe.get_all("Order Payment", {"order_id": order.name}, pluck="name")[0]
        with acting_as(user_of(Role.FINANCE)):
            frappe.get_doc("Order Payment", payment).confirm()
        first = set(departments(frappe.get_doc("Review Checklist", checklist))) - {_D.SALES_MANAGEMENT}
        assert _D.FINANCE in first
        for department in first:
            answer_for(checklist, department)
        with acting_as(user_of(Role.ORDER_DESK)), pytest.raises(StepRefused):
            release_to_planning(order.name)
        answer_for(checklist, _D.SALES_MANAGEMENT)
        for role in (Role.SALES, Role.FINANCE, Role.WAREHOUSE):
            with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
                release_to_planning(order.name)
        with acting_as(user_of(Role.ORDER_DESK)):
            release_to_planning(order.name)
        assert frappe.db.get_value("Order", order.name, "planning_released_by") == user_of(Role.ORDER_DESK)


@pytest.mark.parametrize("family", list(PaymentFamily), ids=str)
@pytest.mark.parametrize(
    "state, end",
    [
        (OrderState.UNCONFIRMED, OrderState.VOIDED),
        (OrderState.CONFIRMED, OrderState.CANCELLED),
    ],
)
def test_an_objection_without_agreement_ends_the_order_without_liability(
    site: Any, family: PaymentFamily, state: OrderState, end: OrderState
) -> None:
    """R-114: in both branches; that nobody owes anything is kept in the timeline."""
    order = order_in(state, family)
    with acting_as(user_of(Role.ORDER_DESK)):
        request_cancellation(order.name, CancelReason.OBJECTION, "colour not accepted")
    stored = frappe.get_doc("Order", order.name)
    assert (stored.workflow_state, stored.cancel_reason) == (end.value, CancelReason.OBJECTION)
    assert stored.cancel_remark == "colour not accepted"
    assert "Void without liability on either side." in events_of(order.name)


def contract_order() -> str:
    """A confirmed order of a procedure with a release to planning."""
    order = complete_order(ONLY_EVIDENCE)
    take_step(locked_order(order.name), OrderStep.CONFIRM)
    return str(order.name)


def test_a_quality_fault_of_ours_is_called_off_by_the_sales_manager(site: Any) -> None:
    """R-128: clarified, approved, at the company's cost; refused without a trace for the order desk."""
    order = contract_order()
    before = frappe.db.sql("select * from `tabOrder` where name = %s", order)
    with acting_as(user_of(Role.ORDER_DESK)), pytest.raises(frappe.PermissionError, match="Sales Manager"):
        request_cancellation(order, CancelReason.QUALITY, "paint peels off")
    with acting_as(user_of(Role.SALES_MANAGER)), pytest.raises(StepRefused, match="what the quality fault"):
        request_cancellation(order, CancelReason.QUALITY, " ")
    assert frappe.db.sql("select * from `tabOrder` where name = %s", order) == before
    with acting_as(user_of(Role.SALES_MANAGER)):
        request_cancellation(order, CancelReason.QUALITY, "paint peels off")
    stored = frappe.get_doc("Order", order)
    assert stored.workflow_state == OrderState.CANCELLED
    assert stored.cancel_requested_by == user_of(Role.SALES_MANAGER)
    assert "The company bears the loss." in events_of(order)


def test_a_web_shop_cancels_for_quality_as_ever(site: Any) -> None:
    """R-128 is a rule of contract orders; V1.0 asks nobody."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    with acting_as(user_of(Role.ORDER_DESK)):
        assert request_cancellation(order.name, CancelReason.QUALITY) is OrderState.CANCELLED
