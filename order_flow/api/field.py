"""What the page for field reps and drivers asks: thin, bound to GET, the caller's rights (R-377 to R-379)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

from order_flow.api.endpoint import Verb, endpoint
from order_flow.flow.desk import field as field_work


@endpoint(Verb.GET)
def customers(text: str = "") -> list[dict[str, Any]]:
    """Customers in the caller's care; see ``flow.field_work.customers``.

    Raises:
        frappe.PermissionError: the caller reads no customers.
    """
    return field_work.customers(text)


@endpoint(Verb.GET)
def products(text: str = "") -> list[dict[str, Any]]:
    """Products by code, name or barcode; see ``flow.field_work.products``.

    Raises:
        frappe.PermissionError: the caller reads no products.
    """
    return field_work.products(text)


@endpoint(Verb.GET)
def orders(text: str = "") -> list[dict[str, Any]]:
    """The caller's latest orders; see ``flow.field_work.orders``.

    Raises:
        frappe.PermissionError: the caller reads no orders.
    """
    return field_work.orders(text)


@endpoint(Verb.GET)
def shipments() -> list[dict[str, Any]]:
    """Return what the caller may deliver; see ``flow.field_work.shipments``.

    Raises:
        frappe.PermissionError: the caller reads no shipments.
    """
    return field_work.shipments()
