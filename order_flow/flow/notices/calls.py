"""Calls of the order desk to customers: given where nothing else carries a notice, ended when pointless.

Each call is a task that has its notice's name; whoever closes it has told the customer, and the order's
timeline shows so. A call that nobody made ends when what was to be told is over, or when the customer is told
something newer instead (``domain/customers/notices``); then the timeline shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import escape_html

from order_flow.domain.customers.notices import (
    COMES_BACK,
    KEY_PREFIX,
    NoticeEvent,
    Obstacle,
    event_of_key,
    keys_about,
    superseded_by,
)
from order_flow.domain.message import Message, joined
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.notices.texts import NoticeText
from order_flow.flow.tasks.giving import CLOSED, OPEN, TASK, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

COMMUNICATION = "Communication"
MEDIUM_PHONE = "Phone"
_CALL = "-call"
"""Added to a notice's name for the call, which may follow a mail that failed."""


def ask_to_call(order: Order, key: str, text: NoticeText, hindered: Obstacle) -> None:
    """Give the order desk the task to tell a customer by telephone.

    Args:
        order: the Order document.
        key: the notice's name, and so the task's.
        text: what to say.
        hindered: why no e-mail carries it.
    """
    request = Message(
        "Tell customer {0} of order {1} by telephone, {2}, and close this task. {3}",
        escape_html(order.customer_name or ""),
        order.name,
        escape_html(order.mobile or order.phone or "-"),
        Message(hindered.value),
    )
    words = joined(["<p>", request, "</p>", text.body], "")
    keep_task(Role.ORDER_DESK, order, TaskReason.CUSTOMER_CALL, words, key=key)


def begin_notice(order: Order, key: str, event: NoticeEvent) -> bool:
    """End the calls that a notice makes pointless, in one statement where there are none.

    Args:
        order: the Order document.
        key: the notice's name.
        event: what happened.

    Returns:
        Whether somebody has the task to tell the customer exactly this, or had it.
    """
    calls = _calls_of([order.name])
    over = superseded_by(event)
    _end(call.name for call in calls if call.name != key and event_of_key(call.name) in over)
    known = next((call for call in calls if call.name == key), None)
    if known is None:
        return False
    ended = known.status != OPEN and event in COMES_BACK
    if ended and not frappe.db.exists(COMMUNICATION, f"{key}{_CALL}"):
        # It was over before anybody called, and is true again.
        frappe.db.set_value(TASK, key, "status", OPEN)
    return True


def end_calls(order: str, events: Iterable[NoticeEvent]) -> None:
    """End an order's open calls about some events.

    Args:
        order: the order's name.
        events: what the customer need not be told any more.
    """
    wanted = frozenset(events)
    _end(call.name for call in _calls_of([order]) if event_of_key(call.name) in wanted)


def end_calls_about(event: NoticeEvent, order_of: Mapping[str, str]) -> None:
    """End the open calls about papers, whenever their event was: a shortage that is answered, a case closed.

    Args:
        event: what the customer was to be told.
        order_of: the order's name by the paper's.
    """
    beginnings = tuple(keys_about(order, event, paper) for paper, order in order_of.items())
    if beginnings:
        _end(call.name for call in _calls_of(set(order_of.values())) if call.name.startswith(beginnings))


def _calls_of(orders: Iterable[str]) -> list[Any]:
    about = {
        "reference_type": "Order",
        "reference_name": ("in", list(orders)),
        "name": ("like", f"{KEY_PREFIX}%"),
    }
    calls: list[Any] = frappe.get_all(TASK, about, ["name", "status"])
    return calls


def _end(names: Iterable[str]) -> None:
    if pointless := list(names):
        frappe.db.set_value(TASK, {"name": ("in", pointless), "status": OPEN}, "status", CLOSED)


def task_saved(task: Any, _method: str) -> None:
    """Whoever closes such a task has told the customer: the order's timeline shows it, once.

    Args:
        task: any ToDo document, just saved; the framework has checked that the user may.
    """
    if not str(task.name).startswith(KEY_PREFIX) or task.status != CLOSED:
        return
    call = f"{task.name}{_CALL}"
    if frappe.db.exists(COMMUNICATION, call):
        return
    order = frappe.get_doc(task.reference_type, task.reference_name)
    subject = _("Customer told by telephone")
    write_to_timeline(order, call, subject, task.description, medium=MEDIUM_PHONE)


def write_to_timeline(
    order: Order, key: str, subject: str, body: str, *, medium: str, recipient: str = ""
) -> None:
    """Show on an order's timeline what its customer was told.

    Args:
        order: the Order document.
        key: name of the record, which the database holds once.
        subject: of the notice.
        body: of the notice, HTML.
        medium: an option of Communication's medium.
        recipient: address or number; empty where a person called.
    """
    frappe.get_doc(
        {
            "doctype": COMMUNICATION,
            "communication_type": "Automated Message",
            "communication_medium": medium,
            "sent_or_received": "Sent",
            "subject": subject,
            "content": body,
            "recipients": recipient,
            "reference_doctype": order.doctype,
            "reference_name": order.name,
        }
    ).insert(set_name=key, ignore_permissions=True)  # the system's own record of what it told
