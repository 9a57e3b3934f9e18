"""Deeds that only a person can tell of: who may say that they happened (requirements 2.6, owner).

Everything else is told by the part of the app that stores the fact.
"""

from __future__ import annotations

from collections.abc import Iterable

from order_flow.domain.clocks.model import ClockEvent, ClockRule, PauseReason
from order_flow.domain.states import Role

_DESK = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER)
_PLANNING = (Role.PLANNING, Role.PRODUCTION)

EVENTS_BY_HAND: dict[ClockEvent, tuple[Role, ...]] = {
    ClockEvent.ORDER_LOGGED: (Role.ORDER_DESK, Role.SALES_MANAGER),
    ClockEvent.ORDER_SIGNED: _DESK,
    ClockEvent.CUSTOMER_CHANGE: _DESK,
    ClockEvent.TECHNICAL_CHANGE: (*_DESK, Role.TECHNOLOGY),
    ClockEvent.CHANGE_ANSWERED: (*_DESK, Role.TECHNOLOGY),
    ClockEvent.TECHNICAL_CHANGE_ANSWERED: (Role.TECHNOLOGY,),
    ClockEvent.INTERNAL_ORDER_ISSUED: _DESK,
    ClockEvent.TASKS_BROKEN_DOWN: _PLANNING,
    ClockEvent.PLAN_RECEIVED: _PLANNING,
    ClockEvent.PLAN_OBJECTIONS_CLOSED: _PLANNING,
    ClockEvent.DELIVERY_FOLLOWED_UP: (Role.ORDER_DESK, Role.SALES_MANAGER),
    ClockEvent.STEP_PREPARED: _PLANNING,
    ClockEvent.PACKING_WARNED: _PLANNING,
    ClockEvent.PRODUCTION_FINISHED: _PLANNING,
    ClockEvent.SUPPLIER_CONTACTED: (Role.PURCHASING,),
    ClockEvent.ARRIVAL_DELAY_KNOWN: (Role.PURCHASING,),
    ClockEvent.ARRIVAL_DELAY_REPORTED: (Role.PURCHASING,),
    ClockEvent.SUPPLIER_DISPATCH_CHECKED: (Role.PURCHASING,),
    ClockEvent.SUPPLIER_PROGRESS_REPORTED: (Role.PURCHASING,),
    ClockEvent.QUALITY_FINDING: (Role.QUALITY,),
    ClockEvent.FINDING_HANDLED: (Role.QUALITY,),
    ClockEvent.FINDING_REPORTED: (Role.QUALITY,),
    ClockEvent.FINDING_SETTLED: (Role.QUALITY,),
    ClockEvent.DISPATCH_INSTRUCTED: (Role.ORDER_DESK, Role.LOGISTICS),
    ClockEvent.DISPATCH_MISSED: (Role.LOGISTICS, Role.WAREHOUSE),
    ClockEvent.DISPATCH_MISS_REPORTED: (Role.LOGISTICS,),
    ClockEvent.DISPATCH_RECEIPT: (*_DESK, Role.LOGISTICS),
    ClockEvent.CUSTOMER_TOLD_OF_DISPATCH: _DESK,
    ClockEvent.SERVICE_REQUESTED: (*_DESK, Role.AFTER_SALES),
    ClockEvent.SERVICE_REQUEST_PASSED_ON: (*_DESK, Role.AFTER_SALES),
    ClockEvent.CUSTOMER_CONTACTED: (Role.AFTER_SALES,),
    ClockEvent.MONTH_ASSESSED: (Role.SALES_MANAGER,),
    ClockEvent.CUSTOMERS_EVALUATED: (Role.SALES, Role.SALES_MANAGER),
}
"""Who may tell of an event by hand."""

PAUSES_BY_HAND = (PauseReason.WAITING_FOR_CUSTOMER, PauseReason.DIFFERENCE_UNDER_DISCUSSION)
"""A hold pauses by itself (``flow.holds``)."""
PAUSERS = _DESK

SHIP_DATE_SETTERS = (Role.ORDER_DESK, Role.PLANNING, Role.LOGISTICS)
"""Who plans the day of dispatch (R-249)."""


def may_tell(event: ClockEvent, roles: Iterable[str]) -> bool:
    """Tell whether somebody with these roles may say that an event happened."""
    return not {role.value for role in EVENTS_BY_HAND.get(event, ())}.isdisjoint(roles)


def deed_of(rule: ClockRule, roles: Iterable[str]) -> ClockEvent | None:
    """The event by which somebody with these roles may end a rule's clock by hand; None where facts decide.

    Events are looked at in the order of the table, so that the answer is always the same.
    """
    held = frozenset(roles)
    return next((event for event in EVENTS_BY_HAND if event in rule.stops and may_tell(event, held)), None)
