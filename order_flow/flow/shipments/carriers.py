"""Chooses a shipment's carrier where nobody has (R-285 to R-288)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.amounts import to_decimal
from order_flow.domain.goods.carriers import Need, Offer, TransportMode, choose
from order_flow.domain.orders.classes import Urgency
from order_flow.flow.records.choices import choice

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment


def choose_carrier(shipment: Shipment, order: Order) -> None:
    """Fill carrier and mode of a shipment that names none, with the reason; nothing where none fits.

    Args:
        shipment: the Shipment document, not stored yet.
        order: its Order document.
    """
    if shipment.carrier:
        return
    wanted = shipment.transport_mode or order.transport_mode
    need = Need(
        province=order.province or "",
        weight=to_decimal(shipment.computed_weight or 0),
        urgent=order.urgency == Urgency.URGENT,
        mode=choice(TransportMode, wanted, _("Transport Mode")) if wanted else None,
    )
    found = choose(offers(), need)
    if found is None:
        shipment.transport_mode = wanted
        return
    shipment.carrier = found.offer.carrier
    shipment.carrier_code = frappe.get_cached_value("Carrier", found.offer.carrier, "carrier_code")
    shipment.transport_mode = found.offer.mode.value
    shipment.mode_reason = _(found.reason.value)


def offers() -> list[Offer]:
    """Return what the carriers offer, in one statement."""
    rows = frappe.get_all(
        "Carrier",
        filters={"disabled": 0},
        fields=[
            "name",
            "transport_mode",
            "own_vehicles",
            "provinces",
            "heaviest_kg",
            "base_price",
            "price_per_kg",
            "safety",
        ],
        limit_page_length=0,
    )
    return [
        Offer(
            carrier=row.name,
            mode=TransportMode(row.transport_mode),
            own=bool(row.own_vehicles),
            provinces=frozenset(filter(None, map(str.strip, _split(row.provinces)))),
            heaviest=to_decimal(row.heaviest_kg),
            base_price=to_decimal(row.base_price),
            price_per_kg=to_decimal(row.price_per_kg),
            safety=Decimal(str(row.safety)) if row.safety else None,
        )
        for row in rows
    ]


def _split(words: str | None) -> list[str]:
    return (words or "").replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
