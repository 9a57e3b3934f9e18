"""Reminds approvers of what they let pass and nobody has settled by its day (K-14)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime, nowdate

from order_flow.domain.gates.overrides import OverrideStatus

ROWS_PER_RUN = 500


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
        frappe.get_doc(
            {
                "doctype": "ToDo",
                "allocated_to": row.approver,
                "reference_type": "Gate Override",
                "reference_name": row.name,
                "priority": "High",
                "description": _(
                    "You let order {0} pass '{1}' until {2}, and the point is still open. "
                    "Have it settled and close the override."
                ).format(row.order_id, _(row.gate), row.due_date),
            }
        ).insert(ignore_permissions=True)  # the scheduler's own task
    if rows:
        frappe.db.set_value(
            "Gate Override",
            {"name": ("in", [row.name for row in rows])},
            "reminded_at",
            now_datetime(),
            update_modified=False,
        )
    return len(rows)
