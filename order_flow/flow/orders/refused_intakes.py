"""Who hears that an order from outside was refused: the order desk, until the order comes in (R-064).

The other system gets the refusal as its answer, but no person reads that. The refusal rolls everything back,
so the task is given afterwards, by a job of its own, as for refused confirmations. A number has a task of its
own. What names no channel of ours or no number, and what is refused after so many, is one task for each
sender: a sender that is broken altogether is one matter, not a thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import frappe

from order_flow.domain.entry_values import clean_key
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import OPEN, TASK, end_task_named, keep_task
from order_flow.outbox.language import site_language

JOB = "order_flow.flow.orders.refused_intakes.tell_of_refused_intake"
CHANNEL = "Sales Channel"
SETTINGS = "Order Flow Settings"
"""What a task is about where the call names no channel of ours; the order desk reads it."""
MOST_TASKS = 20
"""Refused numbers of a channel that have a task of their own."""
_LONGEST = 140
"""Characters of a channel or number as it was sent: no longer one can be stored."""


def tell_after_rollback(channel: str, number: str, reason: str, *, is_stored: bool) -> None:
    """Have a refused order told once its transaction has been taken back.

    Args:
        channel: the Sales Channel it names; "" where it names none.
        number: its external number; "" where it has none.
        reason: the refusal, in the site's language.
        is_stored: an order of this number is here already, with another content.
    """
    sender = frappe.session.user
    known = number and frappe.db.exists(CHANNEL, channel)
    key = _key(channel, number) if known else _key_of_sender(sender, channel)
    values = {
        "channel": channel,
        "number": number,
        "reason": reason,
        "is_stored": is_stored,
        "sender": sender,
    }
    frappe.db.after_rollback.add(
        lambda: frappe.enqueue(JOB, queue="short", job_id=f"order_flow:{key}", deduplicate=True, **values)
    )


def reason_for_the_desk(refusal: Exception, again: Callable[[], object]) -> str:
    """Give the reason of a refusal in the site's language, which whoever reads the task understands.

    The caller reads it in his own, often English. What was refused is tried once more in the other language;
    the transaction is rolled back in any case, so nothing of either attempt stays.

    Args:
        refusal: as the caller reads it.
        again: what was refused.
    """
    language, asked = site_language(), frappe.local.lang
    if language == asked:
        return str(refusal)
    shown = len(frappe.local.message_log)
    frappe.local.lang = language
    try:
        again()
    except type(refusal) as in_words:
        return str(in_words)
    except frappe.ValidationError:
        # The first attempt left a trace in the transaction, e.g. a number that is taken now.
        return str(refusal)
    finally:
        frappe.local.lang = asked
        del frappe.local.message_log[shown:]
    return str(refusal)


def tell_of_refused_call(sent: Mapping[str, Any], reason: str) -> None:
    """Have a call told that could not even be read as an order.

    Args:
        sent: the arguments as they came.
        reason: the refusal, in the site's language.
    """
    if not frappe.has_permission("Order", "create"):
        # Whoever may enter no orders has sent none.
        return
    channel, number = (_text(sent.get(name)) for name in ("channel", "external_number"))
    tell_after_rollback(channel, number, reason, is_stored=False)


def tell_of_refused_intake(channel: str, number: str, reason: str, is_stored: bool, sender: str) -> None:
    """Job: give the order desk the task, one for each number or, past that, one for each sender.

    Args:
        channel, number, reason, is_stored: as for ``tell_after_rollback``.
        sender: the user whose call it was.
    """
    known = bool(frappe.db.exists(CHANNEL, channel))
    if not (known and number):
        _tell_of_sender(sender, channel, number, reason, known=known)
    elif is_stored or not frappe.db.exists("Order", {"channel": channel, "external_number": number}):
        _tell_of_order(sender, channel, number, reason)


def order_came_in(channel: str, number: str) -> None:
    """Withdraw the task about an order that is here now."""
    end_task_named(_key(channel, number))


def _tell_of_order(sender: str, channel: str, number: str, reason: str) -> None:
    if _open_tasks(channel) >= MOST_TASKS:
        _tell_of_sender(sender, channel, number, reason, known=True)
        return
    text = Message(
        "Order {0} of channel {1} from {2} was refused: {3} Have it corrected and sent again, or enter it by "
        "hand.",
        number,
        channel,
        sender,
        reason,
    )
    about = frappe._dict(doctype=CHANNEL, name=channel)
    keep_task(Role.ORDER_DESK, about, TaskReason.INTAKE_REFUSED, text, key=_key(channel, number))


def _tell_of_sender(sender: str, channel: str, number: str, reason: str, *, known: bool) -> None:
    text = Message(
        "{0} sends orders that cannot be taken. One of them (channel {1}, number {2}) was refused: {3} Have "
        "the sender corrected and ask which orders are missing. While this task is open, more of the kind "
        "give no task of their own.",
        sender,
        channel or "-",
        number or "-",
        reason,
    )
    about = frappe._dict(doctype=CHANNEL if known else SETTINGS, name=channel if known else SETTINGS)
    keep_task(Role.ORDER_DESK, about, TaskReason.INTAKE_REFUSED, text, key=_next_key(sender, channel))


def _open_tasks(channel: str) -> int:
    mine = {"name": ("like", f"{TaskReason.INTAKE_REFUSED}-%"), "reference_name": channel, "status": OPEN}
    count: int = frappe.db.count(TASK, {**mine, "reference_type": CHANNEL})
    return count


def _next_key(sender: str, channel: str) -> str:
    """The name of the sender's open task, or of the one after those that are closed."""
    key = _key_of_sender(sender, channel)
    closed = frappe.db.count(TASK, {"name": ("like", f"{key}-%"), "status": ("!=", OPEN)})
    return f"{key}-{closed + 1}"


def _key(channel: str, number: str) -> str:
    """Of one length, whatever the number is made of."""
    return _digest(f"{channel}\n{number}")


def _key_of_sender(sender: str, channel: str) -> str:
    known = channel if channel and frappe.db.exists(CHANNEL, channel) else ""
    return _digest(f"sender\n{sender}\n{known}")


def _digest(text: str) -> str:
    return f"{TaskReason.INTAKE_REFUSED}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _text(value: object) -> str:
    """A name as the call gives it; what no column could hold names nothing."""
    try:
        return clean_key(str(value or ""))[:_LONGEST].encode().decode()
    except UnicodeEncodeError:
        return ""
