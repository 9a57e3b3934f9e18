"""Who may act on the sync."""

from __future__ import annotations

import frappe
from frappe import _

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
        _("This needs one of the roles {0}. Ask one of their holders.").format(
            ", ".join(_(role) for role in OPERATOR_ROLES)
        ),
        frappe.PermissionError,
    )
