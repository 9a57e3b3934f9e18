"""Who sees which orders: one rule for lists and for single documents (design 6).

A field rep sees the orders he entered or that carry his name as sales representative, and what hangs on
them. Every other role of the matrix sees all orders; what it may do with them is the matrix of the DocTypes.
"""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.states import Role

_SEES_ALL = frozenset(role.value for role in Role if role is not Role.FIELD_REP) | {"System Manager"}


def limited_to_own(user: str) -> bool:
    """Whether a user's only way to orders is the field rep's.

    Args:
        user: the user's id.

    Returns:
        False for everybody with another role of the matrix.
    """
    roles = frappe.get_roles(user)
    return Role.FIELD_REP.value in roles and _SEES_ALL.isdisjoint(roles)


def _own_orders(user: str) -> str:
    name = frappe.db.escape(user)
    return f"(`tabOrder`.`sales_rep` = {name} or `tabOrder`.`owner` = {name})"


def order_query(user: str | None = None) -> str:
    """SQL condition for lists of orders; empty where all are seen."""
    user = user or frappe.session.user
    return _own_orders(user) if limited_to_own(user) else ""


def _owns(doctype: str, name: str, user: str) -> bool:
    """As it is stored: what a save brings along must not make its author the owner."""
    return user in (frappe.db.get_value(doctype, name, ["sales_rep", "owner"]) or ())


def order_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The same rule for one order.

    Returns:
        False to refuse; None leaves the decision to the role matrix.
    """
    user = user or frappe.session.user
    if limited_to_own(user) and not doc.is_new() and not _owns("Order", doc.name, user):
        return False
    return None


def _child_query(table: str, user: str | None) -> str:
    user = user or frappe.session.user
    if not limited_to_own(user):
        return ""
    return (
        f"exists (select 1 from `tabOrder` where `tabOrder`.`name` = "
        f"`tab{table}`.`order_id` and {_own_orders(user)})"
    )


def payment_query(user: str | None = None) -> str:
    """SQL condition for lists of payments."""
    return _child_query("Order Payment", user)


def shipment_query(user: str | None = None) -> str:
    """SQL condition for lists of shipments."""
    return _child_query("Shipment", user)


def change_notice_query(user: str | None = None) -> str:
    """SQL condition for lists of change notices."""
    return _child_query("Change Notice", user)


def order_version_query(user: str | None = None) -> str:
    """SQL condition for lists of kept versions."""
    return _child_query("Order Version", user)


def event_query(user: str | None = None) -> str:
    """SQL condition for lists of order events."""
    return _child_query("Order Event", user)


def of_order_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The rule for one document that hangs on an order."""
    user = user or frappe.session.user
    if not limited_to_own(user):
        return None
    return None if _owns("Order", doc.get("order_id"), user) else False


def customer_query(user: str | None = None) -> str:
    """A field rep sees the customers in his care and those he entered."""
    user = user or frappe.session.user
    if not limited_to_own(user):
        return ""
    name = frappe.db.escape(user)
    return f"(`tabCustomer`.`sales_rep` = {name} or `tabCustomer`.`owner` = {name})"


def customer_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The same rule for one customer."""
    user = user or frappe.session.user
    if limited_to_own(user) and not doc.is_new() and not _owns("Customer", doc.name, user):
        return False
    return None
