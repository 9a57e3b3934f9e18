"""Departments answer one review at one moment, over HTTP, each with a connection (R-088, R-092, R-386)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import frappe
import pytest

from order_flow.defaults.shipped_reviews import PMC
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.domain.states import OrderState, OrderStep, Role
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, at_once
from tests.site.support.review_cases import departments, sent_to_review

OK, RULE = 200, 417
ANSWER = "method/order_flow.api.reviews.answer"


@pytest.fixture
def checklist(site: Any) -> Iterator[Any]:
    """A committed review of five departments."""
    order, found = sent_to_review(PMC)
    frappe.db.commit()
    yield found
    remove_orders([order.name])


def answers(callers: Callers, checklist: Any, words: dict[Department, Answer]) -> list[Any]:
    """Every department answers at the same moment."""
    return at_once(
        [
            partial(
                callers.fresh(ROLES_OF_DEPARTMENT[department][0]).post,
                ANSWER,
                checklist=checklist.name,
                department=department.value,
                answer=word.value,
                remark="at the same moment",
            )
            for department, word in words.items()
        ]
    )


def test_five_answers_at_once_are_all_kept(callers: Callers, checklist: Any) -> None:
    """None overwrites another, and the last one closes the review once."""
    replies = answers(callers, checklist, dict.fromkeys(departments(checklist), Answer.YES))
    assert [reply.status_code for reply in replies] == [OK] * 5, [reply.text for reply in replies]
    frappe.db.rollback()
    stored = frappe.get_doc("Review Checklist", checklist.name)
    assert {row.answer for row in stored.answers} == {Answer.YES.value}
    assert {row.answered_by for row in stored.answers} == _people(stored)
    assert stored.status == ReviewStatus.AGREED.value
    events = {"order_id": stored.order_id, "step": "Review Agreed"}
    assert frappe.db.count("Order Event", events) == 1


def _people(checklist: Any) -> set[str]:
    return {
        f"{ROLES_OF_DEPARTMENT[Department(row.department)][0].value.lower()}@test.example.com"
        for row in checklist.answers
    }


def test_two_refusals_at_once_return_the_order_once(callers: Callers, checklist: Any) -> None:
    """The second is told that the review is over."""
    words = {Department.QUALITY: Answer.NO, Department.PURCHASING: Answer.NO}
    replies = answers(callers, checklist, words)
    assert sorted(reply.status_code for reply in replies) == [OK, RULE], [reply.text for reply in replies]
    frappe.db.rollback()
    order = checklist.order_id
    assert frappe.db.get_value("Order", order, "workflow_state") == OrderState.UNCONFIRMED.value
    returned = {"order_id": order, "step": OrderStep.RETURN_TO_ENTRY.value}
    assert frappe.db.count("Order Event", returned) == 1


def test_over_http_nobody_writes_the_answers_himself(callers: Callers, checklist: Any) -> None:
    """R-092: the framework's own resource interface, the row included."""
    row = checklist.answers[0].name
    for role in (Role.QUALITY, Role.ORDER_DESK, Role.SALES_MANAGER):
        caller = callers.fresh(role)
        for path, body in (
            (f"resource/Review Checklist/{checklist.name}", {"status": "Agreed"}),
            (f"resource/Department Answer/{row}", {"answer": "Yes"}),
        ):
            assert caller.put(path, **body).status_code in (403, RULE)
    frappe.db.rollback()
    stored = frappe.get_doc("Review Checklist", checklist.name)
    assert (stored.status, {line.answer for line in stored.answers}) == (ReviewStatus.OPEN.value, {"Open"})
