"""Shipments that WDT leads, while their goods are still in the house (R-277, R-293; wdt-openapi 2.3, 5).

A trade that the warehouse works on shows here as a shipment at its stage: the trade's bits tell of picking,
examining and weighing, the stockout's print flags of the papers. A stage only goes forward; a trade that
left the house without its goods (cancelled, merged, sent back to review) voids its shipment. Where people
lead goods through the house on this site, WDT's stages are no shipments of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import frappe

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import WAREHOUSE_STAGES, ShipmentState, is_ahead_of
from order_flow.domain.orders.outside_numbers import own_name, told_number
from order_flow.domain.states import CALLED_OFF_STATES, OrderState
from order_flow.flow.outside.facts import open_quantities
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.order import locked_order
from order_flow.flow.shipments.leaving import new_shipment
from order_flow.integrations.wdt.codes import StockoutStatus, TradeStatus
from order_flow.integrations.wdt.port import SalesTrade, SalesTradeLine, Stockout, StockoutLine
from order_flow.integrations.wdt.stages import WarehouseStage, warehouse_stage
from order_flow.integrations.wdt.state_map import stage_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

STATE_OF_STAGE: Final[Mapping[WarehouseStage, ShipmentState]] = {
    WarehouseStage.WAITING_FOR_PRINT: ShipmentState.WAITING_FOR_PRINT,
    WarehouseStage.PICKING: ShipmentState.PICKING,
    WarehouseStage.SCANNING: ShipmentState.SCANNING,
    WarehouseStage.WEIGHING: ShipmentState.WEIGHING,
    WarehouseStage.DISPATCHING: ShipmentState.WEIGHING,
}
"""Weighed and not posted yet is the end of the last stage in the house."""
_LEFT: Final = frozenset({WarehouseStage.SHIPPED, WarehouseStage.COMPLETED})


def follow_trades(order: Order, trades: Sequence[SalesTrade]) -> None:
    """Show each trade that the warehouse works on at its stage.

    Args:
        order: the Order document, locked.
        trades: all sales trades with lines of it, read with its eyes.
    """
    if profile_of(order).warehouse_stages:
        return
    standing = _in_the_house(order.name)
    for trade in trades:
        stage = stage_of(trade)
        if stage in _LEFT:
            # Its stockout tells what left; until that is read the goods stand where they were seen last.
            standing.pop(trade.trade_no, None)
        elif (state := STATE_OF_STAGE.get(stage)) is not None:
            shipment = standing.pop(trade.trade_no, None)
            _show(order, shipment, state, _leaving(order, trade), _values(order, trade))
    for shipment in standing.values():
        void(shipment)


def follow_stockout(order_name: str, stockout: Stockout) -> None:
    """Move the shipment of a reviewed stockout to the stage that its print flags and bits show.

    Args:
        order_name: our order.
        stockout: not shipped yet, with lines of the order.
    """
    order = locked_order(order_name)
    if profile_of(order).warehouse_stages or stockout.status is not StockoutStatus.REVIEWED:
        return
    stage = warehouse_stage(
        TradeStatus.REVIEWED, stockout.consign, stockout.slip_print, stockout.pick_list_print
    )
    state = STATE_OF_STAGE.get(stage)
    if state is not None:
        shipment = _in_the_house(order_name).get(stockout.trade_no)
        _show(order, shipment, state, _leaving(order, stockout), _values(order, stockout))


def void(shipment: Shipment) -> None:
    """The goods are not prepared any more."""
    shipment.shipment_state = ShipmentState.VOIDED.value
    _save(shipment)


def leave(shipment: Shipment, leaving: Mapping[str, Decimal], values: Mapping[str, Any]) -> None:
    """The goods of a shipment have left the house, as its stockout says.

    Args:
        shipment: in the house so far.
        leaving: what really left, by line id.
        values: carrier, waybill and time.

    Raises:
        frappe.ValidationError: the goods do not fit the order.
    """
    _fill(shipment, leaving)
    shipment.update({**values, "shipment_state": ShipmentState.SHIPPED.value})
    _save(shipment)


def _in_the_house(order: str) -> dict[str, Any]:
    """WDT's shipments of an order that have not left, by trade number; one statement where there is none."""
    names = frappe.get_all(
        "Shipment",
        filters={
            "order_id": order,
            "led_by": Origin.WDT.value,
            "shipment_state": ("in", [state.value for state in WAREHOUSE_STAGES]),
        },
        pluck="name",
    )
    shipments = [frappe.get_doc("Shipment", name) for name in names]
    return {shipment.wdt_trade_number: shipment for shipment in shipments}


def _leaving(order: Order, source: SalesTrade | Stockout) -> dict[str, Decimal]:
    """Return what is being prepared, by line id; gifts added over there and cancelled lines are left out."""
    found: dict[str, Decimal] = {}
    for line in source.lines_of(told_number(order.name, order.wdt_edition or 0)):
        if (quantity := _quantity(line)) > ZERO:
            name, _edition = own_name(line.src_oid)
            found[name] = found.get(name, ZERO) + quantity
    return found


def _quantity(line: SalesTradeLine | StockoutLine) -> Decimal:
    return line.actual_quantity if isinstance(line, SalesTradeLine) else line.quantity


def _values(order: Order, source: SalesTrade | Stockout) -> dict[str, Any]:
    return {
        "wdt_account": order.wdt_account,
        "wdt_trade_number": source.trade_no,
        "warehouse": source.warehouse_no,
        "carrier": source.logistics_name,
        "carrier_code": source.logistics_code,
        "waybill_number": source.logistics_no or None,
    }


def _show(
    order: Order,
    shipment: Shipment | None,
    state: ShipmentState,
    leaving: Mapping[str, Decimal],
    values: Mapping[str, Any],
) -> None:
    if shipment is None:
        _enter(order, state, leaving, values)
        return
    before = (shipment.state, shipment.leaving(), *(shipment.get(field) for field in values))
    if is_ahead_of(state, shipment.state):
        shipment.shipment_state = state.value
    if leaving:
        _fill(shipment, leaving)
    shipment.update({field: value for field, value in values.items() if value})
    if (shipment.state, shipment.leaving(), *(shipment.get(field) for field in values)) != before:
        _save(shipment)


def _enter(
    order: Order, state: ShipmentState, leaving: Mapping[str, Decimal], values: Mapping[str, Any]
) -> None:
    still_open = open_quantities(order)
    fits = all(quantity <= still_open.get(line, ZERO) for line, quantity in leaving.items())
    if not leaving or not fits or OrderState(order.workflow_state) in CALLED_OFF_STATES:
        # What does not fit the order is found and shown by the comparison; here is nothing to show.
        return
    stage = {"shipment_state": state.value, "shipped_at": None}
    shipment = new_shipment(order, leaving, origin=Origin.WDT, values={**values, **stage})
    shipment.flags.from_wdt = True
    shipment.insert(ignore_permissions=True)  # a fact read from WDT by the system, nobody's request


def _fill(shipment: Shipment, leaving: Mapping[str, Decimal]) -> None:
    """The lines as they are over there; those that stay keep their rows."""
    if shipment.leaving() == dict(leaving):
        return
    order = frappe.get_doc("Order", shipment.order_id)
    fresh = new_shipment(order, leaving, origin=Origin.WDT, values={})
    shipment.set("items", [row.as_dict(no_default_fields=True) for row in fresh.items])


def _save(shipment: Shipment) -> None:
    shipment.flags.from_wdt = True
    shipment.save(ignore_permissions=True)  # a fact read from WDT by the system, nobody's request
