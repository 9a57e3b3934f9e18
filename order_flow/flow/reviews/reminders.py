"""Reminds departments that have not answered a review in time (R-089)."""

from __future__ import annotations

import frappe
from frappe.utils import format_datetime, now_datetime

from order_flow.domain.message import Message
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.reviews.checklists import CHECKLIST
from order_flow.flow.tasks.giving import keep_task

ROWS_PER_RUN = 500


def remind_late_departments() -> int:
    """Give every late department one task per review, told once: three statements besides the tasks.

    Returns:
        How many tasks were given.
    """
    now = now_datetime()
    rows = frappe.db.sql(
        """select answer.name, answer.parent, answer.department, answer.due_at, checklist.order_id
        from `tabDepartment Answer` answer
        join `tabReview Checklist` checklist on checklist.name = answer.parent
        where answer.answer = %s and answer.due_at < %s and answer.reminded_at is null
            and answer.deferred_until is null and answer.parenttype = %s and checklist.status = %s
        order by answer.due_at limit %s""",
        (Answer.OPEN.value, now, CHECKLIST, ReviewStatus.OPEN.value, ROWS_PER_RUN),
        as_dict=True,
    )
    late = {(row.parent, row.department): row for row in reversed(rows)}
    for (checklist, department), row in late.items():
        text = Message(
            "Review {0} of order {1} waits for {2} since {3}. Open it and answer.",
            checklist,
            row.order_id,
            Message(department),
            format_datetime(row.due_at, "yyyy-MM-dd HH:mm"),
        )
        late_review = frappe._dict(doctype=CHECKLIST, name=checklist, order_id=row.order_id)
        role = ROLES_OF_DEPARTMENT[Department(department)][0]
        keep_task(role, late_review, TaskReason.REVIEW_LATE, text)
    if rows:
        frappe.db.sql(
            "update `tabDepartment Answer` set reminded_at = %s where name in %s",
            (now, tuple(row.name for row in rows)),
        )
    return len(late)
