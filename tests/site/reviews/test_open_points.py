"""Label and packing points: left open, settled ten days before production, late ones heard (R-077)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate

from dev.bench.statements import recorded_statements
from order_flow.defaults.shipped_reviews import ADD, OMM
from order_flow.domain.gates.model import CheckPoint, GateCode, Origin
from order_flow.domain.reviews.model import PointKind
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.gates.facts import gate_facts
from order_flow.flow.gates.judging import judge_planning, judge_point
from order_flow.flow.gates.review import review_facts
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import locked_checklist
from order_flow.flow.reviews.open_points import alert_late_points, leave_question_open, settle_point
from order_flow.flow.reviews.promises import set_production_start
from order_flow.flow.reviews.reminders import remind_late_departments
from order_flow.order_flow.report.review_efficiency.review_efficiency import execute
from tests.site.support.builders import acting_as, user_of
from tests.site.support.review_cases import (
    agree,
    answer_for,
    departments,
    only_gates_of_the_review,
    reviewed_order,
    sent_to_review,
    speaking_for,
    under_review_at_planning,
)

LABEL = "Are the label requirements clear?"
PRINT = "Are the packing print requirements clear?"


@pytest.fixture(autouse=True)
def _on_site(site: Any) -> Iterator[None]:
    """Every test of this module works on the site, without the gates of other parts."""
    with only_gates_of_the_review():
        yield


def day(offset: int) -> Any:
    """A day from today."""
    return getdate(add_days(getdate(), offset))


@pytest.fixture
def first_order() -> tuple[Any, Any]:
    """The confirmed first order of a customer and its running review."""
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": "Label Customer"}).insert().name
    order, checklist = under_review_at_planning(ADD, customer=customer)
    take_step(locked_order(order.name), OrderStep.CONFIRM)
    return frappe.get_doc("Order", order.name), checklist


def leave_open(checklist: str, question: str, until: Any, kind: PointKind = PointKind.LABEL) -> None:
    """Sales leaves a question open."""
    with speaking_for(Department.SALES):
        leave_question_open(
            locked_checklist(checklist), Department.SALES, question, until, "colours of the logo", kind
        )


def point_of(order: str) -> Any:
    """The order's only open point."""
    return frappe.get_doc("Open Point", {"order_id": order})


def planning_codes(order: str) -> set[GateCode]:
    """What stops the release to planning."""
    return {gate.code for gate in judge_planning(frappe.get_doc("Order", order)).stops}


def test_label_points_stay_open_and_the_order_goes_to_planning(first_order: tuple[Any, Any]) -> None:
    """R-069, R-076, R-077: everything else must be clear."""
    order, checklist = first_order
    assert GateCode.REVIEW_OUTSTANDING in planning_codes(order.name)
    leave_open(checklist.name, LABEL, day(20))
    leave_open(checklist.name, PRINT, day(20), PointKind.PACKING_PRINT)
    asked = {row.question for row in checklist.answers if row.department == "Sales"} - {LABEL, PRINT}
    for question in sorted(asked):
        answer_for(checklist.name, Department.SALES, question=question)
    for department in departments(checklist):
        if department is not Department.SALES:
            answer_for(checklist.name, department)
    assert frappe.db.get_value("Review Checklist", checklist.name, "status") == "Agreed"
    assert GateCode.REVIEW_OUTSTANDING not in planning_codes(order.name)
    kinds = frappe.get_all("Open Point", filters={"order_id": order.name, "status": "Open"}, pluck="kind")
    assert sorted(kinds) == ["Label", "Packing Print"]


@pytest.mark.parametrize(
    ("question", "until", "remark", "message"),
    [
        ("Is the delivery date possible?", 20, "x", "does not ask Sales"),
        ("Are minimum quantity and response time of the contract kept?", 20, "x", "cannot stay open"),
        (LABEL, -1, "x", "cannot be past"),
        (LABEL, 20, " ", "Say what is still unclear"),
    ],
)
def test_what_cannot_stay_open(
    first_order: tuple[Any, Any], question: str, until: int, remark: str, message: str
) -> None:
    order, checklist = first_order
    with speaking_for(Department.SALES), pytest.raises(StepRefused, match=message):
        leave_question_open(
            locked_checklist(checklist.name), Department.SALES, question, day(until), remark, PointKind.LABEL
        )
    assert not frappe.db.count("Open Point", {"order_id": order.name})


def test_points_end_ten_days_before_production(first_order: tuple[Any, Any]) -> None:
    """R-077: the latest day moves with the start; a later one is refused."""
    order, checklist = first_order
    leave_open(checklist.name, LABEL, day(20))
    with acting_as(user_of(Role.PLANNING)):
        set_production_start(order.name, day(25))
    assert getdate(point_of(order.name).settle_by) == day(15)
    with pytest.raises(StepRefused, match="10 days before"):
        leave_open(checklist.name, PRINT, day(20))
    with acting_as(user_of(Role.ORDER_DESK)), pytest.raises(frappe.PermissionError):
        set_production_start(order.name, day(60))
    with acting_as(user_of(Role.PLANNING)):
        set_production_start(order.name, day(60))
    assert getdate(point_of(order.name).settle_by) == day(20)


def make_late(order: str) -> Any:
    """Time passes over the point."""
    point = point_of(order)
    frappe.db.set_value("Open Point", point.name, {"expected_on": day(-1), "settle_by": day(-1)})
    return point


def test_a_late_point_is_told_once_and_stops_the_shipment(first_order: tuple[Any, Any]) -> None:
    """R-077: overdue open point: alert, production start at risk."""
    order, checklist = first_order
    leave_open(checklist.name, LABEL, day(20))
    point = make_late(order.name)
    alert_late_points()
    assert alert_late_points() == 0
    assert frappe.db.count("ToDo", {"reference_name": point.name, "role": Role.ORDER_DESK.value}) == 1
    document = frappe.get_doc("Order", order.name)
    ship = judge_point(document, gate_facts(document, Origin.SITE), CheckPoint.SHIP)
    assert [gate.code for gate in ship.stops] == [GateCode.OPEN_POINTS_LATE]
    assert "colours of the logo" in str(ship.stops[0].params["points"])
    planning = judge_planning(document)
    assert GateCode.OPEN_POINTS_LATE in {gate.code for gate in planning.warnings}
    with acting_as(user_of(Role.ORDER_DESK)):
        settle_point(point.name, "blue")
    assert not judge_point(document, gate_facts(document, Origin.SITE), CheckPoint.SHIP).stops


def test_settling_a_point(first_order: tuple[Any, Any]) -> None:
    """By who asks the customer, with the answer; not twice, and not by hand."""
    order, checklist = first_order
    leave_open(checklist.name, LABEL, day(20))
    point = point_of(order.name)
    with acting_as(user_of(Role.PLANNING)), pytest.raises(frappe.PermissionError):
        settle_point(point.name, "blue")
    with acting_as(user_of(Role.ORDER_DESK)):
        with pytest.raises(StepRefused, match="Say how"):
            settle_point(point.name, " ")
        with pytest.raises(StepRefused, match="written by the system"):
            frappe.call("frappe.client.set_value", "Open Point", point.name, "status", "Settled")
        settle_point(point.name, "blue on white")
        with pytest.raises(StepRefused, match="settled already"):
            settle_point(point.name, "red")
    point.reload()
    assert (point.status, point.answer, point.settled_by) == (
        "Settled",
        "blue on white",
        user_of(Role.ORDER_DESK),
    )
    with pytest.raises(StepRefused, match="kept"):
        frappe.delete_doc("Open Point", point.name)


def test_a_late_department_is_reminded_once() -> None:
    """R-089: one task a review and department."""
    _order, checklist = sent_to_review(OMM)
    assert all(row.due_at for row in checklist.answers)
    frappe.db.sql(
        "update `tabDepartment Answer` set due_at = now() - interval 1 day where parent = %s", checklist.name
    )
    answer_for(checklist.name, Department.SALES)
    late = {"reference_name": checklist.name, "description": ("like", "%waits for%")}
    remind_late_departments()
    assert remind_late_departments() == 0
    assert sorted(frappe.get_all("ToDo", filters=late, pluck="role")) == ["Planning", "Production"]


def test_the_report_says_how_long_departments_take() -> None:
    """R-095: time per department, refusals per question."""
    before = {row.department: row.asked for row in execute({"by": "Department"})[1]}
    _order, checklist = sent_to_review(OMM)
    agree(checklist)
    columns, rows = execute({"by": "Department"})
    after = {row.department: row for row in rows}
    assert after["Production"].asked == before.get("Production", 0) + 1
    assert after["Production"].average_hours is not None
    assert "question" not in {column["fieldname"] for column in columns}
    questions = {(row.department, row.question) for row in execute({"by": "Question"})[1]}
    assert ("Production", "Is the delivery date possible?") in questions


def test_the_facts_of_the_gates_take_one_statement() -> None:
    """However many orders, answers and points there are (design 8)."""
    order, checklist = sent_to_review(OMM)
    answer_for(checklist.name, Department.SALES)
    document = frappe.get_doc("Order", order.name)
    review_facts(document, None)
    with recorded_statements() as statements:
        facts = review_facts(document, None)
    assert len(statements) == 1, "\n".join(statements)
    assert facts.missing == (Department.MATERIAL_CONTROL, Department.PRODUCTION)


def test_confirming_a_reviewed_order_takes_the_same_statements_for_any_number_of_lines() -> None:
    """Design 8: the review adds one statement to a confirmation."""
    counts = []
    for count in (5, 5, 60):
        lines = [{"product": "TEST-A", "quantity": 1, "unit_price": 1} for _number in range(count)]
        order, checklist = sent_to_review(OMM, items=lines)
        agree(checklist)
        with recorded_statements() as statements:
            take_step(locked_order(order.name), OrderStep.CONFIRM)
        counts.append(len(statements))
    assert counts[1] == counts[2]


def test_web_shop_orders_pay_nothing_for_reviews() -> None:
    """Design 8: no gate of the review is on, so no statement asks for it."""
    order = reviewed_order("Web Shop")
    with recorded_statements() as statements:
        take_step(locked_order(order.name), OrderStep.CONFIRM)
    assert not [statement for statement in statements if "Review" in statement or "Open Point" in statement]
