"""The gate over stock: what is ordered is there, or somebody decided what to do about it (R-061, R-265)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import CheckPoint, FactGroup, GateCode, GateRule, OpenGate, fingerprint
from order_flow.domain.states import Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts

_SHORT = (
    "Not enough in stock: {lines}. Agree a later date, a transfer, a substitute or a part shipment with the "
    "customer, or have it bought or made."
)


@dataclass(frozen=True, slots=True)
class StockFacts:
    """What an order still wants and what is free for it, by product; products no warehouse keeps are not in
    ``free``: whether those can be had is said by a person."""

    wanted: Mapping[str, Decimal] = field(default_factory=dict)
    free: Mapping[str, Decimal] = field(default_factory=dict)


def stock_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Available stock covers every line that is kept in stock (R-061)."""
    stock = facts.stock
    short = [
        (product, wanted, max(stock.free[product], ZERO))
        for product, wanted in sorted(stock.wanted.items())
        if product in stock.free and wanted > stock.free[product]
    ]
    if not short:
        return None
    return OpenGate(
        GateCode.STOCK_NOT_AVAILABLE,
        _SHORT,
        (Role.WAREHOUSE, Role.PURCHASING, Role.PLANNING),
        {
            "lines": ", ".join(
                f"{product}: {free.normalize():f} < {wanted.normalize():f}" for product, wanted, free in short
            )
        },
        subject=fingerprint(*((product, wanted.normalize()) for product, wanted, _free in short)),
    )


RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.STOCK_NOT_AVAILABLE,
        stock_gate,
        FactGroup.STOCK,
        (Role.SALES_MANAGER, Role.PLANNING_DIRECTOR),
        frozenset({CheckPoint.CONFIRM, CheckPoint.PLANNING, CheckPoint.SHIP}),
    ),
)
