"""Who may act on the sync."""

from __future__ import annotations

import frappe

OPERATOR_ROLES = ("System Manager", "Order Integration")
"""Roles that may send again, declare done outside, and close discrepancies (R-352, R-388). Auditors read."""


def require_operator() -> None:
    """Refuse users who may not act on the sync.

    Raises:
        frappe.PermissionError: the user has none of the roles.
    """
    if frappe.session.user == "Administrator" or set(OPERATOR_ROLES) & set(frappe.get_roles()):
        return
    frappe.throw(
        f"This needs one of the roles {', '.join(OPERATOR_ROLES)}. Ask one of their holders.",
        frappe.PermissionError,
    )
