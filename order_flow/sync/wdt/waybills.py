"""One parcel has one waybill: what happens where the desk's number and WDT's differ (R-026, R-351).

Whoever let the parcel go knows its number. Of a shipment that WDT led, the warehouse may correct it later.
What left at the desk keeps the desk's number: it is on the parcel, and the customer has it. WDT fills what is
empty here; where it shows another number, a person looks at the parcel and corrects either side.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import frappe

from order_flow.domain.gates.model import Origin
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import keep_task
from order_flow.integrations.wdt.port import Stockout
from order_flow.outbox.accounts.discrepancies import Finding, close_resolved, raise_discrepancy
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind, DiscrepancyState
from order_flow.sync.comparison import waybill_aspect

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

_PARCEL: Final = ("carrier", "carrier_code", "waybill_number")
"""What is written on the parcel."""


def carrier_of(stockout: Stockout) -> dict[str, Any]:
    """Return what a stockout says of how its goods travel, as fields of a Shipment."""
    return {
        "carrier": stockout.logistics_name,
        "carrier_code": stockout.logistics_code,
        "waybill_number": stockout.logistics_no or None,
        "warehouse": stockout.warehouse_no,
        "weight": None if stockout.weight is None else float(stockout.weight),
    }


def follow_waybill(shipment: Shipment, stockout: Stockout) -> None:
    """Store what WDT says of a parcel that has left, or ask where it contradicts the desk.

    Args:
        shipment: the Shipment document of these goods, made by or confirmed by WDT.
        stockout: what WDT shows now.
    """
    told = {field: value for field, value in carrier_of(stockout).items() if value}
    by_desk = shipment.origin is Origin.SITE
    theirs, ours = told.get("waybill_number"), shipment.waybill_number
    if by_desk and theirs and ours:
        # The number names the carrier too: with another one, WDT's carrier is not this parcel's.
        _compare(shipment, str(theirs))
        told = {field: value for field, value in told.items() if field not in _PARCEL}
    elif by_desk:
        told = {field: value for field, value in told.items() if not shipment.get(field)}
    if any(shipment.get(field) != value for field, value in told.items()):
        frappe.db.set_value("Shipment", shipment.name, told)
        shipment.update(told)


def waybill_corrected(shipment: Shipment) -> None:
    """A person corrected the number of a parcel here: it may be the one that WDT shows.

    Args:
        shipment: the Shipment document in its save.
    """
    before = shipment.get_doc_before_save()
    if before is None or before.waybill_number == shipment.waybill_number or not shipment.confirmed_by_wdt:
        return
    shown = frappe.db.get_value(
        "Sync Discrepancy",
        {
            "document_type": "Order",
            "document": shipment.order_id,
            "kind": DiscrepancyKind.SHIPMENT_DIFFERS.value,
            "aspect": waybill_aspect(shipment.wdt_trade_number or ""),
            "state": DiscrepancyState.OPEN.value,
        },
        "wdt_value",
    )
    theirs = json.loads(shown or "{}")
    if isinstance(theirs, dict) and theirs.get(shipment.wdt_trade_number) == shipment.waybill_number:
        _agreed(shipment)


def _compare(shipment: Shipment, theirs: str) -> None:
    if theirs == shipment.waybill_number:
        _agreed(shipment)
        return
    trade = shipment.wdt_trade_number or ""
    text = Message(
        "Shipment {0} of order {1} left at the desk with waybill {2}, WDT shows {3} (trade {4}). Look at the "
        "parcel, then enter its number on the side that is wrong. Where two parcels are on their way, have "
        "one of them brought back.",
        *(shipment.name, shipment.order_id, shipment.waybill_number, theirs, trade),
    )
    raise_discrepancy(
        Finding(
            kind=DiscrepancyKind.SHIPMENT_DIFFERS,
            account_type=AccountType.WDT,
            account=shipment.wdt_account or "",
            document_type="Order",
            document=shipment.order_id,
            aspect=waybill_aspect(trade),
            summary=text,
            site_value={trade: shipment.waybill_number},
            wdt_value={trade: theirs},
        )
    )
    keep_task(Role.WAREHOUSE, shipment, TaskReason.WAYBILL_DIFFERS, text)


def _agreed(shipment: Shipment) -> None:
    close_resolved(
        DiscrepancyKind.SHIPMENT_DIFFERS,
        AccountType.WDT,
        shipment.wdt_account or "",
        "Order",
        shipment.order_id,
        waybill_aspect(shipment.wdt_trade_number or ""),
    )
