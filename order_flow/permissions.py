"""Who sees which orders: one rule for lists and for single documents (design 6).

A field rep sees the orders he entered or that carry his name as sales representative, and what hangs on
them; of customers, addresses and contacts those in his care. Every other role of the matrix sees all; what
it may do with them is the matrix of the DocTypes.
"""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.flow.care import limited_to_own


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


def credit_note_query(user: str | None = None) -> str:
    """SQL condition for lists of credit notes."""
    return _child_query("Credit Note", user)


def shipment_query(user: str | None = None) -> str:
    """SQL condition for lists of shipments."""
    return _child_query("Shipment", user)


def change_notice_query(user: str | None = None) -> str:
    """SQL condition for lists of change notices."""
    return _child_query("Change Notice", user)


def customer_link_query(user: str | None = None) -> str:
    """SQL condition for lists of customer links."""
    return _child_query("Customer Link", user)


def stock_reservation_query(user: str | None = None) -> str:
    """SQL condition for lists of claims on stock."""
    return _child_query("Stock Reservation", user)


def shortage_query(user: str | None = None) -> str:
    """SQL condition for lists of shortages."""
    return _child_query("Shortage", user)


def form_issue_query(user: str | None = None) -> str:
    """SQL condition for lists of papers that were given out."""
    return _child_query("Form Issue", user)


def order_version_query(user: str | None = None) -> str:
    """SQL condition for lists of kept versions."""
    return _child_query("Order Version", user)


def checklist_query(user: str | None = None) -> str:
    """SQL condition for lists of review checklists."""
    return _child_query("Review Checklist", user)


def point_query(user: str | None = None) -> str:
    """SQL condition for lists of open points."""
    return _child_query("Open Point", user)


def event_query(user: str | None = None) -> str:
    """SQL condition for lists of order events."""
    return _child_query("Order Event", user)


def delivery_case_query(user: str | None = None) -> str:
    """SQL condition for lists of delivery cases."""
    return _child_query("Delivery Case", user)


def clock_query(user: str | None = None) -> str:
    """SQL condition for lists of clocks."""
    return _child_query("Order Clock", user)


def of_order_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The rule for one document that hangs on an order."""
    user = user or frappe.session.user
    if not limited_to_own(user):
        return None
    return None if _owns("Order", doc.get("order_id"), user) else False


def order_item_query(user: str | None = None) -> str:
    """SQL condition for lists of order lines, which the framework offers beside the orders."""
    user = user or frappe.session.user
    if not limited_to_own(user):
        return ""
    return (
        "exists (select 1 from `tabOrder` where `tabOrder`.`name` = `tabOrder Item`.`parent` "
        f"and {_own_orders(user)})"
    )


def _shipment_row_query(table: str, user: str | None) -> str:
    user = user or frappe.session.user
    if not limited_to_own(user):
        return ""
    return (
        "exists (select 1 from `tabShipment` join `tabOrder` on `tabOrder`.`name` = `tabShipment`.`order_id` "
        f"where `tabShipment`.`name` = `tab{table}`.`parent` and {_own_orders(user)})"
    )


def shipment_item_query(user: str | None = None) -> str:
    """SQL condition for lists of shipment lines."""
    return _shipment_row_query("Shipment Item", user)


def shipment_event_query(user: str | None = None) -> str:
    """SQL condition for lists of what happened to parcels."""
    return _shipment_row_query("Shipment Event", user)


def _own_customers(user: str) -> str:
    name = frappe.db.escape(user)
    return f"(`tabCustomer`.`sales_rep` = {name} or `tabCustomer`.`owner` = {name})"


def customer_query(user: str | None = None) -> str:
    """A field rep sees the customers in his care and those he entered."""
    user = user or frappe.session.user
    return _own_customers(user) if limited_to_own(user) else ""


def customer_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The same rule for one customer."""
    user = user or frappe.session.user
    if limited_to_own(user) and not doc.is_new() and not _owns("Customer", doc.name, user):
        return False
    return None


def _linked_query(doctype: str, user: str | None) -> str:
    user = user or frappe.session.user
    if not limited_to_own(user):
        return ""
    return (
        f"(`tab{doctype}`.`owner` = {frappe.db.escape(user)} or exists (select 1 from `tabDynamic Link` link "
        "join `tabCustomer` on `tabCustomer`.`name` = link.link_name "
        f"where link.parent = `tab{doctype}`.`name` and link.parenttype = '{doctype}' "
        f"and link.link_doctype = 'Customer' and {_own_customers(user)}))"
    )


def address_query(user: str | None = None) -> str:
    """A field rep sees the addresses of the customers he sees, and those he entered."""
    return _linked_query("Address", user)


def contact_query(user: str | None = None) -> str:
    """The same for contacts."""
    return _linked_query("Contact", user)


def _contact_row_query(table: str, user: str | None) -> str:
    condition = contact_query(user)
    if not condition:
        return ""
    return (
        f"exists (select 1 from `tabContact` where `tabContact`.`name` = `tab{table}`.`parent` "
        f"and {condition})"
    )


def contact_phone_query(user: str | None = None) -> str:
    """The same for the telephone numbers of contacts."""
    return _contact_row_query("Contact Phone", user)


def contact_email_query(user: str | None = None) -> str:
    """The same for the mail addresses of contacts."""
    return _contact_row_query("Contact Email", user)


def of_customer_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The same rule for one address or contact, as it is stored."""
    user = user or frappe.session.user
    if not limited_to_own(user) or doc.is_new():
        return None
    if frappe.db.get_value(doc.doctype, doc.name, "owner") == user:
        return None
    customers = frappe.get_all(
        "Dynamic Link",
        {"parent": doc.name, "parenttype": doc.doctype, "link_doctype": "Customer"},
        pluck="link_name",
    )
    own = {"sales_rep": user, "owner": user}
    found = customers and frappe.get_all("Customer", {"name": ("in", customers)}, or_filters=own, limit=1)
    return None if found else False
