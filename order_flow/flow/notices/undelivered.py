"""What an e-mail server did not take is told by telephone: the order desk gets the task later (R-112)."""

from __future__ import annotations

import frappe

from order_flow.domain.customers.notices import KEY_PREFIX, Obstacle
from order_flow.flow.notices.calls import ask_to_call
from order_flow.flow.notices.texts import NoticeText

ROWS_PER_RUN = 500
_FAILED = "Error"
"""The framework's word for an e-mail that it has given up."""


def ask_to_call_for_failed_mails() -> int:
    """Give the order desk one task for every notice whose e-mail failed for good, told once.

    One statement where nothing failed; the queue's status is indexed.

    Returns:
        How many tasks were given.
    """
    failed = frappe.db.sql(
        """select distinct communication.name, communication.subject, communication.content,
            communication.reference_name
        from `tabEmail Queue` queue
        join `tabCommunication` communication on communication.name = queue.communication
        left join `tabToDo` task on task.name = communication.name
        where queue.status = %s and queue.communication like %s and task.name is null
        order by communication.name limit %s""",
        (_FAILED, f"{KEY_PREFIX}%", ROWS_PER_RUN),
    )
    for key, subject, content, order in failed:
        text = NoticeText(subject, content)
        ask_to_call(frappe.get_doc("Order", order), key, text, Obstacle.NOT_DELIVERED)
    return len(failed)
