"""The rules of 订单管理办法 on the site: its kinds of change, customer's papers, contracts (R-134..R-140)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate

from order_flow.api.changes import contract, customer_answer, decide_review
from order_flow.defaults.shipped_change_kinds import OMM, SHIPPED_KINDS
from order_flow.domain.changes.model import ChangeState, ChangeStep, Involvement
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.refusals import StepRefused
from order_flow.flow.sign_offs import answers as sign_offs
from tests.site.support.builders import OFFLINE_CHANNEL, acting_as, order_in, user_of
from tests.site.support.change_lab import (
    answer_all,
    customer_agrees,
    departments_of,
    line_change,
    notice_of,
    order_change,
    paper,
    sent,
    take,
    written,
)

STRUCTURE = "Structure or Main Components"
DESK, PLANNING = user_of(Role.ORDER_DESK), user_of(Role.PLANNING)


@pytest.fixture
def order(site: Any) -> Iterator[Any]:
    """A confirmed order of a channel that follows 订单管理办法."""
    found = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    channel = frappe.get_doc("Sales Channel", OFFLINE_CHANNEL)
    channel.flow_profile = OMM
    channel.save()
    yield found
    frappe.db.rollback()
    frappe.clear_document_cache("Sales Channel", OFFLINE_CHANNEL)


def test_kinds_of_another_procedure_are_refused(site: Any) -> None:
    """A web shop's order does not change by a manufacturer's rules."""
    shop = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    with pytest.raises(StepRefused, match=OMM):
        written(shop, "Technical Change", line_change(shop, "model", "M2"))


@pytest.mark.parametrize("kind", [one.name for one in SHIPPED_KINDS if one.flow_profile == OMM])
def test_every_kind_asks_and_informs_as_written(order: Any, kind: str) -> None:
    """R-134..R-140: who answers, who is informed, and the customer's request first where it must be."""
    change = (
        order_change("promised_date", add_days(getdate(), 30))
        if kind == "Change of the Planned Date"
        else line_change(order, "specification", "blue")
    )
    if frappe.get_cached_value("Change Kind", kind, "customer_request"):
        with pytest.raises(StepRefused, match="written request"):
            sent(order, kind, change)
        frappe.db.set_value("Change Notice", {"order_id": order.name}, "change_state", "Withdrawn")
    notice = sent(order, kind, change, customer_request=paper())
    assert {row.department for row in notice.answers} == departments_of(kind, Involvement.ANSWERS)
    assert set(filter(None, (notice.informed or "").split(", "))) == departments_of(
        kind, Involvement.INFORMED
    )


def test_a_small_change_reaches_everybody_at_once(order: Any) -> None:
    """R-134: to avoid loss; the production manager answers."""
    notice = sent(order, "Small Local Change", line_change(order, "specification", "blue"))
    told = set(frappe.get_all("ToDo", {"reference_name": notice.name}, pluck="role"))
    assert told == {"Production", "Planning", "Quality"}


def test_a_minor_technical_detail_needs_only_the_customers_paper(order: Any) -> None:
    """R-137: filed, no review."""
    notice = sent(
        order, "Minor Technical Detail", line_change(order, "specification", "blue"), customer_request=paper()
    )
    assert ChangeState(notice.change_state) is ChangeState.APPLIED
    assert frappe.get_doc("Order", order.name).items[0].specification == "blue"


def test_the_date_is_reviewed_again_and_the_customer_asked(order: Any) -> None:
    """R-135: head, production and planning, then the customer's agreement; a refusal ends it."""
    notice = answer_all(
        sent(order, "Change of the Planned Date", order_change("promised_date", add_days(getdate(), 30)))
    )
    with acting_as(DESK):
        with pytest.raises(StepRefused, match="Write down"):
            customer_answer(notice.name, "Refused")
        customer_answer(notice.name, "Refused", remark="too late")
    with pytest.raises(StepRefused, match="customer refused"):
        take(notice_of(notice.name), ChangeStep.APPROVE)
    customer_agrees(notice)
    take(notice_of(notice.name), ChangeStep.APPROVE)


def test_a_technical_change_waits_for_every_decision(order: Any) -> None:
    """R-138: order control decides on the review and a supplementary contract."""
    change = line_change(order, "model", "M2")
    notice = answer_all(sent(order, "Technical Change", change, customer_request=paper()))
    with pytest.raises(StepRefused, match=r"Decide whether the change.*Decide whether a supplementary"):
        take(notice, ChangeStep.APPROVE)
    with acting_as(DESK):
        with pytest.raises(frappe.PermissionError):
            decide_review(notice.name, wanted=False)
        contract(notice.name, "To Be Signed")
    with acting_as(PLANNING):
        decide_review(notice.name, wanted=False)
    with pytest.raises(StepRefused, match="not signed"):
        take(notice_of(notice.name), ChangeStep.APPROVE)
    with acting_as(DESK):
        with pytest.raises(StepRefused, match="signed contract"):
            contract(notice.name, "Signed")
        contract(notice.name, "Signed", paper())
    notice = take(notice_of(notice.name), ChangeStep.APPROVE)
    take(notice, ChangeStep.APPLY)
    assert frappe.get_doc("Order", order.name).items[0].model == "M2"


def test_an_approval_in_writing_comes_before_a_clarified_requirement(order: Any) -> None:
    """R-139."""
    notice = answer_all(sent(order, "Clarified Requirement", line_change(order, "specification", "blue")))
    with acting_as(DESK), pytest.raises(StepRefused, match="written answer"):
        customer_answer(notice.name, "Agreed")
    with pytest.raises(StepRefused, match="not agreed"):
        take(notice, ChangeStep.APPROVE)


def test_a_design_error_goes_in_writing_to_all_concerned_at_once(order: Any) -> None:
    """R-140: production, quality and supply."""
    notice = sent(order, "Design Error", line_change(order, "specification", "blue"), requested_by="Us")
    told = set(frappe.get_all("ToDo", {"reference_name": notice.name}, pluck="role"))
    assert {"Production", "Quality", "Purchasing"} <= told


def test_agreements_are_recorded_while_the_notice_is_under_review(order: Any) -> None:
    """Not before anybody is asked, and not when it is decided."""
    notice = written(order, "Design Error", line_change(order, "specification", "blue"))
    with acting_as(DESK), pytest.raises(StepRefused, match="while it is under review"):
        customer_answer(notice.name, "Agreed", paper=paper())
    with acting_as(user_of(Role.WAREHOUSE)), pytest.raises(frappe.PermissionError):
        customer_answer(notice.name, "Agreed", paper=paper())


def test_a_paper_is_a_file_that_exists(order: Any) -> None:
    notice = sent(order, "Clarified Requirement", line_change(order, "specification", "blue"))
    with acting_as(DESK), pytest.raises(StepRefused, match="not found"):
        customer_answer(notice.name, "Agreed", paper="/files/no-such-paper.pdf")


def test_structure_is_reviewed_like_a_non_regular_order(order: Any) -> None:
    """R-136, R-079: the review's departments agree before the notice is approved."""
    notice = sent(order, STRUCTURE, line_change(order, "specification", "steel frame"))
    checklist = frappe.get_doc("Review Checklist", notice.review_checklist)
    asked = {row.department for row in checklist.answers}
    assert {"Technology", "Production", "Material Control"} <= asked
    assert (checklist.status, notice.name in checklist.reason) == (ReviewStatus.OPEN, True)
    answer_all(notice)
    customer_agrees(notice)
    with acting_as(DESK):
        contract(notice.name, "Not Needed")
    with pytest.raises(StepRefused, match="review is not finished"):
        take(notice_of(notice.name), ChangeStep.APPROVE)
    answer_review(checklist)
    take(notice_of(notice.name), ChangeStep.APPROVE)
    take(notice_of(notice.name), ChangeStep.APPLY)
    assert frappe.get_doc("Order", order.name).items[0].specification == "steel frame"


def test_a_dropped_change_ends_its_review(order: Any) -> None:
    """The order's standing is what it was before anybody asked for the change."""
    before = order.review_status
    notice = sent(order, STRUCTURE, line_change(order, "specification", "steel frame"))
    take(notice, ChangeStep.WITHDRAW)
    assert (
        frappe.db.get_value("Review Checklist", notice.review_checklist, "status") == ReviewStatus.WITHDRAWN
    )
    assert (frappe.db.get_value("Order", order.name, "review_status") or None) == (before or None)


def test_order_control_may_ask_for_the_review(order: Any) -> None:
    """R-138."""
    change = line_change(order, "model", "M2")
    notice = sent(order, "Technical Change", change, customer_request=paper())
    assert not notice.review_checklist
    with acting_as(PLANNING):
        decide_review(notice.name, wanted=True)
    assert notice_of(notice.name).review_checklist


def answer_review(checklist: Any) -> None:
    """Every department of the review says yes."""
    for department in dict.fromkeys(row.department for row in checklist.answers):
        role = ROLES_OF_DEPARTMENT[Department(department)][0]
        with acting_as(user_of(role)):
            document = frappe.get_doc("Review Checklist", checklist.name, for_update=True)
            sign_offs.answer(document, Department(department), Answer.YES)
