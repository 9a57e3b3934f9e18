"""What waits for an order is named by order and state; what was written before has a name by chance."""

from __future__ import annotations

import frappe


def execute() -> None:
    """Give what is open its name, and its roles their parent."""
    frappe.db.sql(
        """update `tabWorkflow Action Permitted Role` role
        join `tabWorkflow Action` action on action.name = role.parent
        set role.parent = concat(action.reference_name, ' ', action.workflow_state)
        where action.reference_doctype = 'Order' and action.status = 'Open'"""
    )
    frappe.db.sql(
        """update `tabWorkflow Action` set name = concat(reference_name, ' ', workflow_state)
        where reference_doctype = 'Order' and status = 'Open'"""
    )
