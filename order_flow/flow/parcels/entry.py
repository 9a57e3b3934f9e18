"""What a shipment takes over from its order, what its stages ask, and what follows when its goods move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, WAREHOUSE_STAGES, ShipmentState
from order_flow.flow.cancelling.requests import goods_came_back
from order_flow.flow.deliveries.cases import note_deviation
from order_flow.flow.deliveries.replacements import replacement_left
from order_flow.flow.notices.sending import parcel_left, shipment_voided
from order_flow.flow.shipments.instructions import prepare_instruction, refuse_without_stages, stop_waiting
from order_flow.flow.shipments.leaving import (
    apply_shipments,
    ask_warehouse_to_ship,
    check_dispatch,
    close_ship_tasks,
    close_tasks_of_voided,
)
from order_flow.flow.shipments.packing import check_stage, derive_weights
from order_flow.flow.stock.issue import issue, take_back
from order_flow.flow.tasks.giving import end_tasks_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment


def name_lines(shipment: Shipment, order: Order) -> None:
    """Name the order's lines on the rows, whoever sent them."""
    lines = {line.name: line for line in order.items}
    for row in shipment.items:
        if (line := lines.get(row.order_item)) is not None:
            row.product, row.product_name, row.unit = line.product, line.product_name, line.unit


def follow_stages(shipment: Shipment, before: Shipment | None, order: Order) -> None:
    """Ask what the warehouse asks of goods that people lead through it (R-277).

    Args:
        shipment: the Shipment in the middle of its save.
        before: as it was; None for a new one.
        order: its order, locked.

    Raises:
        StepRefused: a stage is not done yet, or the order may not ship.
    """
    if shipment.state in (ShipmentState.WEIGHING, ShipmentState.SHIPPED):
        derive_weights(shipment)
    if before is None and shipment.state in WAREHOUSE_STAGES:
        prepare_instruction(shipment, order)
    elif before is not None and before.state in WAREHOUSE_STAGES and before.state is not shipment.state:
        check_stage(shipment, shipment.state, order)
    leaves = shipment.state in LEFT_WAREHOUSE and not shipment.flags.left_before
    if leaves and not shipment.delivery_case:
        if before is None:
            refuse_without_stages(order)
        check_dispatch(order)


def follow_goods(shipment: Shipment) -> None:
    """Tell the stock, the order and the people where goods have left or come back.

    Args:
        shipment: the Shipment at the end of its save.
    """
    _close_done_tasks(shipment)
    left = shipment.state in LEFT_WAREHOUSE
    if left == bool(shipment.flags.left_before):
        return
    (issue if left else take_back)(shipment)
    if shipment.delivery_case:
        if left:
            replacement_left(frappe.get_doc("Order", shipment.order_id), shipment)
        return
    order = apply_shipments(shipment.order_id, shipment.origin)
    if not left:
        goods_came_back(order)
        return
    stop_waiting(order)
    parcel_left(order, shipment)
    note_deviation(shipment, order)
    if shipment.origin is Origin.SITE:
        ask_warehouse_to_ship(order, shipment)


def _close_done_tasks(shipment: Shipment) -> None:
    before = shipment.get_doc_before_save()
    if shipment.state is ShipmentState.VOIDED:
        # It left nowhere: nobody ships it over there, books it out or calls its receiver.
        end_tasks_of("Shipment", [shipment.name])
    elif before and before.state in WAREHOUSE_STAGES and shipment.state not in WAREHOUSE_STAGES:
        close_ship_tasks(shipment.name)
    if before and shipment.state is ShipmentState.VOIDED and before.state is not ShipmentState.VOIDED:
        close_tasks_of_voided(shipment.name)
        shipment_voided(shipment)
