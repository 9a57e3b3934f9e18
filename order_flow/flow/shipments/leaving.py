"""Goods that leave: what a shipment may take, and what it means for its order (R-020, R-246)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.entry_values import clean_key, clean_line
from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.gates.model import CheckPoint, Origin
from order_flow.domain.goods.quantities import fitted, still_open
from order_flow.domain.goods.shipments import (
    WAREHOUSE_STAGES,
    ShipmentState,
    check_not_prepared,
    check_quantities,
)
from order_flow.domain.message import Message
from order_flow.domain.states import (
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
    may_ship,
)
from order_flow.domain.tasks.reasons import OUTLIVES_ITS_ORDER, TaskReason
from order_flow.flow.gates.judging import judge_dispatch, pass_or_refuse
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.lifecycle.steps import check_role
from order_flow.flow.outside.facts import open_quantities, quantities, shipped_quantities
from order_flow.flow.records.order import locked_order
from order_flow.flow.records.values import number_of, rows_of
from order_flow.flow.refusals import (
    DuplicateDiffers,
    StepRefused,
    refuse_rule,
    refuse_step,
)
from order_flow.flow.tasks.giving import end_tasks_of, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment


def leaving_of(order: Order, items: object) -> dict[str, Decimal]:
    """The quantities that are to leave, by line id, as a client names them.

    Args:
        order: the Order document.
        items: ``[{"order_item": line id, "quantity": number}]``; everything open where the caller names none.

    Raises:
        StepRefused: a row is not understood.
    """
    return open_quantities(order) if items is None else quantities_by_line(items, "items")


def quantities_by_line(rows: object, label: str) -> dict[str, Decimal]:
    """Quantities by line id as a client sends them; rows of one line are added up.

    Args:
        rows: ``[{"order_item": line id, "quantity": number}]``.
        label: the argument's name for the refusal.

    Raises:
        StepRefused: a row is not understood.
    """
    found: dict[str, Decimal] = {}
    for row in rows_of(rows, label):
        if "order_item" not in row or "quantity" not in row:
            frappe.throw(_("{0}: each needs 'order_item' and 'quantity'.").format(label), StepRefused)
        line = str(row["order_item"])
        found[line] = found.get(line, ZERO) + number_of(row["quantity"], _("Quantity"))
    return found


def check_dispatch(order: Order) -> None:
    """Refuse goods that people let leave, where they may not or the order may not be shipped yet.

    Args:
        order: the Order document.

    Raises:
        StepRefused: the state does not allow shipping, or a gate is open.
        frappe.PermissionError: the user's roles may not ship.
    """
    check_role(order, OrderStep.SHIP)
    check_may_leave(order)


def check_may_leave(order: Order) -> None:
    """Refuse goods of an order whose state or gates do not let them leave.

    Raises:
        StepRefused: naming every open gate.
    """
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    if not may_ship(state, family, DeliveryStatus(order.delivery_status)):
        refuse_step(order.name, OrderStep.SHIP, state, family)
    pass_or_refuse(order, CheckPoint.SHIP, judge_dispatch(order, Origin.SITE))


def check_lines_fit(order: Order, leaving: Mapping[str, Decimal], counted: Mapping[str, Decimal]) -> None:
    """Refuse quantities that exceed what is open (R-246).

    Args:
        order: the Order document, locked.
        leaving: quantity of this shipment by line id.
        counted: what this shipment has already been counted with, by line id.

    Raises:
        StepRefused: naming the line.
    """
    shipped = shipped_quantities(order)
    others = {line: shipped.get(line, ZERO) - counted.get(line, ZERO) for line in shipped}
    try:
        check_quantities(quantities(order), others, leaving)
    except ShipmentRefused as error:
        refuse_rule(error)


def check_past_the_house(order: Order, leaving: Mapping[str, Decimal]) -> None:
    """Refuse a new shipment of goods that another one in the house has in its hands (R-277, R-279).

    Args:
        order: the Order document, locked.
        leaving: quantity of the new shipment by line id.

    Raises:
        StepRefused: naming that shipment.
    """
    rows = frappe.db.sql(
        """select s.name, i.order_item, i.quantity
        from `tabShipment` s join `tabShipment Item` i on i.parent = s.name and i.parenttype = 'Shipment'
        where s.order_id = %s and s.shipment_state in %s and s.led_by = %s and s.delivery_case is null""",
        (order.name, tuple(stage.value for stage in WAREHOUSE_STAGES), Origin.SITE.value),
    )
    prepared: dict[str, dict[str, Decimal]] = {}
    for name, line, quantity in rows:
        lines = prepared.setdefault(name, {})
        lines[line] = lines.get(line, ZERO) + to_decimal(quantity)
    try:
        check_not_prepared(open_quantities(order), prepared, leaving)
    except ShipmentRefused as error:
        refuse_rule(error)


def known_parcel(order: Order, waybill: str, carrier: str, items: object) -> str:
    """A parcel of an order that goes under a waybill already, where the same goods are told again.

    Args:
        order: the Order document.
        waybill: the carrier's number; may be empty.
        carrier: who carries it; empty says nothing about it.
        items: as ``leaving_of`` takes them; None asks for whatever has left under it.

    Returns:
        The Shipment's name; empty where nothing goes under this number, or only what was voided.

    Raises:
        DuplicateDiffers: other goods, or those of another carrier, go under this number.
    """
    waybill, carrier = clean_key(waybill), clean_line(carrier)
    mine = {
        "order_id": order.name,
        "waybill_number": waybill,
        "shipment_state": ("!=", ShipmentState.VOIDED.value),
    }
    name = frappe.db.get_value("Shipment", mine) if waybill else None
    if not name:
        return ""
    shipment = frappe.get_doc("Shipment", name)
    same_goods = items is None or _same_goods(shipment.leaving(), quantities_by_line(items, "items"))
    if not same_goods or (carrier and shipment.carrier and carrier != shipment.carrier):
        frappe.throw(
            _(
                "Waybill {0} carries other goods of order {1} already (shipment {2}). Check the number; if "
                "it is right, void that shipment and ship anew."
            ).format(waybill, order.name, name),
            DuplicateDiffers,
        )
    return str(name)


def _same_goods(known: Mapping[str, Decimal], told: Mapping[str, Decimal]) -> bool:
    lines = known.keys() | told.keys()
    return not any(still_open(known.get(line, ZERO), told.get(line, ZERO)) for line in lines)


def fit_to_open(shipment: Shipment, order: Order, counted: Mapping[str, Decimal]) -> None:
    """Let a shipment that takes the last of a line take all of it: three times a third are one.

    Args:
        shipment: the Shipment document in its save.
        order: the Order document, locked.
        counted: what this shipment has already been counted with, by line id.
    """
    ordered, shipped = quantities(order), shipped_quantities(order)
    leaving = shipment.leaving()
    for item in shipment.items:
        line = item.order_item
        if line not in ordered:
            continue
        rest = ordered[line] - shipped[line] + counted.get(line, ZERO)
        missing = fitted(leaving[line], rest) - leaving[line]
        if missing:
            item.quantity = float(to_decimal(item.quantity) + missing)
            leaving[line] += missing


def new_shipment(
    order: Order, leaving: Mapping[str, Decimal], *, origin: Origin, values: Mapping[str, Any]
) -> Any:
    """Build a shipment of some quantities, ready to be saved.

    Args:
        order: the Order document, locked.
        leaving: quantity by line id.
        origin: which side ships.
        values: carrier, waybill and the like.

    Returns:
        The unsaved Shipment document in state Shipped.
    """
    lines = {line.name: line for line in order.items}
    return frappe.get_doc(
        {
            "doctype": "Shipment",
            "order_id": order.name,
            "led_by": origin.value,
            "shipment_state": ShipmentState.SHIPPED.value,
            "shipped_at": now_datetime(),
            **values,
            "items": [
                {
                    "order_item": line,
                    "product": lines[line].product if line in lines else None,
                    "product_name": lines[line].product_name if line in lines else None,
                    "unit": lines[line].unit if line in lines else None,
                    "quantity": float(quantity),
                }
                for line, quantity in leaving.items()
            ],
        }
    )


def apply_shipments(order_name: str, origin: Origin) -> Any:
    """Let an order follow what has left or come back.

    Args:
        order_name: the order.
        origin: which side the newest shipment came from.

    Returns:
        The Order document as it is now.
    """
    order = locked_order(order_name)
    order.flags.origin = origin
    follow_facts(order)
    return order


def ask_warehouse_to_ship(order: Order, shipment: Shipment) -> None:
    """The desk shipped first: no interface ships in WDT, so a person does, and the read-back confirms it.

    Args:
        order: the Order document.
        shipment: the site's shipment.
    """
    if not order.wdt_account:
        return
    keep_task(
        Role.WAREHOUSE,
        shipment,
        TaskReason.SHIP_IN_WDT,
        Message(
            "Order {0} was shipped at the desk (carrier {1}, waybill {2}). Ship it "
            "in WDT with the same data; this task closes when WDT shows it as "
            "shipped.",
            order.name,
            shipment.carrier or "-",
            shipment.waybill_number or "-",
        ),
    )


def close_tasks_of_voided(shipment: str) -> None:
    """Goods that do not leave, or came back, ask nobody for anything but to put them and the books right."""
    end_tasks_of("Shipment", [shipment], but=OUTLIVES_ITS_ORDER - {TaskReason.SHIP_IN_WDT})


def close_ship_tasks(shipment: str) -> None:
    """WDT shows the goods as shipped: the tasks of the house are done. Calls to the receiver go on."""
    end_tasks_of("Shipment", [shipment], but=(TaskReason.CALL_RECEIVER,))


def save_by_method(shipment: Shipment) -> None:
    """Store what only these functions write; roles and document were checked by whoever called them."""
    shipment.flags.by_method = True
    shipment.flags.ignore_permissions = True  # see above
    shipment.save()
