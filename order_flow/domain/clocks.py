"""The words of the clocks: what happens to an order, why a clock rests, and how it ends.

Source: time limits of 订单管理办法 and of the other documents (requirements 2.6, R-224..R-253, K-09). Which
limit runs between which two events is data (Clock Rule); the events themselves are named once, here.
"""

from __future__ import annotations

from enum import StrEnum

from order_flow.domain.states import OrderStep


class ClockEvent(StrEnum):
    """What starts, moves or stops a clock (requirements 2.6, columns 'clock starts' and 'must be done')."""

    ORDER_RECEIVED = "Order Received"
    ORDER_CHECKED = "Order Checked"
    ORDER_LOGGED = "Order Logged"
    ORDER_CONFIRMED = "Order Confirmed"
    ORDER_SIGNED = "Order Signed"
    ORDER_PAID = "Order Paid"
    ORDER_SHIPPED = "Order Shipped"
    ORDER_COMPLETED = "Order Completed"
    ORDER_CANCELLED = "Order Cancelled"
    CANCELLATION_REQUESTED = "Cancellation Requested"
    CANCELLATION_ANSWERED = "Cancellation Answered"

    EVIDENCE_RECEIVED = "Evidence Received"
    DRAWINGS_CONFIRMED = "Drawings Confirmed"
    DEPOSIT_RECEIVED = "Deposit Received"
    LETTER_OF_CREDIT_KNOWN = "Letter of Credit Known"
    URGENT_REQUESTED = "Urgent Order Requested"
    FEASIBILITY_CHECKED = "Feasibility Checked"

    REVIEW_OPENED = "Review Opened"
    REVIEW_FINISHED = "Review Finished"
    DOCUMENTS_HANDED_OVER = "Documents Handed Over"
    CYCLES_FIXED = "Cycles and Date Fixed"
    OPEN_POINTS_RELEASED = "Released With Open Points"
    OPEN_POINTS_SETTLED = "Open Points Settled"

    CUSTOMER_CHANGE = "Customer Change"
    TECHNICAL_CHANGE = "Technical Change"
    CHANGE_ANSWERED = "Change Answered"
    PROMISED_DATE_SET = "Promised Date Set"

    INTERNAL_ORDER_ISSUED = "Internal Order Issued"
    RELEASED_TO_PLANNING = "Released to Planning"
    INSTRUCTION_RECEIVED = "Production Instruction Received"
    TASKS_BROKEN_DOWN = "Tasks Broken Down"
    PLAN_RECEIVED = "Production Plan Received"
    PLAN_OBJECTIONS_CLOSED = "Objections to the Plan Closed"
    DELIVERY_FOLLOWED_UP = "Delivery Followed Up"
    STEP_PLANNED = "Production Step Planned"
    STEP_PREPARED = "Production Step Prepared"
    PACKING_PLANNED = "Packing Planned"
    PACKING_WARNED = "Packing Warned"
    PRODUCTION_FINISHED = "Production Finished"

    ARRIVAL_PLANNED = "Arrival Planned"
    SUPPLIER_CONTACTED = "Supplier Contacted"
    ARRIVAL_DELAY_KNOWN = "Arrival Delay Known"
    ARRIVAL_DELAY_REPORTED = "Arrival Delay Reported"
    SUPPLIER_DISPATCH_AGREED = "Supplier Dispatch Agreed"
    SUPPLIER_DISPATCH_CHECKED = "Supplier Dispatch Checked"
    SUPPLIER_PROGRESS_REPORTED = "Supplier Progress Reported"

    QUALITY_FINDING = "Quality Finding"
    FINDING_HANDLED = "Finding Handled"
    FINDING_REPORTED = "Finding Reported"
    FINDING_SETTLED = "Finding Settled"

    SHIP_DATE_SET = "Ship Date Set"
    DISPATCH_INSTRUCTED = "Dispatch Instructed"
    DISPATCH_MISSED = "Dispatch Missed"
    DISPATCH_MISS_REPORTED = "Missed Dispatch Reported"
    DISPATCH_RECEIPT = "Dispatch Receipt Arrived"
    CUSTOMER_TOLD_OF_DISPATCH = "Customer Told of Dispatch"
    RECEIPT_SIGNED = "Receipt Signed"

    SERVICE_REQUESTED = "Service Requested"
    SERVICE_REQUEST_PASSED_ON = "Service Request Passed On"
    CUSTOMER_CONTACTED = "Customer Contacted"

    MONTH_ENDED = "Month Ended"
    MONTH_ASSESSED = "Month Assessed"
    QUARTER_ENDED = "Quarter Ended"
    CUSTOMERS_EVALUATED = "Customers Evaluated"


class PauseReason(StrEnum):
    """Why a clock may rest; a rule names the reasons that it accepts."""

    ON_HOLD = "On Hold"
    WAITING_FOR_CUSTOMER = "Waiting for Customer"
    DIFFERENCE_UNDER_DISCUSSION = "Difference Under Discussion"
    WAITING_FOR_WAREHOUSE = "Waiting for Warehouse"


EVENT_OF_STEP: dict[OrderStep, ClockEvent] = {
    OrderStep.CONFIRM: ClockEvent.ORDER_CONFIRMED,
    OrderStep.CONFIRM_PAYMENT: ClockEvent.ORDER_PAID,
    OrderStep.SHIP: ClockEvent.ORDER_SHIPPED,
    OrderStep.CONFIRM_RECEIPT: ClockEvent.RECEIPT_SIGNED,
    OrderStep.CANCEL: ClockEvent.ORDER_CANCELLED,
}
"""Steps of the lifecycle that clocks listen to; the others change nothing that has a limit."""
