"""Tasks for whoever holds a role: the system's own words on somebody's list."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.states import Role
from order_flow.domain.task_reasons import TaskReason

CALL_TASK = "delivery-call-"
"""How the names of the tasks begin that ask to call a receiver; they go on when goods have left."""


def give_task(role: Role, document: Any, description: str, *, name: str | None = None) -> None:
    """Put a task on the list of a role.

    Args:
        role: who is to do it.
        document: what it is about.
        description: what happened and what to do, translated.
        name: the task's name, where its giver must find it again; otherwise the framework's.
    """
    frappe.get_doc(
        {
            "doctype": "ToDo",
            "role": role.value,
            "reference_type": document.doctype,
            "reference_name": document.name,
            "priority": "High",
            "description": description,
        }
    ).insert(
        set_name=name,
        ignore_permissions=True,  # the system's own task; whoever acts need not be allowed to give tasks
    )


def close_tasks(prefix: str) -> None:
    """Close the open tasks whose names begin so: what they asked for is done.

    Args:
        prefix: as their giver named them.
    """
    mine = {"name": ("like", f"{prefix}%"), "status": "Open"}
    frappe.db.set_value("ToDo", mine, "status", "Closed")


def keep_task(role: Role, document: Any, reason: TaskReason, description: str) -> None:
    """Have exactly one open task of a reason about a document; the same words again change nothing.

    Args:
        role: who is to do it.
        document: what it is about.
        reason: why the task exists; ``end_task`` with it withdraws the task.
        description: what happened and what to do, translated.
    """
    known = _open_tasks(document, reason)
    if not known:
        prefix = _prefix(document, reason)
        give_task(role, document, description, name=f"{prefix}{frappe.generate_hash(length=6)}")
    elif known[0].description != description:
        frappe.db.set_value("ToDo", known[0].name, "description", description)


def end_task(document: Any, reason: TaskReason) -> None:
    """Withdraw the open task of a reason: what it asked for is done, or is not true any more.

    Args:
        document: what the task is about.
        reason: as it was given.
    """
    for task in _open_tasks(document, reason):
        frappe.db.set_value("ToDo", task.name, "status", "Closed")


def _prefix(document: Any, reason: TaskReason) -> str:
    return f"{reason.value}-{document.name}-"


def _open_tasks(document: Any, reason: TaskReason) -> list[Any]:
    mine = {
        "name": ("like", f"{_prefix(document, reason)}%"),
        "reference_type": document.doctype,
        "reference_name": document.name,
        "status": "Open",
    }
    tasks: list[Any] = frappe.get_all("ToDo", filters=mine, fields=["name", "description"])
    return tasks
