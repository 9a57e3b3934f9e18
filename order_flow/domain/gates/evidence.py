"""Gate over the evidence that a customer confirmed an order: which kinds, and for which content (K-15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from order_flow.domain.gates.model import BEFORE_WORK, CheckPoint, FactGroup, GateCode, GateRule, OpenGate
from order_flow.domain.states import Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts


class EvidenceKind(StrEnum):
    """How a customer confirms (R-003, R-110, R-111, K-15)."""

    WRITTEN_CONFIRMATION = "Written Confirmation"
    RETURNED_ORDER = "Returned Order"
    SIGNED_CONTRACT = "Signed Contract"
    VERBAL_ORDER_RECORD = "Verbal Order Record"
    CUSTOMER_ACKNOWLEDGEMENT = "Customer Acknowledgement"
    E_MAIL = "E-mail"
    SMS = "SMS"
    PHONE_CALL = "Phone Call"
    PAYMENT_PROOF = "Payment Proof"
    PART_SHIPMENT_AGREED = "Part Shipment Agreed"
    """Proves no order: the customer takes its goods in parts (R-186)."""


WITHOUT_PAPER = frozenset(
    {
        EvidenceKind.PHONE_CALL,
        EvidenceKind.SMS,
        EvidenceKind.VERBAL_ORDER_RECORD,
        EvidenceKind.PART_SHIPMENT_AGREED,
    }
)
"""Kinds whose words are noted; every other kind has its paper attached (R-003)."""

PROVES_NO_ORDER = frozenset({EvidenceKind.PART_SHIPMENT_AGREED})
"""Kinds that say something else than that the order is confirmed."""

Sets = tuple[frozenset[EvidenceKind], ...]
"""Each set confirms an order when all of it is there; one set is enough."""


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What the gate looks at."""

    sets: Sets = ()
    """What the company takes for a confirmation."""
    given: frozenset[EvidenceKind] = frozenset()
    """Recorded for the order as it is now."""
    outdated: frozenset[EvidenceKind] = frozenset()
    """Recorded for lines or prices that have changed since."""


_NOTHING = "Nothing proves that the customer confirmed the order. Record one of: {kinds}."
_OUTDATED = (
    "The customer confirmed ({outdated}) before products, quantities or prices changed. "
    "Have the present order confirmed and record one of: {kinds}."
)


def closest_set(sets: Sets, given: frozenset[EvidenceKind]) -> frozenset[EvidenceKind]:
    """What is still missing for the set that lacks least, a begun one first; empty where one is whole."""
    nearest = min(
        sets, key=lambda wanted: (len(wanted - given), wanted.isdisjoint(given)), default=frozenset()
    )
    return nearest - given


def evidence_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """An order counts as confirmed on evidence for exactly this content (R-003, R-110, R-111)."""
    evidence = facts.evidence
    missing = closest_set(evidence.sets, evidence.given)
    if not missing:
        return None
    begun = missing not in evidence.sets
    return OpenGate(
        GateCode.CONFIRMATION_NOT_PROVEN,
        _OUTDATED if evidence.outdated else _NOTHING,
        (Role.ORDER_DESK, Role.SALES),
        {"kinds": _choices((missing,) if begun else evidence.sets), "outdated": _words(evidence.outdated)},
    )


def _words(kinds: Iterable[EvidenceKind]) -> tuple[str, ...]:
    return tuple(kind.value for kind in EvidenceKind if kind in kinds)


def _choices(sets: Sets) -> tuple[tuple[str, ...], ...]:
    return tuple(_words(wanted) for wanted in sets)


RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.CONFIRMATION_NOT_PROVEN,
        evidence_gate,
        FactGroup.EVIDENCE,
        overridden_by=(Role.SALES_MANAGER, Role.GENERAL_MANAGER),
        points=BEFORE_WORK,
    ),
)
