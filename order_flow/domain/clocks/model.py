"""The words of the clocks: what happens to an order, what a rule says, why a clock rests, how it ends.

Source: time limits of 订单管理办法 and of the other documents (requirements 2.6, R-224..R-253, K-09). Which
limit runs between which two events is data (Clock Rule); the events themselves are named once, here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    FEASIBILITY_CHECKED = "Feasibility Checked"

    REVIEW_OPENED = "Review Opened"
    REVIEW_FINISHED = "Review Finished"
    """It ended, however it did."""
    REVIEW_AGREED = "Review Agreed"
    DOCUMENTS_HANDED_OVER = "Documents Handed Over"
    CYCLES_FIXED = "Cycles and Date Fixed"
    OPEN_POINTS_RELEASED = "Released With Open Points"
    OPEN_POINTS_SETTLED = "Open Points Settled"

    CUSTOMER_CHANGE = "Customer Change"
    TECHNICAL_CHANGE = "Technical Change"
    CHANGE_ANSWERED = "Change Answered"
    TECHNICAL_CHANGE_ANSWERED = "Technical Change Answered"
    """By Technology itself; what other departments say ends no clock of its."""
    PROMISED_DATE_SET = "Promised Date Set"

    INTERNAL_ORDER_ISSUED = "Internal Order Issued"
    RELEASED_TO_PLANNING = "Released to Planning"
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


EVENT_OF_STEP: dict[OrderStep, ClockEvent] = {
    OrderStep.CONFIRM: ClockEvent.ORDER_CONFIRMED,
    OrderStep.CONFIRM_PAYMENT: ClockEvent.ORDER_PAID,
    OrderStep.SHIP: ClockEvent.ORDER_SHIPPED,
    OrderStep.CONFIRM_RECEIPT: ClockEvent.RECEIPT_SIGNED,
    OrderStep.CANCEL: ClockEvent.ORDER_CANCELLED,
}
"""Steps of the lifecycle that clocks listen to; the others change nothing that has a limit."""

NOT_RAISED_YET = frozenset(
    {
        ClockEvent.STEP_PLANNED,
        ClockEvent.PACKING_PLANNED,
        ClockEvent.ARRIVAL_PLANNED,
        ClockEvent.SUPPLIER_DISPATCH_AGREED,
    }
)
"""Events of production and purchase plans. No document holds their dates yet (2026-11-30), so a limit that
starts with one of them is shipped switched off and cannot be switched on."""


class Unit(StrEnum):
    """What a limit is measured in; working units run in working time only."""

    MINUTES = "Minutes"
    HOURS = "Hours"
    CALENDAR_DAYS = "Calendar Days"
    MONTHS = "Months"
    WORKING_MINUTES = "Working Minutes"
    WORKING_HOURS = "Working Hours"
    WORKING_DAYS = "Working Days"


WORKING_UNITS = frozenset({Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS})
DAY_UNITS = frozenset({Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS})


class Basis(StrEnum):
    """From where a limit is counted."""

    AFTER_START = "After the Start"
    BEFORE_DATE = "Before a Date"
    AFTER_DATE = "After a Date"


class ClockKind(StrEnum):
    """What the end of the time means."""

    DEADLINE = "Deadline"
    """Somebody must have done it; later is late."""
    PERIOD = "Period"
    """A right or a duty ends by itself, e.g. the time for claims; nobody is late."""


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "Running"
    PAUSED = "Paused"
    MET = "Met"
    MISSED = "Missed"
    VOID = "Void"


OPEN_STATES = frozenset({ClockState.RUNNING, ClockState.PAUSED})


class Restart(StrEnum):
    """What a second start does."""

    ONCE = "Once"
    AFTER_STOP = "After Each Stop"
    LATEST = "From the Latest Start"


class Purpose(StrEnum):
    """Which of two clocks of one stretch a clock is: the shorter alarms, the longer escalates (K-09)."""

    ALARM = "Alarm"
    ESCALATION = "Escalation"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder on which people hear of a clock (R-253)."""

    number: int
    role: str
    percent: float = 100.0
    """Share of the limit that has passed."""
    minutes_late: int = 0
    """On top of the share, in the limit's own kind of time."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule is for orders whose field holds one of these values, or none of the excluded ones."""

    fieldname: str
    values: frozenset[str] = frozenset()
    """Empty: every value but the excluded ones."""
    excluded: frozenset[str] = frozenset()

    def holds(self, value: object) -> bool:
        """Tell whether an order with this value of the field is meant; no value counts as an empty text."""
        text = str(value or "")
        return text not in self.excluded and (not self.values or text in self.values)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One limit of a company's procedure, as its Clock Rule holds it."""

    code: str
    start: ClockEvent
    stops: frozenset[ClockEvent]
    amount: float
    unit: Unit
    owner: str
    """Role that must act."""
    title: str = ""
    kind: ClockKind = ClockKind.DEADLINE
    basis: Basis = Basis.AFTER_START
    anchor_field: str = ""
    """Field of the order, or of the paper the event names, that holds the date."""
    opens_amount: float = 0.0
    """Before a date: the clock shows as 'not yet' until so long before it; 0 runs at once."""
    early_is_missed: bool = False
    """Done before the window opens is as wrong as done too late (R-249)."""
    to_end_of_day: bool = False
    """Days are counted as in contracts: the first is not counted, the last counts to its end."""
    moved_by: ClockEvent | None = None
    restart: Restart = Restart.ONCE
    stop_may_come_first: bool = False
    pauses: frozenset[PauseReason] = frozenset()
    ladder: tuple[Rung, ...] = ()
    conditions: tuple[Condition, ...] = ()
    calendar: str = ""

    def listens_to(self, event: ClockEvent) -> bool:
        """Whether an event starts, moves or stops clocks of this rule; a cancelled order voids deadlines."""
        return (
            event in (self.start, self.moved_by)
            or event in self.stops
            or (event is ClockEvent.ORDER_CANCELLED and self.kind is ClockKind.DEADLINE)
        )

    def applies_to(self, facts: Mapping[str, object]) -> bool:
        """Tell whether a rule is for an order with these field values."""
        return all(row.holds(facts.get(row.fieldname)) for row in self.conditions)

    @property
    def stretch(self) -> tuple[ClockEvent, frozenset[ClockEvent]]:
        """Return what is measured, for finding clocks of the same stretch (K-09)."""
        return self.start, self.stops
