"""What the tests of reviews need: channels of each procedure, people of departments, answered checklists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import frappe

from order_flow.defaults.shipped_reviews import ADD, APPAREL, OMM, PMC
from order_flow.domain.gates.review import RULES
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.domain.states import OrderStep, PaymentTerm, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.reviews.checklists import locked_checklist, start_review
from order_flow.flow.sign_offs import templates as review_templates
from order_flow.flow.sign_offs.answers import answer
from tests.site.support.builders import acting_as, new_order, user_of


def channel_of(profile: str) -> str:
    """A sales channel without outside accounts that follows a company procedure."""
    name = f"Test {profile}"
    if not frappe.db.exists("Sales Channel", name):
        frappe.get_doc({"doctype": "Sales Channel", "channel_name": name, "flow_profile": profile}).insert()
    return name


@contextmanager
def only_gates_of_the_review() -> Iterator[None]:
    """The shipped profiles without other parts' gates and numbers, which have tests of their own."""
    wanted = {rule.code.label for rule in RULES}
    for profile in (ADD, OMM, APPAREL, PMC):
        document = frappe.get_doc("Flow Profile", profile)
        document.number_pattern = "Technical"
        document.set("gates", [row for row in document.gates if row.gate in wanted])
        document.save()
    try:
        yield
    finally:
        frappe.db.rollback()
        for profile in (ADD, OMM, APPAREL, PMC):
            frappe.clear_document_cache("Flow Profile", profile)


def reviewed_order(profile: str, **values: Any) -> Any:
    """A new order of a procedure; the templates are read anew, an earlier test may have changed them."""
    review_templates.forget_templates()
    if profile == OMM:
        # Money before the goods asks the sales manager about the contract as well.
        values.setdefault("payment_term", PaymentTerm.CASH_ON_DELIVERY.value)
    return new_order(channel=channel_of(profile), **values)


def sent_to_review(profile: str, **values: Any) -> tuple[Any, Any]:
    """An order under review and its checklist."""
    order = reviewed_order(profile, **values)
    take_step(locked_order(order.name), OrderStep.SEND_TO_REVIEW)
    order.reload()
    return order, frappe.get_doc("Review Checklist", order.review_checklist)


def under_review_at_planning(profile: str, **values: Any) -> tuple[Any, Any]:
    """An order whose review was started by hand."""
    order = reviewed_order(profile, **values)
    with acting_as(user_of(Role.ORDER_DESK)):
        checklist = start_review(order.name)
    return frappe.get_doc("Order", order.name), frappe.get_doc("Review Checklist", checklist.name)


def speaking_for(department: Department) -> AbstractContextManager[None]:
    """Act as somebody who answers for a department."""
    return acting_as(user_of(ROLES_OF_DEPARTMENT[department][0]))


def answer_for(
    checklist: str, department: Department, what: Answer = Answer.YES, remark: str = "", **more: Any
) -> Any:
    """Answer all questions of a department, or one, as its own person."""
    with speaking_for(department):
        document = locked_checklist(checklist)
        answer(document, department, what, remark, **more)
    return frappe.get_doc("Review Checklist", checklist)


def departments(checklist: Any) -> list[Department]:
    """Whom a checklist asks, each once, in the order of its rows."""
    return list(dict.fromkeys(Department(row.department) for row in checklist.answers))


def agree(checklist: Any) -> Any:
    """Every department says Yes."""
    for department in departments(checklist):
        answer_for(checklist.name, department)
    return frappe.get_doc("Review Checklist", checklist.name)


def minutes_file(owner: Role) -> str:
    """An uploaded file of somebody."""
    with acting_as(user_of(owner)):
        file = frappe.get_doc(
            {
                "doctype": "File",
                "file_name": "minutes.txt",
                "content": "minutes of the meeting",
                "is_private": 1,
            }
        ).insert(ignore_permissions=True)
    return str(file.file_url)


def events_of(order: str) -> list[tuple[str, str]]:
    """Steps of an order's timeline with their remarks, oldest first."""
    rows = frappe.get_all(
        "Order Event", filters={"order_id": order}, fields=["step", "remark"], order_by="creation, name"
    )
    return [(row.step, row.remark or "") for row in rows]
