"""Gates over the products of an order: quantities, times, drawings, and what is new (R-067..R-071)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from order_flow.domain.gates.data import DataFacts, LineData, naming_lines
from order_flow.domain.gates.model import (
    BEFORE_WORK,
    CheckPoint,
    FactGroup,
    GateCode,
    GateRule,
    OpenGate,
    fingerprint,
)
from order_flow.domain.states import Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts

_BELOW = (
    "Below the minimum quantity: {lines}. Agree a larger quantity with the customer, or let the "
    "exception be approved."
)
_TOO_EARLY = (
    "Wanted earlier than the agreed response time allows: {lines}. "
    "Agree a later date with the customer, or let the exception be approved."
)
_NOT_ACCEPTED = (
    "New products without drawing need a valid quotation that the customer has accepted: {lines}. "
    "Record the acceptance on the product, or take the lines out."
)
_MIXED = (
    "The order mixes new products ({new}) with existing ones ({existing}). Agree with the customer to ship "
    "them in separate lots."
)
_NO_DRAWING = "Only developed products go to planning; these lines have no drawing: {lines}."
_LINE_DATA = "These lines lack the customer's own product number: {lines}."
_WISHES = (
    "Packing, label or transport wishes are not settled: {lines}. "
    "Enter them, or the day by which they will be settled."
)

_EXCEPTIONS = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)


def _new(lines: Iterable[LineData]) -> list[LineData]:
    return [line for line in lines if not line.drawing_number]


def minimum_quantity_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Every part is ordered in at least its minimum quantity (R-067)."""
    wrong = [line for line in facts.data.lines if line.quantity < line.minimum_quantity]
    if not wrong:
        return None
    return OpenGate(
        GateCode.BELOW_MINIMUM_QUANTITY,
        _BELOW,
        (Role.ORDER_DESK, Role.SALES),
        {
            "lines": ", ".join(
                f"{line.label_of_line}: {line.quantity.normalize():f} < {line.minimum_quantity.normalize():f}"
                for line in wrong
            )
        },
        subject=fingerprint(*((line.product, line.quantity.normalize()) for line in wrong)),
    )


def wanted_on(data: DataFacts, line: LineData) -> date | None:
    """When a line is to be there: what was promised, else what was asked for, the line's own day first."""
    return line.promised_on or data.promised_on or line.requested_on or data.requested_on


def response_time_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """No line is due before the response time of the contract has passed, counted from today (R-067)."""
    data = facts.data
    wrong = [
        (line, day)
        for line in data.lines
        if line.response_days
        and (day := wanted_on(data, line))
        and day < data.today + timedelta(days=line.response_days)
    ]
    if not wrong:
        return None
    return OpenGate(
        GateCode.DATE_TOO_EARLY,
        _TOO_EARLY,
        (Role.ORDER_DESK, Role.SALES),
        {"lines": ", ".join(f"{line.label_of_line}: {day}" for line, day in wrong)},
        subject=fingerprint(*((line.product, day) for line, day in wrong)),
    )


def new_product_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A number without a drawing is a new product: valid quotation and acceptance first (R-070)."""
    wrong = [
        line
        for line in _new(facts.data.lines)
        if not line.quotation_accepted
        or (line.quotation_valid_until is not None and line.quotation_valid_until < facts.data.today)
    ]
    if not wrong:
        return None
    return OpenGate(
        GateCode.NEW_PRODUCT_NOT_ACCEPTED,
        _NOT_ACCEPTED,
        (Role.SALES, Role.TECHNOLOGY),
        {"lines": naming_lines(wrong)},
        subject=fingerprint(*(line.product for line in wrong)),
    )


def mixed_lots_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """New products take long: new and existing ones are better shipped in lots of their own (R-071)."""
    new = _new(facts.data.lines)
    existing = [line for line in facts.data.lines if line.drawing_number]
    if not new or not existing:
        return None
    return OpenGate(
        GateCode.NEW_AND_EXISTING_PRODUCTS,
        _MIXED,
        (Role.ORDER_DESK,),
        {"new": naming_lines(new), "existing": naming_lines(existing)},
        subject=fingerprint(*(line.product for line in new)),
    )


def drawing_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Planning gets products that are made or developed already; no line without drawing (R-068)."""
    wrong = _new(facts.data.lines)
    if not wrong:
        return None
    return OpenGate(GateCode.DRAWING_MISSING, _NO_DRAWING, (Role.TECHNOLOGY,), {"lines": naming_lines(wrong)})


def line_data_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Each line of the annex carries the customer's number beside ours (R-068)."""
    wrong = [line for line in facts.data.lines if not line.customer_product_code.strip()]
    if not wrong:
        return None
    return OpenGate(
        GateCode.LINE_DATA_INCOMPLETE,
        _LINE_DATA,
        (Role.ORDER_DESK, Role.SALES),
        {"lines": naming_lines(wrong)},
        subject=fingerprint(*(line.product for line in wrong)),
    )


def wishes_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Packing, label and transport are known, or the day is by which they will be (R-068, R-069)."""
    data = facts.data
    if data.wishes_expected_on:
        return None
    wrong = [
        line
        for line in data.lines
        if not (line.packing or data.packing) or not (line.label or data.label) or not data.transport_mode
    ]
    if not wrong:
        return None
    return OpenGate(
        GateCode.WISHES_OPEN,
        _WISHES,
        (Role.ORDER_DESK, Role.SALES),
        {"lines": naming_lines(wrong)},
        subject=fingerprint(*(line.product for line in wrong)),
    )


_PLANNING = frozenset({CheckPoint.PLANNING})

RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.BELOW_MINIMUM_QUANTITY,
        minimum_quantity_gate,
        FactGroup.DATA,
        _EXCEPTIONS,
        BEFORE_WORK,
        in_content=True,
    ),
    GateRule(
        GateCode.DATE_TOO_EARLY,
        response_time_gate,
        FactGroup.DATA,
        (*_EXCEPTIONS, Role.PLANNING_DIRECTOR),
        frozenset({CheckPoint.CONFIRM}),
    ),
    GateRule(GateCode.NEW_PRODUCT_NOT_ACCEPTED, new_product_gate, FactGroup.DATA, points=BEFORE_WORK),
    GateRule(
        GateCode.NEW_AND_EXISTING_PRODUCTS, mixed_lots_gate, FactGroup.DATA, _EXCEPTIONS, points=BEFORE_WORK
    ),
    GateRule(GateCode.DRAWING_MISSING, drawing_gate, FactGroup.DATA, points=_PLANNING),
    GateRule(
        GateCode.LINE_DATA_INCOMPLETE, line_data_gate, FactGroup.DATA, _EXCEPTIONS, _PLANNING, in_content=True
    ),
    GateRule(GateCode.WISHES_OPEN, wishes_gate, FactGroup.DATA, _EXCEPTIONS, _PLANNING, in_content=True),
)
