"""Who may do a deed that is no step of the lifecycle."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from order_flow.domain.states import Role


def only(roles: Iterable[Role], what: str) -> None:
    """Refuse who has none of the roles.

    Args:
        roles: who may.
        what: the deed, in the reader's language.

    Raises:
        frappe.PermissionError: naming the roles.
    """
    names = {role.value for role in roles}
    if names.isdisjoint(frappe.get_roles()):
        frappe.throw(
            _("{0} is done by: {1}. Ask one of them.").format(
                what, ", ".join(_(role) for role in sorted(names))
            ),
            frappe.PermissionError,
        )
