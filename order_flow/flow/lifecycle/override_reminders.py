"""Reminds approvers of what they let pass and nobody has settled by its day (K-14)."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime, nowdate

from order_flow.domain.gates.overrides import OverrideStatus
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import keep_task

ROWS_PER_RUN = 500
_APPROVING = (Role.GENERAL_MANAGER, Role.SALES_MANAGER, Role.FINANCE, Role.PLANNING_DIRECTOR)


def remind_of_open_overrides() -> int:
    """Give every approver one task for each open point past its day, told once.

    Two statements besides the tasks; the day is indexed.

    Returns:
        How many tasks were given.
    """
    rows = frappe.get_all(
        "Gate Override",
        filters={
            "due_date": ("<", nowdate()),
            "status": OverrideStatus.OPEN.value,
            "reminded_at": ("is", "not set"),
        },
        fields=["name", "order_id", "gate", "approver", "due_date"],
        order_by="due_date",
        limit_page_length=ROWS_PER_RUN,
    )
    for row in rows:
        text = Message(
            "You let order {0} pass '{1}' until {2}, and the point is still open. "
            "Have it settled and close the override.",
            row.order_id,
            Message(row.gate),
            row.due_date,
        )
        override = frappe._dict(row, doctype="Gate Override")
        keep_task(_role_of(row.approver), override, TaskReason.OVERRIDE_OPEN, text, person=row.approver)
    if rows:
        frappe.db.set_value(
            "Gate Override",
            {"name": ("in", [row.name for row in rows])},
            "reminded_at",
            now_datetime(),
            update_modified=False,
        )
    return len(rows)


def _role_of(approver: str) -> Role:
    """The role that takes over where the approver is gone: the highest of his that approves."""
    held = frappe.get_all("Has Role", {"parent": approver, "parenttype": "User"}, pluck="role")
    return next((role for role in _APPROVING if role.value in held), Role.SALES_MANAGER)
