"""The forms of the procedure and of the warehouse, their codes, who gets a copy (R-108, K-11, K-26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """A form that is printed; the names of its Print Format and of its code."""

    CONFIRMATION = "Order Confirmation Form"
    STATUS_TRACKING = "Order Status Tracking Form"
    REVIEW_CHECKLIST = "Review Checklist Form"
    CHANGE_NOTICE = "Change Notice Form"
    ORDER_LOG = "ORDER LOG"
    PICK_SLIP = "Pick Slip"
    DELIVERY_NOTE = "Delivery Note"
    DISPATCH_NOTICE = "Dispatch Notice"
    PACKING_LIST = "Packing List"
    SHORTAGE_LIST = "Shortage List"
    CARTON_LABEL = "Carton Label"


@dataclass(frozen=True, slots=True)
class FormLabel:
    """What a form is called in the company's papers.

    Args:
        code: printed on the form.
        alias: another code of the same form, by which people look for it; may be empty.
        copies: who gets a copy.
    """

    code: str
    alias: str = ""
    copies: tuple[str, ...] = ()


SHIPPED_LABELS: Mapping[Form, FormLabel] = {
    Form.CONFIRMATION: FormLabel(
        "ADD-PCD-SD-003.F4E", "ADD-PCD-SD-003.F5E", ("Customer", "Sales", "Planning", "Finance")
    ),
    Form.STATUS_TRACKING: FormLabel("ADD-PCD-SD-002.F1E"),
    Form.REVIEW_CHECKLIST: FormLabel("ADD-PCD-SD-003.F3E", "ADD-PCD-SD-003.F4E"),
    Form.CHANGE_NOTICE: FormLabel("ADD-PCD-SD-002.F2E"),
    Form.ORDER_LOG: FormLabel("ADD-PCD-SD-002.F3E"),
    Form.PICK_SLIP: FormLabel("WH-01", copies=("Warehouse",)),
    Form.DELIVERY_NOTE: FormLabel("WH-02", copies=("Customer", "Carrier", "Warehouse")),
    Form.DISPATCH_NOTICE: FormLabel("WH-03", copies=("Warehouse", "Carrier")),
    Form.PACKING_LIST: FormLabel("WH-04", copies=("Customer", "Warehouse")),
    Form.SHORTAGE_LIST: FormLabel("WH-05", copies=("Warehouse", "Sales")),
    Form.CARTON_LABEL: FormLabel("WH-06"),
}
"""Codes of section 9, the list of forms; the alias is the code in 6.2, 6.3 and 7.1.1 (K-11). An order form
has four copies (K-26). The papers of the warehouse (R-268) have codes of our own: no source names any."""
