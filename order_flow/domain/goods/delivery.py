"""The last stretch: counting at the door, cases of trouble, claims in time (R-296 to R-310, K-19, K-22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.states import Role


class DeliveryRefused(OrderFlowError):
    """What somebody reports about a delivery cannot be right."""

    code = "delivery_refused"


class ProofKind(StrEnum):
    """By what the receiver showed that the goods are his (R-303)."""

    SIGNATURE = "Signature"
    IDENTITY_DOCUMENT = "Identity Document"
    ORDER_NUMBER = "Order Number"


class CaseKind(StrEnum):
    """What went wrong with a delivery."""

    DELAY = "Delay"
    DAMAGE = "Damage"
    LOSS = "Loss"
    SHORT = "Short Delivery"
    REFUSED = "Receipt Refused"
    NOT_RECEIVED = "Not Received"
    WRONG_GOODS = "Wrong Goods"
    DATE_DEVIATION = "Ship Date Deviation"
    TRACKING = "Tracking Error"
    PRODUCTION_DELAY = "Production Delay"
    OTHER = "Other Problem"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "Open"
    CUSTOMER_TOLD = "Customer Told"
    CLOSED = "Closed"


class CaseStep(StrEnum):
    """What people do with a case."""

    TELL = "Tell Customer"
    CLOSE = "Close Case"


DELIVERY_CASE: Final = Lifecycle(
    (
        Transition(CaseStep.TELL, CaseState.OPEN, CaseState.CUSTOMER_TOLD),
        # Something new happened: the customer hears again.
        Transition(CaseStep.TELL, CaseState.CUSTOMER_TOLD, CaseState.CUSTOMER_TOLD),
        Transition(CaseStep.CLOSE, CaseState.OPEN, CaseState.CLOSED),
        Transition(CaseStep.CLOSE, CaseState.CUSTOMER_TOLD, CaseState.CLOSED),
    )
)
"""The lifecycle of a case; who tells and who settles stands with the methods that do it."""


class Solution(StrEnum):
    """How a case was settled (R-308)."""

    SPEED_UP = "Speed Up"
    REPLACE = "Replace"
    COMPENSATE = "Compensate"
    REFUND = "Refund"
    TAKE_BACK = "Take Back"
    EXPLAINED = "Explained"


ROLES_TOLD: Final[Mapping[CaseKind, tuple[Role, ...]]] = {
    CaseKind.DELAY: (Role.ORDER_DESK,),
    CaseKind.DAMAGE: (Role.AFTER_SALES, Role.LOGISTICS, Role.FINANCE),
    CaseKind.LOSS: (Role.AFTER_SALES, Role.LOGISTICS),
    CaseKind.SHORT: (Role.AFTER_SALES, Role.WAREHOUSE),
    CaseKind.REFUSED: (Role.AFTER_SALES, Role.ORDER_DESK),
    CaseKind.NOT_RECEIVED: (Role.LOGISTICS,),
    CaseKind.WRONG_GOODS: (Role.AFTER_SALES, Role.WAREHOUSE),
    CaseKind.DATE_DEVIATION: (Role.ORDER_DESK,),
    CaseKind.TRACKING: (Role.LOGISTICS,),
    CaseKind.PRODUCTION_DELAY: (Role.SALES, Role.ORDER_DESK, Role.PLANNING, Role.LOGISTICS),
    CaseKind.OTHER: (Role.AFTER_SALES,),
}
"""Whose list a case comes to: damage goes to after-sales, transport and whoever pays the freight (R-307),
goods that did not arrive to transport (R-306), what production cannot keep to sales at once, and to whoever
plans and ships (R-185, R-201)."""

NEEDS_DATE: Final = frozenset({CaseKind.DELAY, CaseKind.PRODUCTION_DELAY})
"""The customer hears of a delay with its reason and the new day (R-296, R-374)."""
NEEDS_CAUSE: Final = frozenset({CaseKind.DAMAGE, CaseKind.LOSS})
"""Transport finds the cause with quality and production (R-307)."""
COMPLAINTS: Final = frozenset(
    {CaseKind.DAMAGE, CaseKind.SHORT, CaseKind.WRONG_GOODS, CaseKind.OTHER, CaseKind.REFUSED}
)
"""What a customer claims about goods that he has; possible within the claim period (K-22)."""

ABOUT_GOODS: Final = COMPLAINTS - {CaseKind.OTHER} | {CaseKind.LOSS, CaseKind.NOT_RECEIVED}
"""Only of goods that have left can anybody say so."""

_MORE: Final = "Line {line}: {received} would be received, but only {shipped} was shipped. Count again."
_LESS_THAN_NOTHING: Final = "Line {line}: {received} is below zero. Count again."
_UNKNOWN: Final = "The shipment has no line {line}. Open it anew and count its own lines."


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted at the door.

    Args:
        received: quantity by line id, every line of the shipment.
        missing: what was shipped and not received, by line id; only lines where something is missing.
    """

    received: Mapping[str, Decimal]
    missing: Mapping[str, Decimal]

    @property
    def nothing_came(self) -> bool:
        """Tell whether the receiver took nothing at all."""
        return not any(quantity > ZERO for quantity in self.received.values())


def counted(shipped: Mapping[str, Decimal], said: Mapping[str, Decimal]) -> Count:
    """Compare what was counted with what was shipped.

    Args:
        shipped: quantity of the shipment by line id.
        said: counted quantity by line id; a line that is not named was received in full.

    Returns:
        The count of every line.

    Raises:
        DeliveryRefused: an unknown line, more than was shipped, or less than nothing.
    """
    for line, quantity in said.items():
        if line not in shipped:
            raise DeliveryRefused(_UNKNOWN, {"line": line})
        shown = {"line": line, "received": f"{quantity.normalize():f}"}
        if quantity < ZERO:
            raise DeliveryRefused(_LESS_THAN_NOTHING, shown)
        if quantity > shipped[line]:
            raise DeliveryRefused(_MORE, {**shown, "shipped": f"{shipped[line].normalize():f}"})
    received = {line: said.get(line, quantity) for line, quantity in shipped.items()}
    missing = {line: shipped[line] - got for line, got in received.items() if got < shipped[line]}
    return Count(received, missing)


def deviation(planned: date | None, actual: date, tolerance_days: int) -> int:
    """By how many days goods left too early or too late, beyond what is tolerated (R-249, K-19).

    Args:
        planned: the planned ship date; None where nobody planned one.
        actual: the day they left.
        tolerance_days: calendar days either way.

    Returns:
        The days, negative where they left early; 0 within the tolerance.
    """
    if planned is None:
        return 0
    days = (actual - planned).days
    return days if abs(days) > tolerance_days else 0


def in_time(today: date, claim_until: date | None) -> bool:
    """Tell whether a complaint still counts by itself; later it takes a supervisor (K-22)."""
    return claim_until is None or today <= claim_until
