"""What follows from a step of a change notice: departments and clocks hear of it, the order remembers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.changes.model import ChangeStep, Involvement, RequestedBy
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.message import Message, joined
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department, Outcome, Standing
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.changes.apply import summary, summary_for
from order_flow.flow.clocks.events import happened
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import record_event
from order_flow.flow.sign_offs.answers import ANSWERS
from order_flow.flow.tasks.giving import end_task, end_tasks_of, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order

WRITTEN_EVENT = "Change Notice Written"
_EVENT_OF_STEP = {
    ChangeStep.SEND: "Change Notice Sent",
    ChangeStep.RETURN: "Change Notice Returned",
    ChangeStep.APPROVE: "Change Notice Approved",
    ChangeStep.REJECT: "Change Notice Rejected",
    ChangeStep.WITHDRAW: "Change Notice Withdrawn",
}
"""The application writes an event of its own, with what it changed."""
_CLOSING = frozenset({ChangeStep.REJECT, ChangeStep.WITHDRAW})


def notice_written(notice: ChangeNotice, order: Order) -> None:
    """A new draft: the customer's wish is known, and the clock of the first reaction runs (R-230).

    Args:
        notice: the Change Notice document.
        order: the Order document.
    """
    record_event(order, WRITTEN_EVENT, order.workflow_state, order.workflow_state, notice_text(notice))
    if RequestedBy(notice.requested_by) is RequestedBy.CUSTOMER:
        _tell_clocks(notice, order, ClockEvent.CUSTOMER_CHANGE)


def step_taken(notice: ChangeNotice, order: Order, step: ChangeStep) -> None:
    """Write down a step and tell whom it concerns.

    Args:
        notice: the Change Notice document, saved.
        order: the Order document.
        step: the step it took.
    """
    if event := _EVENT_OF_STEP.get(step):
        remark = (notice.decision_remark or "") if step in _CLOSING else ""
        record_event(order, event, order.workflow_state, order.workflow_state, notice_text(notice, remark))
    if step is ChangeStep.SEND:
        _sent(notice, order)
    elif step is ChangeStep.APPLY:
        close_tasks(notice)
        _inform(notice, lambda *facts: Message("Order {0} was changed by {1} ({2}): {3}", *facts))
    elif step in _CLOSING or step is ChangeStep.RETURN:
        close_tasks(notice)
        _tell_clocks(notice, order, ClockEvent.CHANGE_ANSWERED)
        _tell_clocks(notice, order, ClockEvent.TECHNICAL_CHANGE_ANSWERED)


def notice_text(notice: ChangeNotice, remark: str = "") -> str:
    """A notice in one line, for the order's history."""
    text = f"{notice.name}, {notice.kind}: {summary(notice)}"
    return f"{text} ({remark})" if remark else text


def _sent(notice: ChangeNotice, order: Order) -> None:
    _tell_clocks(notice, order, ClockEvent.CHANGE_ANSWERED)
    if Department.TECHNOLOGY in (Department(row.department) for row in notice.get(ANSWERS)):
        _tell_clocks(notice, order, ClockEvent.TECHNICAL_CHANGE)
    follow_answers(notice)
    if RequestedBy(notice.requested_by) is not RequestedBy.CUSTOMER:
        _tell_sales_of_new_date(notice, order)
    if frappe.get_cached_value("Change Kind", notice.kind, "informed_at_once"):
        _inform(
            notice,
            lambda *facts: Message(
                "Order {0} is about to be changed by {1} ({2}): {3}. Avoid loss until it is decided.", *facts
            ),
        )


def follow_answers(notice: ChangeNotice) -> None:
    """The departments' lists of tasks follow a notice: whose answer is open has a task, the others have none.

    Args:
        notice: the Change Notice document, under review.
    """
    asked: dict[Role, list[Department]] = {}
    answered: set[Role] = set()
    for row in notice.get(ANSWERS):
        department = Department(row.department)
        role = ROLES_OF_DEPARTMENT[department][0]
        if Answer(row.answer) is not Answer.OPEN:
            answered.add(role)
        elif department not in asked.setdefault(role, []):
            asked[role].append(department)
    for role in answered - set(asked):
        end_task(notice, TaskReason.CHANGE_ANSWER, role=role)
    for role, departments in asked.items():
        words = Message(
            "Change notice {0} of order {1} asks {2}: {3}. Answer with Yes or No on the notice.",
            notice.name,
            notice.order_id,
            joined([Message(department.value) for department in departments], ", "),
            summary_for(role, notice),
        )
        keep_task(role, notice, TaskReason.CHANGE_ANSWER, words)


def _tell_sales_of_new_date(notice: ChangeNotice, order: Order) -> None:
    """A delay that a department knows of is told to sales at once, and settled with the customer (R-201)."""
    if notice.old_promised_date == notice.new_promised_date:
        return
    text = Message(
        "The date of order {0} ({1}) is to move from {2} to {3}: {4}. Agree on it with the customer and "
        "enter his answer on change notice {5}.",
        order.name,
        order.customer_name,
        notice.old_promised_date or "-",
        notice.new_promised_date or "-",
        notice.reason,
        notice.name,
    )
    keep_task(Role.SALES, notice, TaskReason.DATE_PROPOSED, text)


def _inform(notice: ChangeNotice, text_of: Callable[..., Message]) -> None:
    departments = [row.department for row in _departments(notice) if _is_informed(row)]
    answering = [row.department for row in notice.get(ANSWERS)]
    roles = (ROLES_OF_DEPARTMENT[Department(name)][0] for name in (*departments, *answering))
    for role in dict.fromkeys(roles):
        words = text_of(notice.order_id, notice.name, Message(notice.kind), summary_for(role, notice))
        keep_task(role, notice, TaskReason.CHANGE_INFORMED, words)


def _departments(notice: ChangeNotice) -> list[Any]:
    return list(frappe.get_cached_doc("Change Kind", notice.kind).departments)


def _is_informed(row: Any) -> bool:
    return Involvement(row.involvement) is Involvement.INFORMED


def close_tasks(notice: ChangeNotice) -> None:
    """Nobody has to answer any more."""
    end_tasks_of(notice.doctype, [notice.name])


def answers_changed(notice: ChangeNotice, standing: Standing) -> None:
    """A department answered: the order desk hears of a No at once, the clocks of every answer (R-231).

    Args:
        notice: the Change Notice document, saved.
        standing: where all answers stand.
    """
    order = frappe.get_doc("Order", notice.order_id)
    _tell_clocks(notice, order, ClockEvent.CHANGE_ANSWERED)
    if _technology_has_answered(notice):
        _tell_clocks(notice, order, ClockEvent.TECHNICAL_CHANGE_ANSWERED)
    follow_answers(notice)
    if standing.outcome is Outcome.REFUSED:
        _tell_of_refusal(notice, standing.refusals[0])


def _technology_has_answered(notice: ChangeNotice) -> bool:
    rows = [row for row in notice.get(ANSWERS) if Department(row.department) is Department.TECHNOLOGY]
    return bool(rows) and all(Answer(row.answer) is not Answer.OPEN for row in rows)


def _tell_of_refusal(notice: ChangeNotice, refusal: Any) -> None:
    text = Message(
        "{0} says no to change notice {1}: {2}. Reject the notice, or return it to draft.",
        Message(refusal.department.value),
        notice.name,
        refusal.remark or "-",
    )
    keep_task(Role.ORDER_DESK, notice, TaskReason.CHANGE_REFUSED, text)


def _tell_clocks(notice: ChangeNotice, order: Order, event: ClockEvent) -> None:
    happened(event, order.name, profile=profile_name(order), reference=(notice.doctype, notice.name))
