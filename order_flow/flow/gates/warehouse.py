"""Reads what the gates at the warehouse's door look at, in one statement (R-277, R-279)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.amounts import to_decimal
from order_flow.domain.gates.model import Origin
from order_flow.domain.gates.warehouse import Inspection, LeavingShipment, WarehouseFacts
from order_flow.domain.goods.packing import Tolerance
from order_flow.domain.goods.shipments import WAREHOUSE_STAGES, ShipmentState

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order


def warehouse_facts(order: Order, profile: FlowProfile) -> WarehouseFacts:
    """The shipments of an order that stand at the door.

    Args:
        order: the Order document. While one of its shipments is saved, that one alone is looked at, as it is
            to be stored.
        profile: its Flow Profile; not looked at.
    """
    shipment = order.flags.shipment
    if shipment:
        staged = shipment.has_stages()
        rows = [shipment] if staged else []
    else:
        rows = frappe.get_all(
            "Shipment",
            filters={
                "order_id": order.name,
                "shipment_state": ("in", [stage.value for stage in WAREHOUSE_STAGES]),
                "led_by": Origin.SITE.value,
            },
            fields=["name", "shipment_state", "weight", "computed_weight", "inspection"],
            order_by="name",
        )
        rows = [row for row in rows if _stands_at_the_door(row) or row.inspection == Inspection.FAILED]
    return WarehouseFacts(tuple(_leaving(row) for row in rows), tolerance())


def _stands_at_the_door(row: Any) -> bool:
    return row.shipment_state not in WAREHOUSE_STAGES - {ShipmentState.WEIGHING}


def _leaving(row: Any) -> LeavingShipment:
    # What failed its inspection earlier in the house is told at once; it has not been on the scales.
    computed = to_decimal(row.computed_weight) if _stands_at_the_door(row) else None
    return LeavingShipment(
        row.name, to_decimal(row.weight), computed or None, Inspection(row.inspection or "")
    )


def tolerance() -> Tolerance:
    """Return how far the scales may be off, from the settings; without a statement."""
    settings = frappe.get_cached_doc("Order Flow Settings")
    return Tolerance(
        Decimal(str(settings.weight_tolerance_percent or 0)), Decimal(str(settings.weight_tolerance_kg or 0))
    )
