"""Who sees and does which task: whoever holds its role, has it, or gave it.

The framework shows a ToDo to its assigner and its assignee. Our roles hold rights on ToDo of their own
(``install``), for which it leaves the choice to this rule; roles that others gave such rights, e.g. the
System Manager, go on seeing all.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.permissions import get_doctype_roles
from frappe.utils import cstr

from order_flow.domain.states import Role
from order_flow.flow.refusals import StepRefused
from order_flow.flow.tasks.giving import SYSTEM, TASK, free_tasks_of, reason_of

_EVERYBODY = frozenset({"All", "Guest", "Desk User"})
_OURS = frozenset(role.value for role in Role)
_FIXED = ("role", "reference_type", "reference_name", "description", "assigned_by")
"""What a task of the system says; who does it and when is up to its people."""


def _sees_all(user: str, ptype: str = "read") -> bool:
    wider = set(get_doctype_roles(TASK, ptype)) - _EVERYBODY - _OURS
    return user == SYSTEM or not wider.isdisjoint(frappe.get_roles(user))


def task_query(user: str | None = None) -> str:
    """SQL condition for lists of tasks; empty where all are seen."""
    user = user or frappe.session.user
    if _sees_all(user):
        return ""
    me = frappe.db.escape(user)
    roles = ", ".join(frappe.db.escape(role) for role in frappe.get_roles(user) if role not in _EVERYBODY)
    of_role = f" or `tabToDo`.`role` in ({roles})" if roles else ""
    return f"(`tabToDo`.`allocated_to` = {me} or `tabToDo`.`assigned_by` = {me}{of_role})"


def task_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """The same rule for one task; the system's tasks are closed, never deleted.

    Returns:
        Whether the user may; the framework also asks the rights of his roles.
    """
    user = user or frappe.session.user
    if ptype == "delete" and doc.name and reason_of(str(doc.name)):
        return False
    if _sees_all(user, ptype) or doc.is_new():
        return True
    # As it is stored: what a save brings along must not make its author a holder of the task.
    stored = frappe.db.get_value(TASK, doc.name, ["allocated_to", "assigned_by", "role"])
    if stored is None:
        return False
    allocated_to, assigned_by, role = stored
    if user in (allocated_to, assigned_by):
        return True
    return ptype != "delete" and bool(role) and role in frappe.get_roles(user)


def check_task(task: Any, _method: str) -> None:
    """Before a task is stored: what the system says stays as it is, and no comment repeats it elsewhere.

    The framework would write the whole text of each task, sums included, on the timeline of the document it
    is about, which others read who have no part in it.

    Raises:
        StepRefused: the words or the role of a system's task were changed, or it was given to somebody who
            is not of its role.
    """
    if not task.role:
        return
    task._assignment = None
    if task.is_new() or task.flags.by_system or not reason_of(str(task.name)):
        return
    stored = task.get_doc_before_save()
    # As text: the framework turns the number of a counted document into an int on its way.
    if touched := [field for field in _FIXED if cstr(task.get(field)) != cstr(stored.get(field))]:
        frappe.throw(
            _("The system wrote this task; only its person and status change. Leave out: {0}.").format(
                ", ".join(_(task.meta.get_label(field)) for field in touched)
            ),
            StepRefused,
        )
    if task.has_value_changed("allocated_to") and task.allocated_to:
        enabled = frappe.db.get_value("User", task.allocated_to, "enabled")
        if not enabled or task.role not in frappe.get_roles(task.allocated_to):
            frappe.throw(
                _("{0} does not hold the role {1}. Choose somebody who does.").format(
                    task.allocated_to, _(task.role)
                ),
                StepRefused,
            )


def user_saved(user: Any, _method: str) -> None:
    """Leave no task lying with somebody who may not enter any more."""
    if not user.enabled and not user.is_new() and user.has_value_changed("enabled"):
        free_tasks_of(user.name)
