"""How far the lines of an order are: who records which quantity (R-126, R-127)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.states import Role


class ProgressKind(StrEnum):
    """What is counted on a line."""

    PURCHASED = "Purchased"
    IN_WORK = "In Work"
    PACKED = "Packed"
    INVOICED = "Invoiced"


@dataclass(frozen=True, slots=True)
class ProgressRule:
    """Where a quantity stands and who records it."""

    field: str
    roles: tuple[Role, ...]


PROGRESS_RULES: Mapping[ProgressKind, ProgressRule] = {
    ProgressKind.PURCHASED: ProgressRule(
        "purchased_quantity", (Role.PURCHASING, Role.PLANNING, Role.INTEGRATION)
    ),
    ProgressKind.IN_WORK: ProgressRule(
        "in_work_quantity", (Role.PRODUCTION, Role.PLANNING, Role.INTEGRATION)
    ),
    ProgressKind.PACKED: ProgressRule(
        "packed_quantity", (Role.WAREHOUSE, Role.LOGISTICS, Role.PRODUCTION, Role.INTEGRATION)
    ),
    ProgressKind.INVOICED: ProgressRule("invoiced_quantity", (Role.FINANCE, Role.INTEGRATION)),
}
"""A quantity is recorded by those who know it; nobody else may, since it decides who pays for a change."""


def kinds_recorded_by(roles: Iterable[str]) -> tuple[ProgressKind, ...]:
    """Return what somebody with these roles records."""
    held = frozenset(roles)
    return tuple(
        kind
        for kind, rule in PROGRESS_RULES.items()
        if not {role.value for role in rule.roles}.isdisjoint(held)
    )
