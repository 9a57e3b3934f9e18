"""The departments' lists of tasks follow a review: who is asked now has a task, who has answered has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cint

from order_flow.domain.message import Message, joined
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department, level_reached
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.sign_offs.answers import sign_offs_of
from order_flow.flow.tasks.giving import OPEN, TASK, end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist

_REASONS = (TaskReason.REVIEW_ANSWER, TaskReason.REVIEW_LATE)


def follow_review(checklist: ReviewChecklist) -> None:
    """Give the tasks that a review needs now, and close those that it needs no more: two statements besides.

    Args:
        checklist: the Review Checklist document, saved.
    """
    asked = _asked_now(checklist)
    for role in _roles_with_tasks(checklist) - set(asked):
        for reason in _REASONS:
            end_task(checklist, reason, role=Role(role))
    for role, departments in asked.items():
        keep_task(
            Role(role),
            checklist,
            TaskReason.REVIEW_ANSWER,
            Message(
                "Review {0} of order {1} ({2}) asks {3}. Answer with Yes or No on the checklist.",
                checklist.name,
                checklist.order_id,
                checklist.customer_name,
                joined([Message(department.value) for department in departments], ", "),
            ),
        )


def _roles_with_tasks(checklist: ReviewChecklist) -> set[str]:
    mine = {"reference_type": checklist.doctype, "reference_name": checklist.name, "status": OPEN}
    return set(frappe.get_all(TASK, {**mine, "role": ("is", "set")}, pluck="role"))


def _asked_now(checklist: ReviewChecklist) -> dict[str, list[Department]]:
    """Departments whose answer is open and whose level has come, by the role that has the task."""
    if ReviewStatus(checklist.status) is not ReviewStatus.OPEN:
        return {}
    reached = level_reached(sign_offs_of(checklist))
    asked: dict[str, list[Department]] = {}
    for row in checklist.answers:
        waits = Answer(row.answer) is Answer.OPEN and not row.deferred_until
        if waits and (cint(row.level) or 1) <= reached:
            department = Department(row.department)
            role = ROLES_OF_DEPARTMENT[department][0].value
            if department not in asked.setdefault(role, []):
                asked[role].append(department)
    return asked
