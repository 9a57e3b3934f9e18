"""Instructions to the house: which goods of an order are to leave, when and where (R-244, R-281, R-295)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, nowdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.clocks.working_time import end_of_day
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.quantities import still_open
from order_flow.domain.goods.shipments import WAREHOUSE_STAGES, ShipmentState
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.notices.sending import dispatch_planned
from order_flow.flow.profiles import profile_name, profile_of
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments.carriers import choose_carrier
from order_flow.flow.shipments.leaving import check_may_leave, new_shipment, save_by_method
from order_flow.flow.shipments.packing import derive_weights
from order_flow.flow.tasks.giving import keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

_STAGES = tuple(state.value for state in WAREHOUSE_STAGES)


def instruct(order: Order, leaving: Mapping[str, Decimal], values: Mapping[str, Any]) -> Any:
    """Tell the store and transport to get goods ready: a shipment that waits for its papers (R-244, R-281).

    Args:
        order: the Order document, locked.
        leaving: quantity by line id.
        values: further fields of the Shipment.

    Returns:
        The stored Shipment.

    Raises:
        StepRefused: a gate is open, or the goods are on their way out already.
    """
    stage = {"shipment_state": ShipmentState.WAITING_FOR_PRINT.value, "shipped_at": None}
    shipment = new_shipment(order, leaving, origin=Origin.SITE, values={**values, **stage})
    shipment.insert()
    return shipment


def prepare_instruction(shipment: Shipment, order: Order) -> None:
    """Complete and check a new instruction: contract and money first, then the goods and the place.

    Args:
        shipment: the new Shipment, not stored yet.
        order: its Order document, locked.

    Raises:
        StepRefused: a gate is open, other shipments take the goods, or nobody says when they must arrive.
    """
    check_may_leave(order)
    _refuse_taken_goods(shipment, order)
    shipment.planned_ship_date = shipment.planned_ship_date or order.planned_ship_date or nowdate()
    if getdate(shipment.planned_ship_date) < getdate():
        frappe.throw(
            _("The goods cannot leave on {0}, that day is over. Enter today or a later day.").format(
                frappe.format(shipment.planned_ship_date, {"fieldtype": "Date"})
            ),
            StepRefused,
        )
    address = (order.province, order.city, order.district, order.address_line)
    shipment.delivery_place = shipment.delivery_place or " ".join(filter(None, address))
    if not shipment.arrive_by and order.promised_date:
        shipment.arrive_by = end_of_day(getdate(order.promised_date))
    derive_weights(shipment)
    choose_carrier(shipment, order)
    if not shipment.delivery_place or (profile_of(order).planning_release and not shipment.arrive_by):
        frappe.throw(
            _(
                "The instruction says neither to the store nor to transport where the goods go and when they "
                "must arrive. Enter the place of delivery and the arrival."
            ),
            StepRefused,
        )


def _refuse_taken_goods(shipment: Shipment, order: Order) -> None:
    taken, leaving, still_open = waiting_by_line(order.name), shipment.leaving(), _open_by_line(order)
    for line in order.items:
        waiting = taken.get(line.name, ZERO)
        left = max(still_open.get(line.name, ZERO) - waiting, ZERO)
        if waiting and leaving.get(line.name, ZERO) > left:
            frappe.throw(
                _(
                    "Line {0}: {1} of {2} wait in other shipments of this order already. Void those, or "
                    "enter at most {3}."
                ).format(line.idx, f"{waiting.normalize():f}", line.product, f"{left.normalize():f}"),
                StepRefused,
            )


def waiting_by_line(order: str) -> dict[str, Decimal]:
    """Quantities that stand in the house in shipments of an order, by line id, in one statement."""
    rows = frappe.db.sql(
        """select item.order_item, sum(item.quantity) from `tabShipment` shipment
        straight_join `tabShipment Item` item force index (parent) on item.parent = shipment.name
        where shipment.order_id = %s and shipment.shipment_state in %s group by item.order_item
        lock in share mode""",
        (order, _STAGES),
    )
    return {line: to_decimal(quantity) for line, quantity in rows}


def tell_house(shipment: Shipment, order: Order) -> None:
    """The store and transport find the instruction on their lists (R-244, R-295, R-373)."""
    text = Message(
        "Shipment {0} of order {1} leaves on {2}, to {3}. Print its papers and get it ready.",
        shipment.name,
        order.name,
        frappe.format(shipment.planned_ship_date, {"fieldtype": "Date"}),
        shipment.delivery_place,
    )
    for role in (Role.WAREHOUSE, Role.LOGISTICS):
        keep_task(role, shipment, TaskReason.DISPATCH, text)
    happened(ClockEvent.DISPATCH_INSTRUCTED, order.name, profile=profile_name(order))
    dispatch_planned(order, shipment)


def refuse_without_stages(order: Order) -> None:
    """Refuse goods that would leave in one step where the company has its stages (R-277).

    Raises:
        StepRefused: saying how they leave.
    """
    if profile_of(order).warehouse_stages:
        frappe.throw(
            _(
                "Goods of order {0} leave in stages: printed, picked, scanned, weighed. Make a shipment with "
                "its planned ship date; the warehouse leads it on."
            ).format(order.name),
            StepRefused,
        )


def stop_waiting(order: Order) -> None:
    """Void the shipments in the house that an order does not want any more: called off, changed, or gone.

    Args:
        order: the Order document as it is now. What still fits stays; the warehouse is told about the rest.
    """
    names = frappe.get_all(
        "Shipment",
        filters={"order_id": order.name, "shipment_state": ("in", _STAGES), "led_by": Origin.SITE.value},
        order_by="creation",
        pluck="name",
    )
    if not names:
        return
    left = _open_by_line(order)
    for shipment in _documents(names):
        leaving = shipment.leaving()
        if all(quantity <= left.get(line, ZERO) for line, quantity in leaving.items()):
            for line, quantity in leaving.items():
                left[line] -= quantity
            continue
        shipment.shipment_state = ShipmentState.VOIDED.value
        shipment.flags.by_system = True
        save_by_method(shipment)
        keep_task(
            Role.WAREHOUSE,
            shipment,
            TaskReason.SHIPMENT_UNWANTED,
            Message(
                "Shipment {0} is not wanted any more: order {1} was changed or called off, or its goods "
                "left another way. Put its goods back.",
                shipment.name,
                order.name,
            ),
        )


def _open_by_line(order: Order) -> dict[str, Decimal]:
    if cint(order.docstatus) == 2:
        return {}
    return {
        line.name: still_open(to_decimal(line.quantity), to_decimal(line.shipped_quantity))
        for line in order.items
    }


def _documents(names: Iterable[str]) -> list[Any]:
    """A handful at most: an order's shipments that have not left."""
    return [frappe.get_doc("Shipment", name) for name in names]
