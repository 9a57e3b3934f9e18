"""Who may answer, promise and decline, in every way in (R-085, R-092, R-093, K-13, K-27)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate

from order_flow.api.reviews import my_departments, waiting_for_me
from order_flow.defaults.shipped_reviews import APPAREL, OMM, PMC
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.cancelling.requests import CancelReason, decline_order
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import locked_checklist, start_review
from order_flow.flow.reviews.promises import promise_date
from order_flow.flow.sign_offs.answers import answer, delegate
from tests.site.support.builders import acting_as, user_of
from tests.site.support.review_cases import (
    agree,
    answer_for,
    only_gates_of_the_review,
    reviewed_order,
    sent_to_review,
    speaking_for,
)
from tests.site.support.ways_in import importer_of

_D = Department
REFUSED = (StepRefused, frappe.PermissionError)


@pytest.fixture(autouse=True)
def _on_site(site: Any) -> Iterator[None]:
    """Every test of this module works on the site, without the gates of other parts."""
    with only_gates_of_the_review():
        yield


@pytest.fixture
def checklist() -> Any:
    """A running review of five departments."""
    return sent_to_review(PMC)[1]


def stored(checklist: str) -> tuple[Any, ...]:
    """Everything a review and its order carry, to see that nothing changed."""
    order = checklist.rpartition("-R")[0]
    rows = frappe.db.sql(
        "select answer, answered_by, modified from `tabDepartment Answer` where parent = %s order by idx",
        checklist,
    )
    return (
        rows,
        frappe.db.sql("select status, modified from `tabReview Checklist` where name = %s", checklist),
        frappe.db.sql("select workflow_state, modified from `tabOrder` where name = %s", order),
        frappe.db.count("Order Event", {"order_id": order}),
    )


def _tampered(name: str) -> Any:
    document = frappe.get_doc("Review Checklist", name)
    document.answers[0].update({"answer": Answer.YES.value, "answered_by": frappe.session.user})
    return document


def save(name: str) -> object:
    """A script."""
    return _tampered(name).save()


def client_save(name: str) -> object:
    """``frappe.client.save``."""
    return frappe.call("frappe.client.save", frappe.as_json(_tampered(name).as_dict()))


def set_status(name: str) -> object:
    """``frappe.client.set_value`` on the checklist."""
    return frappe.call("frappe.client.set_value", "Review Checklist", name, "status", "Agreed")


def set_row(name: str) -> object:
    """``frappe.client.set_value`` on the row."""
    row = frappe.get_doc("Review Checklist", name).answers[0].name
    return frappe.call("frappe.client.set_value", "Department Answer", row, "answer", "Yes")


def save_row(name: str) -> object:
    """The row as a document of its own."""
    row = frappe.get_doc("Review Checklist", name).answers[0]
    row.answer = Answer.YES.value
    return row.save()


def delete_row(name: str) -> object:
    """The question taken away."""
    return frappe.delete_doc("Department Answer", frappe.get_doc("Review Checklist", name).answers[0].name)


def import_update(name: str) -> object:
    """Data Import's update."""
    values = frappe._dict({"name": name, "status": "Agreed"})
    return importer_of("Review Checklist").update_record(values)


def insert_another(name: str) -> object:
    """A checklist of one's own making."""
    order = name.rpartition("-R")[0]
    return frappe.get_doc(
        {"doctype": "Review Checklist", "order_id": order, "round": 7, "status": "Agreed"}
    ).insert()


def set_on_order(name: str) -> object:
    """The order's own standing."""
    return frappe.call(
        "frappe.client.set_value", "Order", name.rpartition("-R")[0], "review_status", "Agreed"
    )


WAYS_IN: tuple[Callable[[str], object], ...] = (
    save,
    client_save,
    set_status,
    set_row,
    save_row,
    delete_row,
    import_update,
    insert_another,
    set_on_order,
)


@pytest.mark.parametrize("user", ["Administrator", user_of(Role.PLANNING), user_of(Role.ORDER_DESK)])
@pytest.mark.parametrize("way", WAYS_IN, ids=lambda way: way.__name__)
def test_answers_come_through_their_method_only(
    checklist: Any, way: Callable[[str], object], user: str
) -> None:
    """R-092: not by form, REST, import or script, not even the department's own person."""
    before = stored(checklist.name)
    with acting_as(user), pytest.raises((*REFUSED, frappe.ValidationError)):
        way(checklist.name)
    assert stored(checklist.name) == before


OTHERS = [
    (department, role)
    for department in (_D.QUALITY, _D.PURCHASING)
    for role in Role
    if role not in ROLES_OF_DEPARTMENT[department]
]


@pytest.mark.parametrize(("department", "role"), OTHERS)
def test_nobody_answers_for_another_department(checklist: Any, department: Department, role: Role) -> None:
    """R-092: the whole role matrix, changes nothing."""
    before = stored(checklist.name)
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError, match="answers:"):
        answer(locked_checklist(checklist.name), department, Answer.YES)
    assert stored(checklist.name) == before


def test_the_administrator_answers_for_nobody(checklist: Any) -> None:
    """He holds every role on paper only."""
    with pytest.raises(frappe.PermissionError, match="For Quality answers"):
        answer(locked_checklist(checklist.name), _D.QUALITY, Answer.YES)
    assert my_departments() == []


def test_a_named_person_answers_where_the_department_delegates(checklist: Any) -> None:
    """R-092: with record; the person sees the review, and a foreign department cannot delegate."""
    clerk = user_of(Role.AFTER_SALES)
    with acting_as(clerk), pytest.raises(frappe.PermissionError):
        answer(locked_checklist(checklist.name), _D.QUALITY, Answer.YES)
    with acting_as(user_of(Role.FINANCE)), pytest.raises(frappe.PermissionError):
        delegate(locked_checklist(checklist.name), _D.QUALITY, clerk)
    with speaking_for(_D.QUALITY):
        delegate(locked_checklist(checklist.name), _D.QUALITY, clerk, "on leave")
    with acting_as(clerk):
        answer(locked_checklist(checklist.name), _D.QUALITY, Answer.YES)
        with pytest.raises(frappe.PermissionError):
            answer(locked_checklist(checklist.name), _D.PURCHASING, Answer.YES)
    row = next(
        row
        for row in frappe.get_doc("Review Checklist", checklist.name).answers
        if row.department == "Quality"
    )
    assert (row.answered_by, row.delegated_to, row.delegated_by) == (clerk, clerk, user_of(Role.QUALITY))
    assert frappe.db.exists("Comment", {"reference_name": checklist.name, "content": ("like", "%on leave%")})


def test_delegation_is_to_a_real_person(checklist: Any) -> None:
    with speaking_for(_D.QUALITY), pytest.raises(StepRefused, match="not an enabled user"):
        delegate(locked_checklist(checklist.name), _D.QUALITY, "nobody@example.com")


REFUSALS: list[tuple[str, Callable[[Any], object], str, str]] = [
    (
        "a No without a reason",
        lambda checklist: answer_for(checklist.name, _D.QUALITY, Answer.NO),
        "Say why",
        "请说明理由",
    ),
    (
        "an answer that is none",
        lambda checklist: answer_for(checklist.name, _D.QUALITY, Answer.OPEN),
        "Answer with Yes or No",
        "请回答“是”或“否”",
    ),
    (
        "a department that is not asked",
        lambda checklist: answer_for(checklist.name, _D.FINANCE),
        "does not ask Finance",
        "没有向财务提出此问题",
    ),
    (
        "a question that was not put",
        lambda checklist: answer_for(checklist.name, _D.QUALITY, question="May we go home?"),
        "does not ask Quality",
        "没有向质量提出此问题",
    ),
    (
        "a second review beside a running one",
        lambda checklist: start_as(Role.SALES, checklist.order_id),
        "no new review can be started",
        "现在不能发起新的评审",
    ),
]
"""Case, what provokes it, the refusal in English and in simplified Chinese."""


def start_as(role: Role, order: str) -> object:
    """Start a review as somebody."""
    with acting_as(user_of(role)):
        return start_review(order)


class in_language:
    """Speak to the users of the test in a language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __enter__(self) -> None:
        frappe.local.lang = self.language

    def __exit__(self, *_error: object) -> None:
        frappe.local.lang = "en"


@pytest.mark.parametrize(
    "role",
    [role for role in Role if role not in (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.PLANNING)],
)
def test_who_may_not_organise_a_review(role: Role) -> None:
    order = reviewed_order(PMC)
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
        start_review(order.name)
    assert not frappe.db.count("Review Checklist", {"order_id": order.name})


def test_nobody_promises_a_date_before_the_review() -> None:
    """R-085: by form, at entry, by import and by the button; it opens with the agreement."""
    day = getdate(add_days(getdate(), 30))
    with pytest.raises(StepRefused, match="Nobody promises a date before the review"):
        reviewed_order(APPAREL, needs_new_design=1, promised_date=day)
    order = reviewed_order(APPAREL, needs_new_design=1)
    order.promised_date = day
    with pytest.raises(StepRefused, match="Apparel Non-regular Style"):
        order.save()
    with pytest.raises(StepRefused, match="Nobody promises"):
        frappe.call("frappe.client.set_value", "Order", order.name, "promised_date", str(day))
    with acting_as(user_of(Role.SALES)), pytest.raises(StepRefused, match="Nobody promises"):
        promise_date(order.name, day)
    assert frappe.db.get_value("Order", order.name, "promised_date") is None
    assert reviewed_order(APPAREL, promised_date=day).promised_date == day


def test_a_date_is_promised_after_the_agreement_and_by_sales_only() -> None:
    """R-085, K-28."""
    day = getdate(add_days(getdate(), 30))
    order, checklist = sent_to_review(OMM)
    agree(checklist)
    with acting_as(user_of(Role.WAREHOUSE)), pytest.raises(frappe.PermissionError):
        promise_date(order.name, day)
    with acting_as(user_of(Role.SALES)):
        promise_date(order.name, day)
    take_step(locked_order(order.name), OrderStep.CONFIRM)
    with acting_as(user_of(Role.SALES)), pytest.raises(StepRefused, match="change notice"):
        promise_date(order.name, getdate(add_days(day, 5)))
    assert getdate(frappe.db.get_value("Order", order.name, "promised_date")) == day


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GENERAL_MANAGER])
def test_only_the_general_manager_declines_an_order(role: Role) -> None:
    """R-093, K-27."""
    order = reviewed_order(OMM)
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError, match="General Manager"):
        decline_order(order.name, "no capacity")
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.UNCONFIRMED.value


def test_declining_is_recorded_and_takes_the_review_along() -> None:
    """R-093: the reason is stored; the ordinary cancel step; not after the confirmation."""
    order, checklist = sent_to_review(OMM)
    with acting_as(user_of(Role.GENERAL_MANAGER)):
        with pytest.raises(StepRefused, match="Say why"):
            decline_order(order.name, " ")
        assert decline_order(order.name, "no capacity until May") is OrderState.VOIDED
        with pytest.raises(StepRefused, match="only an order that is not confirmed"):
            decline_order(order.name, "again")
    order.reload()
    assert (order.cancel_reason, order.cancel_remark) == (
        CancelReason.DECLINED.value,
        "no capacity until May",
    )
    assert order.cancel_requested_by == user_of(Role.GENERAL_MANAGER)
    assert frappe.db.get_value("Review Checklist", checklist.name, "status") == "Withdrawn"


def test_what_waits_for_my_department_is_counted(checklist: Any) -> None:
    """The inbox: a list filter and its number card."""
    with speaking_for(_D.QUALITY):
        before = waiting_for_me()["value"]
    answer_for(checklist.name, _D.QUALITY)
    with speaking_for(_D.QUALITY):
        assert waiting_for_me()["value"] == before - 1
    with acting_as(user_of(Role.FIELD_REP)):
        assert waiting_for_me()["value"] == 0


def test_a_field_rep_sees_the_reviews_of_his_own_orders_only(checklist: Any) -> None:
    with acting_as(user_of(Role.FIELD_REP)):
        assert not frappe.get_list("Review Checklist", filters={"name": checklist.name})
        assert not checklist.has_permission("read")


def test_json_of_the_row_ids_is_not_needed_to_answer(checklist: Any) -> None:
    """What a form or an integrator sends: names and words, nothing internal."""
    with speaking_for(_D.QUALITY):
        sent = json.dumps({"department": "Quality", "answer": "Yes"})
        reply = frappe.call("order_flow.api.reviews.answer", checklist=checklist.name, **json.loads(sent))
    assert reply["status"] == ReviewStatus.OPEN.value
    assert "Quality" not in reply["waiting_for"]
