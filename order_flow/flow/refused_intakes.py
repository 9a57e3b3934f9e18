"""Who hears that an order from outside was refused: the order desk, until the order comes in (R-064).

The other system gets the refusal as its answer, but no person reads that. The refusal rolls everything back,
so the task is given afterwards, by a job of its own, as for refused confirmations.
"""

from __future__ import annotations

import hashlib

import frappe

from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.task_reasons import TaskReason
from order_flow.flow.role_tasks import end_task_named, keep_task

JOB = "order_flow.flow.refused_intakes.tell_of_refused_intake"
CHANNEL = "Sales Channel"


def tell_after_rollback(channel: str, number: str, reason: str, *, is_stored: bool) -> None:
    """Have a refused order told once its transaction has been taken back.

    Args:
        channel: the Sales Channel it came from.
        number: its external number.
        reason: the refusal, as the other system reads it.
        is_stored: an order of this number is here already, with another content.
    """
    key = _key(channel, number)
    values = {"channel": channel, "number": number, "reason": reason, "is_stored": is_stored}
    frappe.db.after_rollback.add(
        lambda: frappe.enqueue(JOB, queue="short", job_id=f"order_flow:{key}", deduplicate=True, **values)
    )


def tell_of_refused_intake(channel: str, number: str, reason: str, is_stored: bool) -> None:
    """Job: give the order desk the task, one for each number.

    Args:
        channel, number, reason, is_stored: as for ``tell_after_rollback``.
    """
    if not frappe.db.exists(CHANNEL, channel):
        return
    came_in = frappe.db.exists("Order", {"channel": channel, "external_number": number})
    if came_in and not is_stored:
        return
    text = Message(
        "Order {0} of channel {1} was refused: {2} Have it corrected and sent again, or enter it by hand.",
        number,
        channel,
        reason,
    )
    about = frappe._dict(doctype=CHANNEL, name=channel)
    keep_task(Role.ORDER_DESK, about, TaskReason.INTAKE_REFUSED, text, key=_key(channel, number))


def order_came_in(channel: str, number: str) -> None:
    """Withdraw the task about an order that is here now."""
    end_task_named(_key(channel, number))


def _key(channel: str, number: str) -> str:
    """Of one length, whatever the number is made of."""
    digest = hashlib.sha256(f"{channel}\n{number}".encode()).hexdigest()
    return f"{TaskReason.INTAKE_REFUSED}-{digest[:24]}"
