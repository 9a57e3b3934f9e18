"""REST methods of tasks: taken and put back; listing, reading and closing are the framework's own."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

from order_flow.api.endpoint import Verb, endpoint
from order_flow.flow.tasks import giving as role_tasks


@endpoint(Verb.POST)
def take(task: str) -> dict[str, Any]:
    """Take a task of one's role, so that the others see who does it.

    Args:
        task: the ToDo's name.

    Returns:
        ``task`` and ``taken_by``.

    Raises:
        StepRefused: it is closed, or somebody else has it.
        frappe.PermissionError: it is not a task of the caller's roles.
    """
    return _standing(role_tasks.take(task))


@endpoint(Verb.POST)
def put_back(task: str) -> dict[str, Any]:
    """Give a taken task back to everybody of its role.

    Args:
        task: the ToDo's name.

    Returns:
        ``task`` and ``taken_by``, which is empty.

    Raises:
        StepRefused: somebody else has it, or it is no task of a role.
        frappe.PermissionError: it is not a task of the caller's roles.
    """
    return _standing(role_tasks.put_back(task))


def _standing(task: Any) -> dict[str, Any]:
    return {"task": task.name, "taken_by": task.allocated_to or ""}
