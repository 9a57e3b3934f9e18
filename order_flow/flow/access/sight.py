"""Who sees prices and sums: everybody but the warehouse, by the permission levels of the DocTypes.

Money stands on permission level 1 of its documents, a product's list price on level 2. The framework keeps
these fields from lists, REST and forms; what the app itself says or prints asks here.
"""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.states import Role

_MONEY_LEVEL = 1
_ORDER = "Order"


def sees_money() -> bool:
    """Tell whether the current user may read what orders cost."""
    return _MONEY_LEVEL in levels_read(_ORDER)


def role_sees_money(role: Role) -> bool:
    """Tell whether whoever holds only this role may read what orders cost."""
    return any(
        row.role == role.value and row.read and row.permlevel == _MONEY_LEVEL
        for row in frappe.get_meta(_ORDER).permissions
    )


def levels_read(doctype: str) -> frozenset[int]:
    """The permission levels of a DocType that the current user's roles read.

    Args:
        doctype: not a table of rows; those go by the document they belong to.
    """
    return frozenset(frappe.get_meta(doctype).get_permlevel_access("read"))


def hide_from_print(document: Any) -> None:
    """Take from a document that is being printed what its reader may not see.

    A page that somebody opens by a link given to him was given with its prices.

    Args:
        document: a copy made for the print; it is not saved.
    """
    if frappe.session.user != "Guest":
        document.apply_fieldlevel_read_permissions()
