"""What open tasks say."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.tasks.reasons import TaskReason


def task_texts(order: Any, reason: TaskReason) -> list[str]:
    """Open tasks of a reason about an order."""
    return list(
        frappe.get_all(
            "ToDo",
            filters={
                "reference_name": order.name,
                "status": "Open",
                "name": ("like", f"{reason.value}-%"),
            },
            pluck="description",
        )
    )
