"""Why the system asks somebody to do something: each reason has one open task about a document and role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from order_flow.domain.goods.delivery import ROLES_TOLD
from order_flow.domain.goods.shortages import TASKS
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT
from order_flow.domain.states import Role


class TaskReason(StrEnum):
    """What a task stands for, and how its name begins. No value is the beginning of another one."""

    SURPLUS = "surplus"
    """More was paid than is owed."""
    REFUND_DUE = "refund-due"
    """Money of an order that was called off, or of a part of it, goes back."""
    MONEY_MISSING = "money-missing"
    """An order counts as paid, and a change or a refund left a part of it open."""
    CREDIT_NOTE_PROPOSED = "credit-note-proposed"
    """A credit note waits for finance's decision."""
    RED_DOCUMENT = "red-document"
    """An approved credit note is to be booked in the ledger by hand."""
    CANCELLATION_REFUSED = "cancellation-refused"
    """WDT shipped before it could cancel: somebody speaks with the customer."""
    REPLACEMENT_DUE = "replacement-due"
    """A case was settled by a replacement that has not left yet."""
    BOOK_OUT_BY_HAND = "book-out-by-hand"
    """Goods left at the desk that no order of WDT's accounts for."""
    BANK_CHARGES = "bank-charges"
    """Bank charges were taken over, and U8 does not know it."""
    OVERDUE = "overdue"
    """A customer has not paid in time."""
    RAISE_REFUSED = "raise-refused"
    """A higher limit was refused: whoever asked for it speaks with the customer."""
    ORDER_TAKEOVER = "order-takeover"
    """A service request, complaint or refund came in for a team."""
    ORDER_HELD = "order-held"
    """Somebody stopped an order: whoever supervises it hears of it."""
    ENTRY_REFUSED = "entry-refused"
    """A confirmation was refused: whoever has the order in his care mends it."""
    INTAKE_REFUSED = "intake-refused"
    """An order from another system or a file was refused, and is not here, or a sender's calls are none."""
    URGENT_ORDER = "urgent-order"
    """An urgent order waits for its handler."""
    URGENCY_DECLINED = "urgency-declined"
    """The urgency was declined: the customer is to be told."""
    PLANNING_RELEASED = "planning-released"
    """An order was released to planning."""
    DATE_PROPOSED = "date-proposed"
    """Planning named a delivery date: sales agrees on it with the customer."""
    REST_DUE = "rest-due"
    """The ship date is fixed: the customer pays the rest before it."""
    REVIEW_ANSWER = "review-answer"
    """A department is asked in a review."""
    REVIEW_LATE = "review-late"
    """A department has not answered a review in time."""
    POINT_LATE = "point-late"
    """An open point was not settled in time."""
    OVERRIDE_OPEN = "override-open"
    """What somebody let pass is still open after its day."""
    CHANGE_ANSWER = "change-answer"
    """A department is asked about a change."""
    CHANGE_INFORMED = "change-informed"
    """A department hears of a change."""
    CHANGE_REFUSED = "change-refused"
    """A department said no to a change."""
    CANCEL_IN_WDT = "cancel-in-wdt"
    """A cancellation was requested when WDT's warehouse had the goods in hand."""
    STOP_PARCEL = "stop-parcel"
    """A changed order is stopped in WDT by hand."""
    CHANGE_BY_HAND = "change-by-hand"
    """The rest of a changed order is changed in WDT by hand."""
    PART_CANCELLED_IN_WDT = "part-cancelled-in-wdt"
    """WDT cancelled a part of an order and goes on with the rest: the customer is asked."""
    DISPATCH = "dispatch"
    """Goods are to leave."""
    INSPECTION_FAILED = "inspection-failed"
    """Goods that were to leave are broken or wrong: good ones are put in."""
    SHIPMENT_UNWANTED = "shipment-unwanted"
    """Goods that were being prepared go back on the shelf."""
    SHIP_IN_WDT = "ship-in-wdt"
    """What left at the desk is shipped in WDT too."""
    WAYBILL_DIFFERS = "waybill-differs"
    """A parcel that left at the desk has another number in WDT."""
    CALL_RECEIVER = "delivery-call"
    """A receiver was not reached; it goes on when goods have left."""
    DELIVERY_CASE = "delivery-case"
    """Trouble with a delivery."""
    SHORTAGE_AGREED = "shortage-agreed"
    """The customer agreed to what was offered for missing goods."""
    LOW_STOCK = "low-stock"
    """A product is below its safety stock."""
    CUSTOMER_CALL = "customer-notice"
    """A customer is told by telephone what no message can tell him; the notice's name is the task's."""
    DISCREPANCY = "discrepancy"
    """The sides differ, and a person is to look."""


OUTLIVES_ITS_ORDER: Final = frozenset(
    {
        TaskReason.SURPLUS,
        TaskReason.REFUND_DUE,
        TaskReason.CREDIT_NOTE_PROPOSED,
        TaskReason.RED_DOCUMENT,
        TaskReason.CANCELLATION_REFUSED,
        TaskReason.REPLACEMENT_DUE,
        TaskReason.BOOK_OUT_BY_HAND,
        TaskReason.BANK_CHARGES,
        TaskReason.RAISE_REFUSED,
        TaskReason.STOP_PARCEL,
        TaskReason.SHIPMENT_UNWANTED,
        TaskReason.SHIP_IN_WDT,
        TaskReason.WAYBILL_DIFFERS,
        TaskReason.CUSTOMER_CALL,
        TaskReason.DISCREPANCY,
    }
)
"""Reasons that still hold when an order is called off; all others end with it."""


ENDS_WHEN_GOODS_LEFT: Final = frozenset(
    {
        TaskReason.REST_DUE,
        TaskReason.URGENT_ORDER,
        TaskReason.URGENCY_DECLINED,
        TaskReason.PLANNING_RELEASED,
        TaskReason.POINT_LATE,
        TaskReason.SHORTAGE_AGREED,
        TaskReason.STOP_PARCEL,
        TaskReason.CHANGE_BY_HAND,
        TaskReason.PART_CANCELLED_IN_WDT,
    }
)
"""Reasons that nobody need act on any more when all goods of an order have left."""

DONE_BY_HAND: Final = frozenset(
    {
        TaskReason.RED_DOCUMENT,
        TaskReason.BANK_CHARGES,
        TaskReason.BOOK_OUT_BY_HAND,
        TaskReason.SHIPMENT_UNWANTED,
        TaskReason.RAISE_REFUSED,
    }
)
"""Reasons whose end no fact of ours shows: whoever has done it closes the task. All others end by a fact."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whose lists the tasks of a reason come to, and what they are about.

    Every one of the roles reads every one of the documents: a test opens each as each.
    """

    doctypes: frozenset[str]
    roles: frozenset[Role]


def _of(doctypes: str | tuple[str, ...], *roles: Role) -> Receivers:
    return Receivers(frozenset((doctypes,) if isinstance(doctypes, str) else doctypes), frozenset(roles))


_ANSWERING = tuple(dict.fromkeys(roles[0] for roles in ROLES_OF_DEPARTMENT.values()))

RECEIVERS: Final[Mapping[TaskReason, Receivers]] = {
    TaskReason.SURPLUS: _of("Order", Role.FINANCE),
    TaskReason.REFUND_DUE: _of("Order", Role.FINANCE),
    TaskReason.CREDIT_NOTE_PROPOSED: _of("Credit Note", Role.FINANCE),
    TaskReason.RED_DOCUMENT: _of("Credit Note", Role.FINANCE),
    TaskReason.CANCELLATION_REFUSED: _of("Order", Role.ORDER_DESK, Role.SALES),
    TaskReason.REPLACEMENT_DUE: _of("Delivery Case", Role.WAREHOUSE),
    TaskReason.BOOK_OUT_BY_HAND: _of("Shipment", Role.WAREHOUSE),
    TaskReason.BANK_CHARGES: _of("Order", Role.FINANCE),
    TaskReason.MONEY_MISSING: _of("Order", Role.FINANCE),
    TaskReason.OVERDUE: _of("Order", Role.SALES, Role.SALES_MANAGER),
    TaskReason.RAISE_REFUSED: _of("Credit Raise Request", Role.SALES),
    TaskReason.ORDER_TAKEOVER: _of("Order", Role.AFTER_SALES, Role.QUALITY, Role.FINANCE),
    TaskReason.ORDER_HELD: _of("Order", Role.SALES_MANAGER),
    TaskReason.ENTRY_REFUSED: _of("Order", Role.ORDER_DESK),
    TaskReason.INTAKE_REFUSED: _of(("Sales Channel", "Order Flow Settings"), Role.ORDER_DESK),
    TaskReason.URGENT_ORDER: _of("Order", Role.PLANNING),
    TaskReason.URGENCY_DECLINED: _of("Order", Role.ORDER_DESK),
    TaskReason.PLANNING_RELEASED: _of("Order", Role.PLANNING, Role.PRODUCTION),
    TaskReason.DATE_PROPOSED: _of("Change Notice", Role.SALES),
    TaskReason.REST_DUE: _of("Order", Role.SALES),
    TaskReason.REVIEW_ANSWER: _of("Review Checklist", *_ANSWERING),
    TaskReason.REVIEW_LATE: _of("Review Checklist", *_ANSWERING),
    TaskReason.POINT_LATE: _of("Open Point", Role.ORDER_DESK),
    TaskReason.OVERRIDE_OPEN: _of(
        "Gate Override", Role.GENERAL_MANAGER, Role.SALES_MANAGER, Role.FINANCE, Role.PLANNING_DIRECTOR
    ),
    TaskReason.CHANGE_ANSWER: _of("Change Notice", *_ANSWERING),
    TaskReason.CHANGE_INFORMED: _of("Change Notice", *_ANSWERING),
    TaskReason.CHANGE_REFUSED: _of("Change Notice", Role.ORDER_DESK),
    TaskReason.CANCEL_IN_WDT: _of("Order", Role.WAREHOUSE),
    TaskReason.STOP_PARCEL: _of("Order", Role.WAREHOUSE),
    TaskReason.CHANGE_BY_HAND: _of("Order", Role.WAREHOUSE),
    TaskReason.PART_CANCELLED_IN_WDT: _of("Order", Role.ORDER_DESK),
    TaskReason.DISPATCH: _of("Shipment", Role.WAREHOUSE, Role.LOGISTICS),
    TaskReason.INSPECTION_FAILED: _of("Shipment", Role.WAREHOUSE),
    TaskReason.SHIPMENT_UNWANTED: _of("Shipment", Role.WAREHOUSE),
    TaskReason.SHIP_IN_WDT: _of("Shipment", Role.WAREHOUSE),
    TaskReason.WAYBILL_DIFFERS: _of("Shipment", Role.WAREHOUSE),
    TaskReason.CALL_RECEIVER: _of("Shipment", Role.LOGISTICS),
    TaskReason.DELIVERY_CASE: _of(
        "Delivery Case", *dict.fromkeys(role for roles in ROLES_TOLD.values() for role in roles)
    ),
    TaskReason.SHORTAGE_AGREED: _of("Shortage", *dict.fromkeys(role for role, _text in TASKS.values())),
    TaskReason.LOW_STOCK: _of("Product", Role.PURCHASING, Role.PLANNING),
    TaskReason.CUSTOMER_CALL: _of("Order", Role.ORDER_DESK),
    TaskReason.DISCREPANCY: _of("Sync Discrepancy", Role.ORDER_DESK, Role.FINANCE),
}
