"""What a gate is: its name, where it is asked, what it does, and what it says when it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from order_flow.domain.states import OrderState, OrderStep, Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts


class GateCode(StrEnum):
    """Stable names of the gates, for messages, reports and integrators."""

    ON_HOLD = "on_hold"
    CANCEL_REQUESTED = "cancel_requested"
    MONEY_OUTSTANDING = "money_outstanding"
    RECEIPT_OUTSTANDING = "receipt_outstanding"
    GOODS_NOT_SHIPPED = "goods_not_shipped"
    OTHER_SIDE_LEADS = "other_side_leads"
    WAREHOUSE_NOT_ASKED = "warehouse_not_asked"
    GOODS_OUT = "goods_out"
    CANCEL_WINDOW_CLOSED = "cancel_window_closed"
    NUMBER_NOT_POSSIBLE = "number_not_possible"
    ORDER_UNCONFIRMED = "order_unconfirmed"
    CUSTOMER_DATA_INCOMPLETE = "customer_data_incomplete"
    CONTRACT_NUMBER_MISSING = "contract_number_missing"
    OPEN_POINTS = "open_points"
    URGENT_NOT_APPROVED = "urgent_not_approved"
    DRAWINGS_NOT_CONFIRMED = "drawings_not_confirmed"
    DIFFERS_FROM_AGREEMENT = "differs_from_agreement"
    PRICE_NOT_AGREED = "price_not_agreed"
    AGAINST_SALES_POLICY = "against_sales_policy"
    DISCOUNT_NOT_APPROVED = "discount_not_approved"
    PAYMENT_DIFFERS = "payment_differs"
    BELOW_MINIMUM_QUANTITY = "below_minimum_quantity"
    DATE_TOO_EARLY = "date_too_early"
    NEW_PRODUCT_NOT_ACCEPTED = "new_product_not_accepted"
    NEW_AND_EXISTING_PRODUCTS = "new_and_existing_products"
    DRAWING_MISSING = "drawing_missing"
    LINE_DATA_INCOMPLETE = "line_data_incomplete"
    WISHES_OPEN = "wishes_open"
    CONFIRMATION_NOT_PROVEN = "confirmation_not_proven"
    REVIEW_OUTSTANDING = "review_outstanding"
    REVIEW_REFUSED = "review_refused"
    MEETING_NOT_HELD = "meeting_not_held"
    OPEN_POINTS_LATE = "open_points_late"
    DEPOSIT_MISSING = "deposit_missing"
    PREPAYMENT_MISSING = "prepayment_missing"
    PAYMENT_BEFORE_SHIPMENT_MISSING = "payment_before_shipment_missing"
    LETTER_OF_CREDIT_MISSING = "letter_of_credit_missing"
    LETTER_OF_CREDIT_NOT_VERIFIED = "letter_of_credit_not_verified"
    LETTER_OF_CREDIT_EXPIRY_UNKNOWN = "letter_of_credit_expiry_unknown"
    SHIPS_TOO_LATE_FOR_LETTER_OF_CREDIT = "ships_too_late_for_letter_of_credit"
    LETTER_OF_CREDIT_TOO_LOW = "letter_of_credit_too_low"
    CREDIT_NOT_GRANTED = "credit_not_granted"
    CREDIT_EXPIRED = "credit_expired"
    CREDIT_OVER_LIMIT = "credit_over_limit"
    CUSTOMER_OVERDUE = "customer_overdue"
    CUSTOMER_NOT_ASSESSED = "customer_not_assessed"
    LARGE_ORDER_UNCHECKED = "large_order_unchecked"
    NOT_SETTLED = "not_settled"
    STOCK_NOT_AVAILABLE = "stock_not_available"
    PART_SHIPMENT_NOT_AGREED = "part_shipment_not_agreed"
    WEIGHT_DIFFERS = "weight_differs"
    NOT_INSPECTED = "not_inspected"
    INSPECTION_FAILED = "inspection_failed"

    @property
    def label(self) -> str:
        """The name in a policy's table, e.g. ``Order Unconfirmed``."""
        return self.value.replace("_", " ").title()

    @classmethod
    def of_label(cls, label: str) -> Self:
        """The gate of a policy's row.

        Raises:
            ValueError: no gate has this label.
        """
        return cls(label.lower().replace(" ", "_"))


class Origin(StrEnum):
    """Which side a step comes from (K-02)."""

    SITE = "Site"
    WDT = "WDT"


class CheckPoint(StrEnum):
    """Where a company's policy asks its gates."""

    CONFIRM = "Confirm"
    PLANNING = "Release to Planning"
    SHIP = "Ship"
    COMPLETE = "Complete"


class Effect(StrEnum):
    """What an open gate does at a check point."""

    OFF = "Off"
    WARN = "Warn"
    STOP = "Stop"


class FactGroup(StrEnum):
    """Facts that are read together, in one statement, only where a gate of the policy asks for them."""

    ORDER = "order"
    """On the order itself: no statement."""
    DATA = "data"
    EVIDENCE = "evidence"
    MONEY = "money"
    REVIEW = "review"
    STOCK = "stock"
    PARTS = "parts"
    WAREHOUSE = "warehouse"


@dataclass(frozen=True, slots=True)
class OpenGate:
    """Why a step is not possible now."""

    code: GateCode
    template: str
    """English text with named places; the edge translates it."""
    freed_by: tuple[Role, ...]
    params: Mapping[str, object] = field(default_factory=dict)
    effect: Effect = Effect.STOP
    can_be_overridden_by: tuple[Role, ...] = ()
    subject: str = ""
    """What exactly is open, e.g. the lines with their prices. An override counts for this subject only:
    what somebody let pass is no permission for something else."""
    by_change: bool = False
    """What is missing is entered with a change notice: the order itself is not edited any more."""


Gate = Callable[["GateFacts", OrderStep], OpenGate | None]
"""A gate of the lifecycle."""
PolicyGate = Callable[["GateFacts", CheckPoint], OpenGate | None]
"""A gate that a company's policy switches."""
Policy = Mapping[GateCode, Mapping[CheckPoint, Effect]]
"""What each gate does at each check point; what is not named is off."""


def fingerprint(*parts: object) -> str:
    """A short stable name of what a gate found, for binding an override to it.

    Args:
        parts: values that print the same whenever the finding is the same.

    Returns:
        32 hexadecimal digits.
    """
    text = "\x1f".join(map(str, parts))
    return sha256(text.encode()).hexdigest()[:32]


EVERYWHERE = frozenset(CheckPoint)
BEFORE_WORK = frozenset({CheckPoint.CONFIRM, CheckPoint.PLANNING})


@dataclass(frozen=True, slots=True)
class GateRule:
    """One row of the table of policy gates."""

    code: GateCode
    gate: PolicyGate
    group: FactGroup
    overridden_by: tuple[Role, ...] = ()
    """Who may let an order pass although the gate is open (K-14); nobody where empty."""
    points: frozenset[CheckPoint] = EVERYWHERE
    """Where asking makes sense."""
    also: frozenset[FactGroup] = frozenset()
    """Further groups that the gate looks at."""
    in_content: bool = False
    """What frees it stands in the order's content, which only a change notice changes from Confirmed on."""


def check_point_of(step: OrderStep, target: OrderState) -> CheckPoint | None:
    """The check point that a step passes.

    Args:
        step: what is done.
        target: the state it leads to; completing is not one step only.

    Returns:
        The check point, None where the step passes none.
    """
    if target is OrderState.COMPLETED:
        return CheckPoint.COMPLETE
    return _POINT_OF_STEP.get(step)


_POINT_OF_STEP = {OrderStep.CONFIRM: CheckPoint.CONFIRM, OrderStep.SHIP: CheckPoint.SHIP}
