"""Reviews on the site: who is asked, what answers do to the order, rounds, meetings (R-076..R-092, K-13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime

from order_flow.api.orders import why
from order_flow.defaults.shipped_reviews import ADD, APPAREL, OMM, PMC
from order_flow.domain.reviews.model import MeetingKind, ReviewEvent, ReviewStatus
from order_flow.domain.reviews.sign_offs import Answer, Department
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import locked_checklist, start_review
from order_flow.flow.reviews.meetings import Meeting, record_meeting
from order_flow.flow.reviews.promises import promise_date
from order_flow.flow.sign_offs.answers import answer, delegate
from tests.site.support.builders import acting_as, user_of
from tests.site.support.review_cases import (
    agree,
    answer_for,
    departments,
    events_of,
    minutes_file,
    only_gates_of_the_review,
    reviewed_order,
    sent_to_review,
    under_review_at_planning,
)

_D = Department


@pytest.fixture(autouse=True)
def _on_site(site: Any) -> Iterator[None]:
    """Every test of this module works on the site, without the gates and numbers of other parts."""
    with only_gates_of_the_review():
        yield


@pytest.mark.parametrize(
    ("profile", "values", "asked"),
    [
        (OMM, {}, {_D.SALES, _D.PRODUCTION, _D.MATERIAL_CONTROL}),
        (
            OMM,
            {"needs_new_design": 1},
            {_D.SALES, _D.TECHNOLOGY, _D.PRODUCTION, _D.MATERIAL_CONTROL},
        ),
        (PMC, {}, {_D.PLANNING, _D.TECHNOLOGY, _D.QUALITY, _D.PURCHASING, _D.PRODUCTION}),
        (APPAREL, {}, {_D.SALES, _D.PURCHASING, _D.PLANNING}),
        (
            OMM,
            {"project_order": 1},
            {_D.SALES, _D.PRODUCTION, _D.MATERIAL_CONTROL, _D.FINANCE, _D.TECHNOLOGY},
        ),
    ],
)
def test_who_is_asked(profile: str, values: dict[str, Any], asked: set[Department]) -> None:
    """R-078, R-079, R-083, R-087, R-088, R-089, K-13."""
    order, checklist = sent_to_review(profile, **values)
    assert set(departments(checklist)) == asked
    assert (order.review_status, checklist.status, checklist.round) == ("In Review", "In Review", 1)
    assert ReviewEvent.OPENED.value in dict(events_of(order.name))


def test_the_first_order_of_a_customer_is_reviewed_and_no_later_one() -> None:
    """R-076, K-11: with the codes of the form."""
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": "Review Customer"}).insert().name
    _order, checklist = under_review_at_planning(ADD, customer=customer)
    assert (checklist.templates, checklist.form_code) == ("ADD New Customer", "ADD-PCD-SD-003.F3E")
    assert checklist.form_code_alias == "ADD-PCD-SD-003.F4E"
    agree(checklist)
    take_step(locked_order(checklist.order_id), OrderStep.CONFIRM)
    second = reviewed_order(ADD, customer=customer)
    with acting_as(user_of(Role.ORDER_DESK)), pytest.raises(StepRefused, match="needs no review"):
        start_review(second.name)


def test_a_web_shop_order_is_reviewed_without_a_checklist() -> None:
    """V1.0 stays as it is: no template applies."""
    order = reviewed_order("Web Shop")
    take_step(locked_order(order.name), OrderStep.SEND_TO_REVIEW)
    order.reload()
    assert order.workflow_state == OrderState.UNDER_REVIEW.value
    assert not order.review_status
    assert not frappe.db.count("Review Checklist", {"order_id": order.name})


def test_all_required_answers_agree_and_the_order_may_be_confirmed() -> None:
    """R-092: each answer with person and time."""
    order, checklist = sent_to_review(OMM)
    asked = departments(checklist)
    for department in asked[:-1]:
        assert answer_for(checklist.name, department).status == "In Review"
    with pytest.raises(StepRefused, match="waits for the answers of: Material Control"):
        take_step(locked_order(order.name), OrderStep.CONFIRM)
    checklist = answer_for(checklist.name, asked[-1], remark="capacity is there")
    assert checklist.status == ReviewStatus.AGREED.value
    assert checklist.closed_at and not checklist.waiting_for
    row = checklist.answers[-1]
    assert (row.answered_by, row.remark) == (user_of(Role.PLANNING), "capacity is there")
    assert row.answered_at
    order = locked_order(order.name)
    assert order.review_status == ReviewStatus.AGREED.value
    take_step(order, OrderStep.CONFIRM)
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.CONFIRMED.value


def test_an_order_is_not_confirmed_past_its_review() -> None:
    """R-092: the gate names the templates."""
    order = reviewed_order(OMM)
    with pytest.raises(StepRefused, match="have not reviewed the order \\(OMM Regular Order\\)"):
        take_step(locked_order(order.name), OrderStep.CONFIRM)


def test_a_refusal_returns_the_order_and_a_new_round_keeps_the_old_one() -> None:
    """R-092: by the ordinary step, with the reason in the timeline."""
    order, first = sent_to_review(OMM)
    answer_for(first.name, _D.SALES)
    first = answer_for(first.name, _D.PRODUCTION, Answer.NO, "the line is full in March")
    order.reload()
    assert (first.status, order.workflow_state) == ("Refused", OrderState.UNCONFIRMED.value)
    assert "the line is full in March" in first.outcome
    returned = [remark for step, remark in events_of(order.name) if step == OrderStep.RETURN_TO_ENTRY.value]
    assert len(returned) == 1
    assert "the line is full in March" in returned[0]
    with pytest.raises(StepRefused, match="refused the order in review"):
        take_step(locked_order(order.name), OrderStep.CONFIRM)
    with pytest.raises(StepRefused, match="answers are taken while it is open only"):
        answer_for(first.name, _D.MATERIAL_CONTROL)
    order.reload()
    order.requested_delivery_at = add_days(now_datetime(), 90)
    order.save()
    take_step(locked_order(order.name), OrderStep.SEND_TO_REVIEW)
    order.reload()
    second = frappe.get_doc("Review Checklist", order.review_checklist)
    assert (second.round, second.status, second.name != first.name) == (2, "In Review", True)
    kept = frappe.get_doc("Review Checklist", first.name)
    assert [row.answer for row in kept.answers] == [row.answer for row in first.answers]


def test_a_material_change_takes_a_running_review_back() -> None:
    """Who judged another content judges again; a new phone number takes nothing back."""
    order, checklist = under_review_at_planning(PMC)
    answer_for(checklist.name, _D.QUALITY)
    order.reload()
    order.mobile = "13911112222"
    order.save()
    assert frappe.db.get_value("Review Checklist", checklist.name, "status") == "In Review"
    order.items[0].quantity = 99
    order.save()
    order.reload()
    assert (order.review_status, frappe.db.get_value("Review Checklist", checklist.name, "status")) == (
        "Withdrawn",
        "Withdrawn",
    )
    assert ReviewEvent.WITHDRAWN.value in dict(events_of(order.name))
    with acting_as(user_of(Role.PLANNING)):
        assert start_review(order.name).round == 2


@pytest.mark.parametrize("step", [OrderStep.RETURN_TO_ENTRY, OrderStep.CANCEL])
def test_an_order_that_leaves_its_review_takes_it_along(step: OrderStep) -> None:
    order, checklist = sent_to_review(OMM)
    document = locked_order(order.name)
    document.flags.warehouse_agreed = True
    take_step(document, step)
    assert frappe.db.get_value("Review Checklist", checklist.name, "status") == "Withdrawn"


def test_large_orders_go_through_their_levels() -> None:
    """R-081: the general manager is asked after the sales manager; nobody answers for his own order."""
    lines = [{"product": "TEST-A", "quantity": 1, "unit_price": 600_000}]
    _order, checklist = sent_to_review(OMM, items=lines)
    assert "Amount Band Two" in checklist.templates
    with pytest.raises(StepRefused, match="Level 1 of the approval is still open"):
        answer_for(checklist.name, _D.GENERAL_MANAGEMENT)
    for department in departments(checklist):
        if department is not _D.GENERAL_MANAGEMENT:
            answer_for(checklist.name, department)
    answer_for(checklist.name, _D.GENERAL_MANAGEMENT)
    checklist.reload()
    assert (checklist.status, checklist.waiting_for) == ("In Review", "Technical Briefing, Review Meeting")


def test_nobody_answers_for_his_own_order_where_the_template_forbids_it() -> None:
    """Also not as sales representative."""
    lines = [{"product": "TEST-A", "quantity": 1, "unit_price": 600_000}]
    manager = user_of(Role.SALES_MANAGER)
    _order, checklist = sent_to_review(OMM, items=lines, sales_rep=manager)
    with pytest.raises(frappe.PermissionError, match="your own order"):
        answer_for(checklist.name, _D.SALES_MANAGEMENT)


def test_why_says_what_the_only_manager_does_about_his_own_order() -> None:
    """Everybody of the department had a hand in it: he delegates, and the deputy answers."""
    lines = [{"product": "TEST-A", "quantity": 1, "unit_price": 600_000}]
    manager, deputy = user_of(Role.SALES_MANAGER), user_of(Role.MARKETING_DIRECTOR)
    order, checklist = sent_to_review(OMM, items=lines, sales_rep=manager)
    frappe.db.delete("Has Role", {"role": Role.SALES_MANAGER.value, "parent": ("!=", manager)})
    second = frappe.get_doc(
        doctype="Has Role",
        parent=user_of(Role.FINANCE),
        parenttype="User",
        parentfield="roles",
        role=Role.SALES_MANAGER.value,
    )
    second.db_insert()
    assert "everybody had a hand" not in why(order.name)["sentence"]
    frappe.db.delete("Has Role", second.name)
    assert "Of Sales Management everybody had a hand" in why(order.name)["sentence"]
    with acting_as(manager):
        delegate(locked_checklist(checklist.name), _D.SALES_MANAGEMENT, deputy)
    with acting_as(deputy):
        answer(locked_checklist(checklist.name), _D.SALES_MANAGEMENT, Answer.YES)
    assert "Sales Management" not in why(order.name)["sentence"]


def meeting(kind: MeetingKind, **more: Any) -> Meeting:
    """A meeting that was held a moment ago, with minutes that sales uploaded."""
    values = {"held_at": now_datetime(), "participants": "Wang, Li", "minutes": ""}
    return Meeting(kind, **{**values, **more})


def test_above_half_a_million_briefing_and_meeting_are_recorded() -> None:
    """R-080: not held, not confirmed; date, participants and minutes."""
    lines = [{"product": "TEST-A", "quantity": 1, "unit_price": "500001"}]
    order, checklist = sent_to_review(OMM, items=lines)
    agree_in_levels(checklist)
    with pytest.raises(StepRefused, match="Technical Briefing, Review Meeting: not held"):
        take_step(locked_order(order.name), OrderStep.CONFIRM)
    with acting_as(user_of(Role.ORDER_DESK)):
        minutes = minutes_file(Role.ORDER_DESK)
        record_meeting(checklist.name, meeting(MeetingKind.BRIEFING, minutes=minutes))
        closed = record_meeting(checklist.name, meeting(MeetingKind.REVIEW, minutes=minutes))
    assert closed.status == ReviewStatus.AGREED.value
    take_step(locked_order(order.name), OrderStep.CONFIRM)


def agree_in_levels(checklist: Any) -> None:
    """Everybody agrees, the first level before the second."""
    rows = sorted(checklist.answers, key=lambda row: row.level)
    for department in dict.fromkeys(Department(row.department) for row in rows):
        answer_for(checklist.name, department)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"participants": " "}, "participants"),
        ({"minutes": ""}, "minutes"),
        ({"kind": MeetingKind.BRIEFING}, "was not found"),
        ({"held_at": datetime(2099, 1, 1)}, "still to come"),
        ({}, "study the documents"),
    ],
)
def test_a_meeting_that_is_not_recorded_properly(values: dict[str, Any], message: str) -> None:
    """R-080, R-084: three days for the documents, then the meeting."""
    _order, checklist = sent_to_review(APPAREL, needs_new_design=1)
    given = {"kind": MeetingKind.REVIEW, "minutes": "/private/files/not-there.pdf", **values}
    with acting_as(user_of(Role.SALES)), pytest.raises(StepRefused, match=message):
        record_meeting(checklist.name, meeting(**given))
    assert frappe.db.count("Review Meeting", {"parent": checklist.name}) == 0


def test_a_non_regular_style_is_studied_three_days_then_the_meeting_fixes_the_date() -> None:
    """R-084, R-085: the final date becomes the promised date when the review is agreed."""
    order, checklist = sent_to_review(APPAREL, needs_new_design=1)
    assert getdate(checklist.meeting_from) == getdate(add_days(checklist.opened_at, 3))
    agree(checklist)
    # Three days later.
    frappe.db.set_value("Review Checklist", checklist.name, "meeting_from", getdate())
    delivery = getdate(add_days(getdate(), 40))
    with acting_as(user_of(Role.SALES)):
        record_meeting(
            checklist.name,
            meeting(
                MeetingKind.REVIEW,
                minutes=minutes_file(Role.SALES),
                purchase_date=getdate(add_days(getdate(), 10)),
                delivery_date=delivery,
            ),
        )
    order.reload()
    assert (order.review_status, getdate(order.promised_date)) == ("Agreed", delivery)


def test_stated_prices_and_dates_stay_with_the_answer() -> None:
    """R-084, R-087: each department states price and date."""
    _order, checklist = sent_to_review(APPAREL, needs_new_design=1)
    checklist = answer_for(
        checklist.name,
        _D.PURCHASING,
        stated_date=getdate("2027-01-15"),
        stated_price=Decimal("12.34"),
    )
    rows = [row for row in checklist.answers if row.department == _D.PURCHASING.value]
    assert {(getdate(row.stated_date), row.stated_price) for row in rows} == {(getdate("2027-01-15"), 12.34)}


def test_the_customers_acknowledgement_is_attached() -> None:
    """R-086: a shortened cycle needs the customer's word."""
    _order, checklist = sent_to_review(APPAREL, shortened_cycle=1)
    with pytest.raises(StepRefused, match="needs an attachment"):
        answer_for(checklist.name, _D.SALES)
    url = minutes_file(Role.SALES)
    checklist = answer_for(checklist.name, _D.SALES, attachment=url)
    assert {row.attachment for row in checklist.answers if row.department == _D.SALES.value} == {url}
    attached = frappe.db.get_value("File", {"file_url": url}, ["attached_to_doctype", "attached_to_name"])
    assert attached == ("Review Checklist", checklist.name)


def test_a_department_may_change_its_mind_while_the_review_runs() -> None:
    _order, checklist = sent_to_review(OMM)
    answer_for(checklist.name, _D.SALES)
    checklist = answer_for(checklist.name, _D.SALES, Answer.NO, "the customer wants it earlier")
    assert checklist.status == ReviewStatus.REFUSED.value


def test_reviews_and_templates_are_kept() -> None:
    """R-382."""
    _order, checklist = sent_to_review(OMM)
    for document in (checklist, frappe.get_doc("Review Template", "OMM Regular Order")):
        with pytest.raises(StepRefused, match="kept"):
            frappe.delete_doc(document.doctype, document.name)


def test_two_answers_at_once_do_not_overwrite_each_other() -> None:
    """The second reads the first one's answer, because the order's row is locked first."""
    _order, checklist = sent_to_review(PMC)
    stale = locked_checklist(checklist.name)
    answer_for(checklist.name, _D.QUALITY)
    stale.flags.answers_open = True
    with pytest.raises(frappe.TimestampMismatchError):
        stale.save(ignore_permissions=True)


@pytest.mark.parametrize("where", ["order", "line", "arrival"])
def test_no_date_is_promised_before_the_review(where: str) -> None:
    """R-085: neither for the order, its arrival, nor for one of its lines, neither at its entry nor later."""

    def promise(order: Any) -> None:
        place = order.items[0] if where == "line" else order
        place.set("expected_arrival" if where == "arrival" else "promised_date", add_days(getdate(), 40))

    order = reviewed_order(APPAREL, needs_new_design=1)
    promise(order)
    with pytest.raises(StepRefused, match="Nobody promises a date before the review"):
        order.save()
    again = frappe.copy_doc(frappe.get_doc("Order", order.name), ignore_no_copy=False)
    promise(again)
    with pytest.raises(StepRefused, match="Nobody promises a date before the review"):
        again.insert()


def test_a_promise_to_a_regular_style_ends_when_it_is_regular_no_more() -> None:
    """R-085: neither the order's date nor its arrival nor a line's stays; the customer's wish does."""
    day = add_days(getdate(), 40)
    order = reviewed_order(APPAREL, promised_date=day, expected_arrival=day, requested_delivery_at=day)
    order.items[0].promised_date = day
    order.save()
    order.reload()
    assert getdate(order.items[0].promised_date) == day
    order.needs_new_design = 1
    order.save()
    order.reload()
    assert (order.promised_date, order.expected_arrival) == (None, None)
    assert {line.promised_date for line in order.items} == {None}
    assert getdate(order.requested_delivery_at) == day
    (taken_back,) = [remark for step, remark in events_of(order.name) if step == "Promised Date Taken Back"]
    assert str(day) in taken_back
    with pytest.raises(StepRefused, match="Nobody promises a date before the review"):
        promise_date(order.name, day)


def open_tasks(checklist: str) -> list[str]:
    """Roles that have an open task about a review."""
    filters = {"reference_name": checklist, "status": "Open"}
    return sorted(frappe.get_all("ToDo", filters=filters, pluck="role"))


def test_who_is_asked_has_a_task_until_he_has_answered() -> None:
    """The inbox of a department; the second level hears when its turn comes (R-081)."""
    lines = [{"product": "TEST-A", "quantity": 1, "unit_price": 600_000}]
    _order, checklist = sent_to_review(OMM, items=lines)
    first_level = ["Planning", "Production", "Sales", "Sales Manager", "Technology"]
    assert open_tasks(checklist.name) == first_level
    answer_for(checklist.name, _D.PRODUCTION)
    assert open_tasks(checklist.name) == [role for role in first_level if role != "Production"]
    for department in departments(checklist):
        if department is not _D.GENERAL_MANAGEMENT:
            answer_for(checklist.name, department)
    assert open_tasks(checklist.name) == ["General Manager"]
    answer_for(checklist.name, _D.GENERAL_MANAGEMENT, Answer.NO, "too risky")
    assert open_tasks(checklist.name) == []


def test_a_confirmation_asks_the_departments_where_planning_demands_it() -> None:
    """R-076, R-088: the gate at the release to planning demands a review; it is opened by itself."""
    order = reviewed_order(PMC)
    take_step(locked_order(order.name), OrderStep.CONFIRM)
    order.reload()
    assert (order.workflow_state, order.review_status) == (OrderState.CONFIRMED.value, "In Review")
    shop = reviewed_order("Web Shop")
    take_step(locked_order(shop.name), OrderStep.CONFIRM)
    assert not frappe.db.count("Review Checklist", {"order_id": shop.name})
