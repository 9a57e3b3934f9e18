"""Gates over what an order says: is it whole, is everything settled, may it be worked on (R-055, R-074).

Prices and terms are in ``terms``, products in ``products``; all of them look at the facts defined here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import (
    BEFORE_WORK,
    CheckPoint,
    FactGroup,
    GateCode,
    GateRule,
    OpenGate,
)
from order_flow.domain.orders.classes import Urgency
from order_flow.domain.states import Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts


class OpenPoint(StrEnum):
    """What keeps an order unconfirmed while it is not settled (R-002)."""

    DELIVERY_DATE = "Delivery Date"
    AVAILABILITY = "Availability"
    SPECIAL_REQUEST = "Special Request"


@dataclass(frozen=True, slots=True)
class LineData:
    """One line of an order with what product and agreements say about it. Prices in the order's currency."""

    number: int
    product: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = ZERO
    """An amount, off the whole line."""
    is_gift: bool = False
    specification: str = ""
    model: str = ""
    customer_product_code: str = ""
    packing: str = ""
    label: str = ""
    requested_on: date | None = None
    promised_on: date | None = None
    agreed_quantity: Decimal = ZERO
    agreed_price: Decimal = ZERO
    agreed_specification: str = ""
    """What enquiry and quotation said (R-056, R-059); zero and empty where nothing was noted."""
    known_prices: tuple[Decimal, ...] = ()
    """The price agreed with the customer, or the list price; empty where neither exists in the currency."""
    minimum_quantity: Decimal = ZERO
    response_days: int = 0
    drawing_number: str = ""
    quotation_accepted: bool = False
    quotation_valid_until: date | None = None

    @property
    def label_of_line(self) -> str:
        """Return how a message names the line."""
        return f"{self.number} ({self.product})"


@dataclass(frozen=True, slots=True)
class SalesTerms:
    """One row of the sales policy (R-058); an empty word allows everything."""

    trade: str = ""
    payment_term: str = ""
    transport_mode: str = ""


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the gates over an order's content look at."""

    today: date = date.min
    lines: tuple[LineData, ...] = ()
    customer_name: str = ""
    contact_person: str = ""
    mobile: str = ""
    phone: str = ""
    address: tuple[str, str, str] = ("", "", "")
    """Province, city, and the rest."""
    framework_customer: bool = False
    contract_number: str = ""
    trade: str = ""
    payment_term: str = ""
    transport_mode: str = ""
    requested_on: date | None = None
    promised_on: date | None = None
    availability_confirmed: bool = True
    special_request_open: bool = False
    packing: str = ""
    label: str = ""
    wishes_expected_on: date | None = None
    discount: Decimal = ZERO
    """An amount, off the whole order."""
    discount_reason: str = ""
    discount_limit: Decimal = ZERO
    """Percent that needs no approval."""
    price_tolerance: Decimal = ZERO
    """Percent by which a price may differ (R-057)."""
    sales_policy: tuple[SalesTerms, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    urgent_approved: bool = False
    urgent_handler: str = ""
    drawings_confirmed: bool = False


def naming_lines(lines: Iterable[LineData]) -> str:
    """The lines of a message, e.g. ``2 (CUP-1), 5 (CUP-9)``."""
    return ", ".join(line.label_of_line for line in lines)


_INCOMPLETE = (
    "These customer data are missing or cannot be right: {fields}. Ask the customer and correct them."
)
_NO_CONTRACT = (
    "The customer buys under a framework contract, and the order names none. Enter the contract number."
)
_POINTS_OPEN = "Not settled with the customer yet: {points}. Settle them and enter the result."
_URGENT = (
    "The order is urgent and not approved as such. "
    "The planning director approves it, or makes it a normal order."
)
_NO_HANDLER = "The order is urgent and nobody is named to handle it. Name an experienced person."
_DRAWINGS = "Technology has not confirmed the drawings yet."

_MOBILE = re.compile(r"\+?[0-9][0-9 \-]{6,18}[0-9]")


def customer_data_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Name, contact, telephone and address are there and could be true (R-055)."""
    data = facts.data
    reachable = [number for number in (data.mobile, data.phone) if number.strip()]
    faults = {
        "Customer Name": not data.customer_name.strip(),
        "Contact Person": not data.contact_person.strip(),
        "Mobile": not reachable or not all(_MOBILE.fullmatch(number.strip()) for number in reachable),
        "Address": not all(part.strip() for part in data.address),
    }
    wrong = tuple(field for field, faulty in faults.items() if faulty)
    if not wrong:
        return None
    return OpenGate(
        GateCode.CUSTOMER_DATA_INCOMPLETE, _INCOMPLETE, (Role.ORDER_DESK, Role.SALES), {"fields": wrong}
    )


def contract_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A framework customer's order names the contract it refers to (R-047)."""
    if not facts.data.framework_customer or facts.data.contract_number.strip():
        return None
    return OpenGate(GateCode.CONTRACT_NUMBER_MISSING, _NO_CONTRACT, (Role.ORDER_DESK, Role.SALES))


def open_points_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """With delivery date, availability or a special request open an order is not confirmed (R-002)."""
    data = facts.data
    dated = data.promised_on or all(line.promised_on for line in data.lines)
    still_open = {
        OpenPoint.DELIVERY_DATE: not dated,
        OpenPoint.AVAILABILITY: not data.availability_confirmed,
        OpenPoint.SPECIAL_REQUEST: data.special_request_open,
    }
    points = tuple(point.value for point, is_open in still_open.items() if is_open)
    if not points:
        return None
    return OpenGate(
        GateCode.OPEN_POINTS,
        _POINTS_OPEN,
        (Role.ORDER_DESK, Role.SALES, Role.PLANNING),
        {"points": points},
        subject=",".join(points),
    )


def urgent_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """An urgent order is approved and has a named handler; every other gate stays (R-404, R-406)."""
    data = facts.data
    if data.urgency is not Urgency.URGENT:
        return None
    if not data.urgent_approved:
        return OpenGate(GateCode.URGENT_NOT_APPROVED, _URGENT, (Role.PLANNING_DIRECTOR,))
    if not data.urgent_handler:
        return OpenGate(GateCode.URGENT_NOT_APPROVED, _NO_HANDLER, (Role.ORDER_DESK, Role.PLANNING_DIRECTOR))
    return None


def drawings_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """After the customer's confirmation technology confirms the drawings, only then planning (R-091)."""
    if facts.data.drawings_confirmed:
        return None
    return OpenGate(GateCode.DRAWINGS_NOT_CONFIRMED, _DRAWINGS, (Role.TECHNOLOGY,))


RULES: tuple[GateRule, ...] = (
    GateRule(GateCode.CUSTOMER_DATA_INCOMPLETE, customer_data_gate, FactGroup.DATA, in_content=True),
    GateRule(
        GateCode.CONTRACT_NUMBER_MISSING, contract_gate, FactGroup.DATA, points=BEFORE_WORK, in_content=True
    ),
    GateRule(
        GateCode.OPEN_POINTS,
        open_points_gate,
        FactGroup.DATA,
        overridden_by=(Role.SALES_MANAGER, Role.GENERAL_MANAGER),
        points=BEFORE_WORK,
        in_content=True,
    ),
    GateRule(GateCode.URGENT_NOT_APPROVED, urgent_gate, FactGroup.DATA, points=BEFORE_WORK),
    GateRule(
        GateCode.DRAWINGS_NOT_CONFIRMED,
        drawings_gate,
        FactGroup.DATA,
        points=frozenset({CheckPoint.PLANNING, CheckPoint.SHIP}),
    ),
)
