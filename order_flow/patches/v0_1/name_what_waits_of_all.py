"""What waits for shipments, change notices and credit raises gets the names that orders' had (R-386)."""

from __future__ import annotations

import frappe

DOCTYPES = ("Shipment", "Change Notice", "Credit Raise Request")


def execute() -> None:
    """Give what is open its name, and its roles their parent."""
    frappe.db.sql(
        """update `tabWorkflow Action Permitted Role` role
        join `tabWorkflow Action` action on action.name = role.parent
        set role.parent = concat(action.reference_name, ' ', action.workflow_state)
        where action.reference_doctype in %(doctypes)s and action.status = 'Open'""",
        {"doctypes": DOCTYPES},
    )
    frappe.db.sql(
        """update `tabWorkflow Action` set name = concat(reference_name, ' ', workflow_state)
        where reference_doctype in %(doctypes)s and status = 'Open'""",
        {"doctypes": DOCTYPES},
    )
