"""Clock Rule Event: one of the events that stop a clock."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRuleEvent(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        event: DF.Literal[
            "Order Received",
            "Order Checked",
            "Order Logged",
            "Order Confirmed",
            "Order Signed",
            "Order Paid",
            "Order Shipped",
            "Order Completed",
            "Order Cancelled",
            "Cancellation Requested",
            "Cancellation Answered",
            "Evidence Received",
            "Drawings Confirmed",
            "Deposit Received",
            "Letter of Credit Known",
            "Feasibility Checked",
            "Review Opened",
            "Review Finished",
            "Review Agreed",
            "Documents Handed Over",
            "Cycles and Date Fixed",
            "Released With Open Points",
            "Open Points Settled",
            "Customer Change",
            "Technical Change",
            "Change Answered",
            "Technical Change Answered",
            "Promised Date Set",
            "Internal Order Issued",
            "Released to Planning",
            "Tasks Broken Down",
            "Production Plan Received",
            "Objections to the Plan Closed",
            "Delivery Followed Up",
            "Production Step Planned",
            "Production Step Prepared",
            "Packing Planned",
            "Packing Warned",
            "Production Finished",
            "Arrival Planned",
            "Supplier Contacted",
            "Arrival Delay Known",
            "Arrival Delay Reported",
            "Supplier Dispatch Agreed",
            "Supplier Dispatch Checked",
            "Supplier Progress Reported",
            "Quality Finding",
            "Finding Handled",
            "Finding Reported",
            "Finding Settled",
            "Ship Date Set",
            "Dispatch Instructed",
            "Dispatch Missed",
            "Missed Dispatch Reported",
            "Dispatch Receipt Arrived",
            "Customer Told of Dispatch",
            "Receipt Signed",
            "Service Requested",
            "Service Request Passed On",
            "Customer Contacted",
            "Month Ended",
            "Month Assessed",
            "Quarter Ended",
            "Customers Evaluated",
        ]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
    # end: auto-generated types
