"""Tasks for whoever holds a role: the system's own words on somebody's list."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.states import Role

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
