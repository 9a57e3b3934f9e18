"""The gate over part shipments: what leaves while other goods stay behind leaves with the customer's consent
(R-186, R-294)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import CheckPoint, FactGroup, GateCode, GateRule, OpenGate, fingerprint
from order_flow.domain.states import Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts

_NOT_AGREED: Final = (
    "These goods would stay behind, and the customer has not agreed to a part shipment: {lines}. Ask the "
    "customer and record the answer as evidence 'Part Shipment Agreed', or let everything leave together."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order of which something is still to be shipped.

    Args:
        line: its id.
        product: its product.
        still_open: what has not left yet.
        staying: what stays behind when the shipment leaves.
        agreed: how much of it may follow later, as the customer answered about a shortage.
    """

    line: str
    product: str
    still_open: Decimal
    staying: Decimal
    agreed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What stays behind when goods leave; nothing where no goods are about to leave."""

    lines: tuple[Line, ...] = ()
    agreed: bool = False
    """The customer takes the order in parts."""


def part_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Goods with missing parts are shipped only after the customer's consent (R-186)."""
    parts = facts.parts
    staying = [line for line in parts.lines if line.staying > line.agreed]
    if parts.agreed or not staying:
        return None
    return OpenGate(
        GateCode.PART_SHIPMENT_NOT_AGREED,
        _NOT_AGREED,
        (Role.SALES, Role.ORDER_DESK),
        {"lines": ", ".join(f"{line.product} × {line.staying.normalize():f}" for line in staying)},
        # An override lets the next part leave; for the one after it, less is open.
        subject=fingerprint(*((line.line, line.still_open.normalize()) for line in parts.lines)),
    )


RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.PART_SHIPMENT_NOT_AGREED,
        part_gate,
        FactGroup.PARTS,
        (Role.SALES_MANAGER, Role.GENERAL_MANAGER),
        frozenset({CheckPoint.SHIP}),
    ),
)
