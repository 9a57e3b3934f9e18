"""Builds change notices for site tests: written, sent, answered, approved and applied by the right people."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.api.changes import answer, customer_answer, propose, step
from order_flow.domain.changes.model import ChangeAction, ChangeState, ChangeStep, Involvement, Level
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Department
from order_flow.domain.states import Role
from tests.site.support.builders import PRODUCTS, acting_as, user_of

QUANTITY, DATE, ADDRESS = "Quantity", "Delivery Date", "Address or Contact"


def paper(content: str = "customer agrees") -> str:
    """The ``file_url`` of an uploaded paper that everybody of the desk may read."""
    file = frappe.get_doc(
        {
            "doctype": "File",
            "file_name": f"paper-{frappe.generate_hash(length=8)}.txt",
            "content": content,
            "is_private": 0,
        }
    ).insert(ignore_permissions=True)
    return str(file.file_url)


def line_change(order: Any, field: str, value: object, line: int = 0) -> dict[str, Any]:
    """A change of one field of a line."""
    return {"line": order.items[line].name, "field": field, "value": value}


def order_change(field: str, value: object) -> dict[str, Any]:
    """A change of one field of the order."""
    return {"field": field, "value": value}


def added_line(**values: Any) -> dict[str, Any]:
    """A line that is added."""
    usual = {"product": PRODUCTS[1], "quantity": 2, "unit_price": 30}
    return {"action": ChangeAction.ADD_LINE.value, **usual, **values}


def removed_line(order: Any, line: int = 0) -> dict[str, Any]:
    """A line that is cancelled."""
    return {"action": ChangeAction.REMOVE_LINE.value, "line": order.items[line].name}


def written(order: Any, kind: str, *changes: dict[str, Any], send: bool = False, **values: Any) -> Any:
    """A notice of the order desk."""
    with acting_as(user_of(Role.ORDER_DESK)):
        found = propose(order.name, kind, "The customer wants it.", list(changes), send=send, **values)
    return notice_of(found["notice"])


def sent(order: Any, kind: str, *changes: dict[str, Any], **values: Any) -> Any:
    """A notice whose departments are asked."""
    return written(order, kind, *changes, send=True, **values)


def notice_of(name: str) -> Any:
    """The notice as it is stored."""
    return frappe.get_doc("Change Notice", name)


def answer_all(notice: Any, word: str = "Yes") -> Any:
    """Every department answers, each by a person of its own."""
    for department in dict.fromkeys(row.department for row in notice.answers):
        answer_for(notice, Department(department), word)
    return notice_of(notice.name)


def answer_for(notice: Any, department: Department, word: str = "Yes") -> None:
    """One department answers."""
    with acting_as(user_of(ROLES_OF_DEPARTMENT[department][0])):
        answer(notice.name, department.value, word, "" if word == "Yes" else "not possible")


def customer_agrees(notice: Any) -> Any:
    """The customer agrees in writing."""
    with acting_as(user_of(Role.ORDER_DESK)):
        customer_answer(notice.name, "Agreed", paper=paper())
    return notice_of(notice.name)


def take(notice: Any, wanted: ChangeStep, role: Role = Role.ORDER_DESK, remark: str = "") -> Any:
    """A person takes a step."""
    with acting_as(user_of(role)):
        step(notice.name, wanted.value, remark)
    return notice_of(notice.name)


def approved(order: Any, kind: str, *changes: dict[str, Any], **values: Any) -> Any:
    """A notice with every answer, ready to be applied."""
    notice = sent(order, kind, *changes, **values)
    if ChangeState(notice.change_state) is ChangeState.APPLIED:
        # Nobody had to answer (K-07).
        return notice
    answer_all(notice)
    if frappe.get_cached_value("Change Kind", kind, "customer_answer"):
        customer_agrees(notice)
    return take(notice, ChangeStep.APPROVE)


def applied(order: Any, kind: str, *changes: dict[str, Any], **values: Any) -> Any:
    """A notice that took effect."""
    return take(approved(order, kind, *changes, **values), ChangeStep.APPLY)


def departments_of(kind: str, involvement: Involvement) -> set[str]:
    """The departments that a kind's rows name."""
    rows = frappe.get_doc("Change Kind", kind).departments
    return {row.department for row in rows if row.involvement == involvement}


def touchable(kind: str) -> list[tuple[Level, str]]:
    """What a kind's rows allow to touch."""
    rows = frappe.get_doc("Change Kind", kind).fields_allowed
    return [(Level(row.level), row.fieldname or "") for row in rows]
