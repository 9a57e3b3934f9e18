"""Orders by file for the desk and for other systems: thin, the work is in ``flow.order_file_taking``."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _
from frappe.desk.utils import provide_binary_file

from order_flow.api.endpoint import Verb, endpoint
from order_flow.flow.files.orders import template_rows
from order_flow.flow.files.tables import write_table
from order_flow.flow.files.taking import check_file, start_taking
from order_flow.flow.refusals import refuse_without_entry


def _writable(order_file: str) -> Any:
    document = frappe.get_doc("Order File", order_file, for_update=True)
    document.check_permission("write")
    return document


@endpoint(Verb.POST, of="Order File")
def order_file_template() -> None:
    """Send the empty table in the caller's language (R-040).

    Raises:
        frappe.PermissionError: the caller may not enter orders.
    """
    refuse_without_entry("Order File")
    provide_binary_file(_("Order Template"), "xlsx", write_table(template_rows(), like=".xlsx"))


@endpoint(Verb.POST, of="Order File")
def check_order_file(order_file: str) -> dict[str, Any]:
    """Check a file as a whole; nothing is entered.

    Args:
        order_file: name of the Order File.

    Returns:
        How many orders can be taken and how many rows are at fault.

    Raises:
        StepRefused: the file is no table of orders.
        frappe.PermissionError: the caller may not write it.
    """
    document = _writable(order_file)
    check_file(document)
    return {"good_orders": document.good_orders, "bad_rows": document.bad_rows}


@endpoint(Verb.POST, of="Order File")
def take_orders(order_file: str) -> None:
    """Take the good orders of a checked file in the background; the document shows how far it is.

    Args:
        order_file: name of the Order File.

    Raises:
        StepRefused: not checked, nothing good in it, or being taken already.
        frappe.PermissionError: the caller may not write it, or may not enter orders.
    """
    document = _writable(order_file)
    refuse_without_entry("Order")
    start_taking(document)
