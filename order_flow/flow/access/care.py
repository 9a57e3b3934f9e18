"""Whose orders and customers a person looks after (design 6, R-388)."""

from __future__ import annotations

import frappe

from order_flow.domain.states import Role

_SEES_ALL = frozenset(role.value for role in Role if role is not Role.FIELD_REP) | {"System Manager"}


def limited_to_own(user: str) -> bool:
    """Tell whether a user's only way to orders is the field rep's.

    Args:
        user: the user's id.

    Returns:
        False for everybody with another role of the matrix.
    """
    roles = frappe.get_roles(user)
    return Role.FIELD_REP.value in roles and _SEES_ALL.isdisjoint(roles)
