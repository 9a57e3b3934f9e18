"""Gate Override: somebody let an order pass an open gate, with name and reason (K-14)."""

from __future__ import annotations

from order_flow.flow.gates.overrides import guard_override
from order_flow.flow.records.entry_document import EntryDocument


class GateOverride(EntryDocument):
    """A named exception; made and closed by methods only."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        approved_at: DF.Datetime
        approver: DF.Link
        check_point: DF.Literal["Confirm", "Release to Planning", "Ship", "Complete"]
        closed_at: DF.Datetime | None
        closed_by: DF.Link | None
        closing_remark: DF.SmallText | None
        due_date: DF.Date | None
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
        kind: DF.Literal[
            "Manager Override", "Agreed Exception", "Special Discount", "Label Open", "Stock-up", "Urgent"
        ]
        open_point: DF.SmallText | None
        order_id: DF.Link
        reason: DF.SmallText
        reminded_at: DF.Datetime | None
        status: DF.Literal["Open", "Closed", "Final"]
        subject: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """Nobody writes one past the method that checks his right to."""
        guard_override(self)

    def on_trash(self) -> None:
        """Kept as the order is (R-382)."""
        guard_override(self)
