"""Shipments that the warehouse takes back after they had left (撤销发货, R-026)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import get_datetime

from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import ShipmentState
from order_flow.domain.message import Message
from order_flow.domain.states import SHIPPED_STATES, OrderState
from order_flow.flow.records.order import locked_order
from order_flow.integrations.wdt.port import SalesTrade, Stockout
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.integrations.wdt.state_map import stage_of
from order_flow.outbox.states import DiscrepancyKind
from order_flow.site_time import stored
from order_flow.sync.disagreements import report
from order_flow.sync.wdt.stages import void
from order_flow.sync.wdt.unfit_shipments import fits_now

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

STATE_ASPECT = "state"
_STILL_IN_THE_HOUSE = frozenset(
    {
        WarehouseStage.WAITING_FOR_REVIEW,
        WarehouseStage.WAITING_FOR_PRINT,
        WarehouseStage.PICKING,
        WarehouseStage.SCANNING,
        WarehouseStage.WEIGHING,
        WarehouseStage.DISPATCHING,
    }
)


def follow_recalls(order: Order, trades: Sequence[SalesTrade]) -> bool:
    """Take back the shipments that the warehouse has taken back (撤销发货), and say so (R-026).

    Only a trade that changed after its goods had left can have taken them back: one that was read before,
    and is stored after the shipment, has not. Within one second of WDT's clock that cannot be told; the
    comparison finds it.

    Returns:
        Whether a shipment was taken back; its goods count as not shipped from then on.
    """
    back = {
        trade.trade_no: stored(trade.modified)
        for trade in trades
        if trade.modified and stage_of(trade) in _STILL_IN_THE_HOUSE
    }
    if not back:
        return False
    for trade_no in back:
        fits_now(order, trade_no)
    rows = frappe.get_all(
        "Shipment",
        filters={
            "order_id": order.name,
            "wdt_trade_number": ("in", list(back)),
            "shipment_state": ShipmentState.SHIPPED.value,
        },
        fields=["name", "wdt_trade_number", "shipped_at", "led_by"],
    )
    rows = [row for row in rows if back[row.wdt_trade_number] > get_datetime(row.shipped_at)]
    for row in rows:
        if row.led_by == Origin.SITE:
            report(order, DiscrepancyKind.CONTRADICTION, STATE_ASPECT, _back_over_there(order, row), trades)
    recalled = [row for row in rows if row.led_by == Origin.WDT]
    for row in recalled:
        _take_back(order, frappe.get_doc("Shipment", row.name), trades)
    return bool(recalled)


def left_otherwise(order: Order, known: Any, leaving: Mapping[str, Decimal], stockout: Stockout) -> bool:
    """Take a shipment back whose goods came back unseen and left later in other quantities (R-026).

    The trade keeps its number when the warehouse takes it back and ships a part of it. Where neither was
    read in between, only the later stockout shows it.

    Args:
        order: the Order document, locked.
        known: its shipment of the stockout's trade.
        leaving: what left by the stockout, by line id.
        stockout: shipped.

    Returns:
        Whether it was taken back; the stockout is then a shipment of its own.
    """
    left = stored(stockout.consign_time)
    of_wdt = known.led_by == Origin.WDT and known.state is ShipmentState.SHIPPED
    if not of_wdt or not left or left <= get_datetime(known.shipped_at) or known.leaving() == leaving:
        return False
    _take_back(order, known, ())
    return True


def _take_back(order: Order, shipment: Shipment, trades: Sequence[SalesTrade]) -> None:
    void(shipment)
    text = _taken_back(locked_order(order.name), shipment)
    report(order, DiscrepancyKind.CONTRADICTION, STATE_ASPECT, text, trades)


def _back_over_there(order: Order, shipment: Shipment) -> Message:
    """Say that what left at the desk is the desk's to take back: WDT's word alone voids no parcel of ours."""
    return Message(
        "WDT took back trade {1}, but shipment {0} of order {2} left at the desk. Ask the warehouse where "
        "the goods are: void the shipment here if they came back, otherwise have the trade shipped again in "
        "WDT.",
        *(shipment.name, shipment.wdt_trade_number, order.name),
    )


def _taken_back(order: Order, shipment: Shipment) -> Message:
    parts = (shipment.name, shipment.wdt_trade_number, order.name, Message(order.workflow_state))
    if order.cancel_requested:
        return Message(
            "WDT took back shipment {0} (trade {1}) of order {2}, which is being called off: nobody waits "
            "for its goods. The warehouse has a task to cancel the trade in WDT; then they are called off "
            "here too, and what was paid for them goes back. If they leave again all the same, the order "
            "goes on with them.",
            *parts[:3],
        )
    if OrderState(order.workflow_state) not in SHIPPED_STATES:
        return Message(
            "WDT took back shipment {0} (trade {1}) of order {2}, which is {3} here. Its goods count as not "
            "shipped; ask the warehouse what becomes of them.",
            *parts,
        )
    return Message(
        "WDT took back shipment {0} (trade {1}) of order {2}, which is {3} here and stays so. Its goods "
        "count as not shipped and are owed to the customer. Have the warehouse ship them again in WDT, and "
        "the order agrees by itself; if they are not sent any more, cancel the trade in WDT and pay the "
        "money back.",
        *parts,
    )
