"""A stored document of every kind that a task of a role may be about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

from tests.site.support.builders import PRODUCTS, new_order
from tests.site.support.committed_orders import remove_orders

_VALUES: dict[str, dict[str, Any]] = {
    "Review Checklist": {"status": "Open", "round": 1},
    "Change Notice": {"change_state": "Under Review", "workflow_state": "Under Review"},
    "Open Point": {"status": "Open", "kind": "Other", "description": "-"},
    "Gate Override": {"status": "Open"},
    "Shipment": {"shipment_state": "Picking"},
    "Delivery Case": {"kind": "Other", "case_state": "Open", "description": "-"},
    "Shortage": {"product": PRODUCTS[0]},
    "Credit Raise Request": {"workflow_state": "Requested"},
    "Credit Note": {"note_state": "Proposed"},
    "Sync Discrepancy": {"status": "Open"},
    "Sales Channel": {},
}
"""Enough for a right to be asked; what a real one says is tested where it is made."""
_ALWAYS_THERE = {"Product": PRODUCTS[0], "Order Flow Settings": "Order Flow Settings"}


@contextmanager
def paper(doctype: str) -> Iterator[Any]:
    """A committed document, taken away afterwards together with its tasks."""
    order = new_order()
    document = order
    if doctype in _ALWAYS_THERE:
        document = frappe.get_doc(doctype, _ALWAYS_THERE[doctype])
    elif doctype != "Order":
        document = frappe.new_doc(doctype)
        document.update({**_VALUES[doctype], "order_id": order.name, "customer": order.customer})
        document.name = None if document.meta.autoname == "autoincrement" else frappe.generate_hash(length=10)
        document.db_insert()
    frappe.db.commit()
    try:
        yield document
    finally:
        frappe.db.rollback()
        about = {"reference_type": doctype, "reference_name": str(document.name)}
        tasks = frappe.get_all("ToDo", about, pluck="name")
        frappe.db.delete(
            "Notification Log", {"document_type": "ToDo", "document_name": ("in", tasks or [""])}
        )
        frappe.db.delete("ToDo", about)
        if doctype not in ("Order", *_ALWAYS_THERE):
            frappe.db.delete(doctype, {"name": document.name})
        frappe.db.commit()
        remove_orders([order.name])
