"""Delivery Case: trouble with goods on their way, what the customer was told, how it was settled (R-308)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused


class DeliveryCase(EntryDocument):
    """One case; it changes only by the methods of ``flow.delivery_cases``."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        case_state: DF.Literal["Open", "Customer Told", "Closed"]
        cause: DF.SmallText | None
        claimed_from: DF.Data | None
        closed_at: DF.Datetime | None
        closed_by: DF.Link | None
        cost: DF.Currency
        customer_name: DF.Data | None
        description: DF.SmallText
        kind: DF.Literal[
            "Delay",
            "Damage",
            "Loss",
            "Short Delivery",
            "Receipt Refused",
            "Not Received",
            "Wrong Goods",
            "Ship Date Deviation",
            "Tracking Error",
            "Production Delay",
            "Other Problem",
        ]
        new_date: DF.Date | None
        opened_at: DF.Datetime | None
        opened_by: DF.Link | None
        order_id: DF.Link
        photo: DF.AttachImage | None
        request_id: DF.Data | None
        shipment: DF.Link | None
        solution: DF.Literal["", "Speed Up", "Replace", "Compensate", "Refund", "Take Back", "Explained"]
        told_at: DF.Datetime | None
        told_by: DF.Link | None
        told_words: DF.SmallText | None
    # end: auto-generated types

    def on_trash(self) -> None:
        """Cases are kept (R-382)."""
        frappe.throw(_("Delivery cases are kept. Close a wrong one with a remark."), StepRefused)


def on_doctype_update() -> None:
    """The cases of an order that are not closed."""
    frappe.db.add_index("Delivery Case", ["order_id", "case_state"], index_name="order_case_state")
