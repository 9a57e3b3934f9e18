"""Tasks for whoever holds a role: one ToDo on the list of each of them, and a ring of their bells.

``keep_task`` and ``end_task`` are the one way the system asks somebody to do something. Everybody of the role
sees the task (``task_permissions``), one takes it (``take``), whoever is done closes it for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, sanitize_html, strip_html

from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.refusals import StepRefused
from order_flow.flow.tasks.people import Person, Ring, people_of, ring
from order_flow.outbox.language import in_site_language

TASK = "ToDo"
OPEN, CLOSED = "Open", "Closed"
SYSTEM = "Administrator"
"""Gives the system's tasks, so that whose deed they follow from does not see what concerns others."""
LONGEST_RING = 300
"""Characters of a task in the bell; the rest stands in the task."""


class GivenAlready(RuntimeError):
    """A task of this name is there already."""


def keep_task(
    role: Role, document: Any, reason: TaskReason, text: Message, *, key: str = "", person: str = ""
) -> None:
    """Have exactly one open task of a reason for a role about a document; new words replace the old ones.

    Args:
        role: who is to do it.
        document: what it is about; with ``doctype`` and ``name``.
        reason: why the task exists; ``end_task`` with it withdraws the task.
        text: what happened and what to do; stored in the site's language, whoever or whatever gives it.
        key: the task's name where an event has one of its own, of which there is one task ever; it begins
            with the reason's value.
        person: the one it is for, where it is one's own matter; others of the role see who has it. Who is
            not enabled any more gets none: it is the role's then.
    """
    description = _clean(in_site_language(text))
    if key:
        if not frappe.db.exists(TASK, key):
            _give(key, role, document, description, person)
        return
    known = _tasks(document, reason)
    if any(task.role == role and task.status == OPEN and _still(task.name, description) for task in known):
        return
    # Numbered, so that whoever gives the same one at the same moment meets it, seen or not.
    number = _next_number(known)
    while not _give(f"{_prefix(document, reason)}{number}", role, document, description, person):
        if _is_same(f"{_prefix(document, reason)}{number}", role, document, description):
            return
        number += 1


def _give(name: str, role: Role, document: Any, description: str, person: str) -> bool:
    """Store a task and ring for it; False where one of its name is there already."""
    task = frappe.get_doc(
        {
            "doctype": TASK,
            "role": role.value,
            "allocated_to": person if person and frappe.db.get_value("User", person, "enabled") else None,
            "assigned_by": SYSTEM,
            "reference_type": document.doctype,
            "reference_name": str(document.name),
            "priority": "High",
            "description": description,
        }
    )
    task.flags.by_system = True
    task.flags.system_name = name
    try:
        # The system's own task; whoever acts need not be allowed to give tasks.
        task.insert(set_name=name, ignore_permissions=True)
    except GivenAlready:
        return False
    _ring_for(task, document)
    return True


def refuse_second(task: Any, _method: str) -> None:
    """Right after a task is stored: its name is the one it was given.

    The framework gives a ToDo whose name is taken another name, and there would be two tasks.

    Raises:
        GivenAlready: there is a task of that name; the second one is gone again.
    """
    wanted = task.flags.system_name
    if wanted and task.name != wanted:
        frappe.db.delete(TASK, {"name": task.name})
        frappe.flags.retry_count = 0  # the framework gives up after a few names that were taken by chance
        raise GivenAlready(wanted)


def is_asked(role: Role, document: Any, reason: TaskReason) -> bool:
    """Tell whether a role has an open task of a reason about a document."""
    return bool(_open_tasks(document, reason, role))


def end_task(document: Any, reason: TaskReason, *, role: Role | None = None) -> None:
    """Withdraw the open tasks of a reason: what they asked for is done, or is not true any more.

    Args:
        document: what the tasks are about.
        reason: as it was given.
        role: only the task of this role; those of all roles otherwise.
    """
    withdraw(task.name for task in _open_tasks(document, reason, role))


def end_given_task(document: Any, reason: TaskReason) -> None:
    """Withdraw a task that the facts on a locked document say was given.

    A transaction that waited for the document does not see what was given meanwhile; its number finds it.

    Args:
        document: what the task is about, locked.
        reason: as it was given.
    """
    known = _tasks(document, reason)
    open_ones = [task.name for task in known if task.status == OPEN]
    if any(_is_open(name) for name in open_ones):
        withdraw(open_ones)
        return
    number = _next_number(known)
    while (task := _as_stored(f"{_prefix(document, reason)}{number}")) is not None:
        if task.status == OPEN:
            withdraw([task.name])
        number += 1


def end_task_named(key: str) -> None:
    """Withdraw the task of an event that has a name of its own.

    Args:
        key: as it was given to ``keep_task``.
    """
    # Looked for first: an update that finds nothing would lock the place where others insert theirs.
    if frappe.db.exists(TASK, {"name": key, "status": OPEN}):
        withdraw([key])


def end_tasks_of(doctype: str, names: Iterable[str], *, but: Iterable[TaskReason] = ()) -> None:
    """Withdraw all the system's open tasks about documents, e.g. when their matter is over.

    Args:
        doctype: of the documents.
        names: of the documents.
        but: reasons that still hold.
    """
    wanted = [name for name in names if name]
    if not wanted:
        return
    about = {
        "reference_type": doctype,
        "reference_name": ("in", wanted),
        "status": OPEN,
        "role": ("is", "set"),
    }
    kept = {reason.value for reason in but}
    open_tasks = frappe.get_all(TASK, {**about, "role": ("is", "set")}, pluck="name")
    withdraw(name for name in open_tasks if reason_of(name) not in kept)


def reason_of(task: str) -> str:
    """The reason in a task's name; empty for tasks that people gave each other."""
    return next((reason.value for reason in TaskReason if task.startswith(f"{reason.value}-")), "")


def take(name: str) -> Any:
    """Take a task of one's role, so that the others see who does it. Taking it twice changes nothing.

    Args:
        name: of the ToDo.

    Returns:
        The ToDo.

    Raises:
        StepRefused: it is closed, or somebody else has it.
        frappe.PermissionError: it is not a task of the user's roles.
    """
    task = frappe.get_doc(TASK, name, for_update=True)
    task.check_permission("write")
    if task.status != OPEN:
        frappe.throw(_("This task is closed already. There is nothing left to do."), StepRefused)
    me = frappe.session.user
    if (
        task.allocated_to
        and task.allocated_to != me
        and frappe.db.get_value("User", task.allocated_to, "enabled")
    ):
        frappe.throw(
            _("{0} has taken this task. Ask there before you do it too.").format(
                frappe.utils.get_fullname(task.allocated_to)
            ),
            StepRefused,
        )
    if task.allocated_to != me:
        task.allocated_to = me
        task.save()
    return task


def put_back(name: str) -> Any:
    """Give a task back to everybody of its role.

    Args:
        name: of the ToDo.

    Returns:
        The ToDo.

    Raises:
        StepRefused: somebody else has it, or it is no task of a role.
        frappe.PermissionError: it is not a task of the user's roles.
    """
    task = frappe.get_doc(TASK, name, for_update=True)
    task.check_permission("write")
    if not task.role or task.allocated_to not in (None, "", frappe.session.user):
        frappe.throw(_("Only who has taken a task of a role can put it back."), StepRefused)
    if task.allocated_to:
        task.allocated_to = None
        task.save()
    return task


def free_tasks_of(user: str) -> None:
    """Give the open tasks of somebody who left back to their roles."""
    mine = {"allocated_to": user, "status": OPEN, "role": ("is", "set")}
    frappe.db.set_value(TASK, mine, "allocated_to", None)


def _clean(description: str) -> str:
    """As the framework cleans it when a task is inserted; changed words go another way."""
    return sanitize_html(description, linkify=True) if set(description) & set("<>") else description


def _prefix(document: Any, reason: TaskReason) -> str:
    return f"{reason.value}-{document.name}-"


def _tasks(document: Any, reason: TaskReason) -> list[Any]:
    """All tasks of a reason about a document, as this transaction sees them."""
    about = {
        "name": ("like", f"{reason.value}-%"),
        "reference_type": document.doctype,
        "reference_name": str(document.name),
    }
    tasks: list[Any] = frappe.get_all(TASK, about, ["name", "role", "status"])
    return tasks


def _open_tasks(document: Any, reason: TaskReason, role: Role | None) -> list[Any]:
    return [
        task
        for task in _tasks(document, reason)
        if task.status == OPEN and (role is None or task.role == role)
    ]


def _next_number(known: Iterable[Any]) -> int:
    numbers = [task.name.rpartition("-")[2] for task in known]
    return 1 + max((int(number) for number in numbers if number.isdecimal()), default=0)


def _as_stored(name: str) -> Any:
    """A task as it is committed now, whenever this transaction began; None where there is none."""
    fields = ["name", "role", "status", "description", "reference_type", "reference_name"]
    return frappe.db.get_value(TASK, name, fields, as_dict=True, for_update=True)


def _is_open(name: str) -> bool:
    task = _as_stored(name)
    return task is not None and task.status == OPEN


def _still(name: str, description: str) -> bool:
    """Tell whether a task is open as it is committed now; it then says the new words."""
    task = _as_stored(name)
    if task is None or task.status != OPEN:
        return False
    if task.description != description:
        frappe.db.set_value(TASK, name, "description", description)
    return True


def _is_same(name: str, role: Role, document: Any, description: str) -> bool:
    """Tell whether the task of a name that is taken is the open one of this role and document."""
    task = _as_stored(name)
    mine = (role.value, document.doctype, str(document.name))
    return (task.role, task.reference_type, task.reference_name) == mine and _still(name, description)


def withdraw(tasks: Iterable[str]) -> None:
    """Close tasks that nobody need do any more.

    Args:
        tasks: names of ToDos that exist.
    """
    if names := list(tasks):
        frappe.db.set_value(TASK, {"name": ("in", names)}, "status", CLOSED)


def _ring_for(task: Any, document: Any) -> None:
    """Ring for everybody who can do it; who has the order in his care reads so, and comes first."""
    holders = people_of([task.role])[task.role]
    if task.allocated_to:
        holders = [person for person in holders if person.user == task.allocated_to]
    caring = _caring_for(document)
    holders.sort(key=lambda person: person.user not in caring)
    text = strip_html(task.description).strip()[:LONGEST_RING]
    ring([_ring(person, person.user in caring, task.name, text) for person in holders if person.wants_alerts])


def _ring(person: Person, cares: bool, task: str, text: str) -> Ring:
    words = in_site_language(Message("In your care: {0}", text)) if cares else text
    return Ring(person.user, escape_html(words), TASK, task)


def _caring_for(document: Any) -> set[str]:
    """Return who looks after the order a document belongs to."""
    order = document.name if document.doctype == "Order" else document.get("order_id")
    if not order:
        return set()
    return set(frappe.db.get_value("Order", order, ["sales_rep", "owner"]) or ())
