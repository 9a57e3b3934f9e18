"""The gates at the warehouse's door: weight and inspection of the parcels (R-277, R-279)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from order_flow.domain.gates.model import CheckPoint, FactGroup, GateCode, GateRule, OpenGate, fingerprint
from order_flow.domain.goods.packing import Tolerance
from order_flow.domain.states import Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts

_WEIGHT: Final = (
    "Shipment {shipment} weighs {weighed} kg, but its goods should weigh {computed} kg. Open the parcels and "
    "compare them with the list; correct a product's weight where it is wrong."
)
_INSPECTION: Final = (
    "Nobody has inspected the goods of shipment {shipment}. Inspect them and record the result."
)
_FAILED: Final = (
    "Shipment {shipment} failed its inspection. Put good pieces in, have them inspected and record it anew, "
    "or void the shipment."
)


class Inspection(StrEnum):
    """What the inspection before dispatch said (R-279)."""

    NONE = ""
    PASSED = "Passed"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class LeavingShipment:
    """A shipment that stands at the door.

    Args:
        name: of the shipment.
        weighed: kilograms on the scales.
        computed: kilograms by the products' own weights; None where one of them is not known.
        inspection: its result.
    """

    name: str
    weighed: Decimal
    computed: Decimal | None
    inspection: Inspection = Inspection.NONE


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    """What stands at the door, and how far the scales may be off."""

    leaving: tuple[LeavingShipment, ...] = ()
    tolerance: Tolerance = field(default_factory=lambda: Tolerance(Decimal(0), Decimal(0)))


def weight_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """The scales agree with what the parcels should weigh: nothing wrong, missing or too much is inside."""
    warehouse = facts.warehouse
    for shipment in warehouse.leaving:
        if shipment.computed is None or warehouse.tolerance.covers(shipment.weighed, shipment.computed):
            continue
        return OpenGate(
            GateCode.WEIGHT_DIFFERS,
            _WEIGHT,
            (Role.WAREHOUSE,),
            {
                "shipment": shipment.name,
                "weighed": f"{shipment.weighed.normalize():f}",
                "computed": f"{shipment.computed.normalize():f}",
            },
            subject=fingerprint(shipment.name, shipment.weighed.normalize(), shipment.computed.normalize()),
        )
    return None


def inspection_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Goods that were not inspected, or failed, do not leave (R-279)."""
    return _inspected(facts, GateCode.NOT_INSPECTED, (Inspection.NONE, Inspection.FAILED))


def failed_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Damaged or wrong goods are not sent, also where nobody has to inspect (R-279)."""
    return _inspected(facts, GateCode.INSPECTION_FAILED, (Inspection.FAILED,))


def _inspected(facts: GateFacts, code: GateCode, results: tuple[Inspection, ...]) -> OpenGate | None:
    for shipment in facts.warehouse.leaving:
        if shipment.inspection in results:
            failed = shipment.inspection is Inspection.FAILED
            return OpenGate(
                code,
                _FAILED if failed else _INSPECTION,
                (Role.WAREHOUSE, Role.QUALITY),
                {"shipment": shipment.name},
                subject=fingerprint(shipment.name, shipment.inspection.value),
            )
    return None


_AT_THE_DOOR = frozenset({CheckPoint.SHIP})
RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.WEIGHT_DIFFERS,
        weight_gate,
        FactGroup.WAREHOUSE,
        (Role.QUALITY, Role.SALES_MANAGER),
        _AT_THE_DOOR,
    ),
    GateRule(
        GateCode.NOT_INSPECTED,
        inspection_gate,
        FactGroup.WAREHOUSE,
        (Role.QUALITY,),
        _AT_THE_DOOR,
    ),
    GateRule(
        GateCode.INSPECTION_FAILED,
        failed_gate,
        FactGroup.WAREHOUSE,
        (Role.QUALITY,),
        _AT_THE_DOOR,
    ),
)
