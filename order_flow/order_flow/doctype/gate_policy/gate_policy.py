"""Gate Policy: what one gate does at each check point of a Flow Profile (R-075)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class GatePolicy(EntryRow, Document):
    """What one gate does at each check point of a Flow Profile (R-075)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        at_complete: DF.Literal["Off", "Warn", "Stop"]
        at_confirm: DF.Literal["Off", "Warn", "Stop"]
        at_planning: DF.Literal["Off", "Warn", "Stop"]
        at_ship: DF.Literal["Off", "Warn", "Stop"]
        gate: DF.Literal[
            "Against Sales Policy",
            "Below Minimum Quantity",
            "Confirmation Not Proven",
            "Contract Number Missing",
            "Credit Expired",
            "Credit Not Granted",
            "Credit Over Limit",
            "Customer Data Incomplete",
            "Customer Not Assessed",
            "Customer Overdue",
            "Date Too Early",
            "Deposit Missing",
            "Differs From Agreement",
            "Discount Not Approved",
            "Drawing Missing",
            "Drawings Not Confirmed",
            "Inspection Failed",
            "Large Order Unchecked",
            "Letter Of Credit Expiry Unknown",
            "Letter Of Credit Missing",
            "Letter Of Credit Not Verified",
            "Letter Of Credit Too Low",
            "Line Data Incomplete",
            "Meeting Not Held",
            "New And Existing Products",
            "New Product Not Accepted",
            "Not Inspected",
            "Not Settled",
            "Open Points",
            "Open Points Late",
            "Order Unconfirmed",
            "Part Shipment Not Agreed",
            "Payment Before Shipment Missing",
            "Payment Differs",
            "Prepayment Missing",
            "Price Not Agreed",
            "Review Outstanding",
            "Review Refused",
            "Ships Too Late For Letter Of Credit",
            "Stock Not Available",
            "Urgent Not Approved",
            "Weight Differs",
            "Wishes Open",
        ]
        own_allowed: DF.Check
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
    # end: auto-generated types
