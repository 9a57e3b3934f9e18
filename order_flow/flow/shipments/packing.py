"""What happens to goods in the house: scanned into parcels, inspected, weighed (R-269 to R-279).

What a stage asks before it is left is checked in the shipment's own save, whatever the way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.gates.model import Origin
from order_flow.domain.gates.warehouse import Inspection
from order_flow.domain.goods.packing import PackLine, check_packed, check_weighed, computed_weight, scanned
from order_flow.domain.goods.shipments import WAREHOUSE_STAGES, ShipmentState
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.gates.judging import judge_dispatch
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused, gate_sentence, refuse_rule, refuse_without_role
from order_flow.flow.shipments.guards import refuse_led_by_wdt
from order_flow.flow.shipments.leaving import save_by_method
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

INSPECTORS = (Role.QUALITY, Role.WAREHOUSE)


def check_stage(shipment: Shipment, target: ShipmentState, order: Order) -> None:
    """Check that what a stage needs is done, for a shipment that is led here.

    Args:
        shipment: the Shipment document in its save.
        target: where it is to go.
        order: its Order document, locked.

    Raises:
        StepRefused: the order is on hold, something is not packed, or a parcel has no weight.
    """
    if order.on_hold and target is not ShipmentState.VOIDED:
        frappe.throw(
            _("Order {0} is on hold ({1}). Leave its goods where they are until it is released.").format(
                order.name, order.hold_reason or "-"
            ),
            StepRefused,
        )
    try:
        if target in (ShipmentState.WEIGHING, ShipmentState.SHIPPED):
            check_packed(pack_lines(shipment))
        if target is ShipmentState.SHIPPED:
            weights = {row.parcel_number: to_decimal(row.weight) for row in shipment.parcels}
            check_weighed(weights, to_decimal(shipment.computed_weight) or None)
    except ShipmentRefused as error:
        refuse_rule(error)


def pack_lines(shipment: Shipment) -> list[PackLine]:
    """A shipment's lines with what is packed of each, in one statement."""
    barcodes = _of_products(shipment, "barcode")
    packed: dict[str, Decimal] = {}
    for row in shipment.packed:
        packed[row.order_item] = packed.get(row.order_item, ZERO) + to_decimal(row.quantity)
    products = {item.order_item: item.product for item in shipment.items}
    return [
        PackLine(line, products[line], barcodes.get(products[line]) or "", wanted, packed.get(line, ZERO))
        for line, wanted in shipment.leaving().items()
    ]


def _of_products(shipment: Shipment, field: str) -> dict[str, Any]:
    codes = list({item.product for item in shipment.items})
    rows = frappe.get_all("Product", filters={"name": ("in", codes)}, fields=["name", field], as_list=True)
    return dict(rows)


def derive_weights(shipment: Shipment) -> None:
    """The shipment's weight is that of its parcels; what its goods should weigh comes from the products."""
    if shipment.parcels:
        shipment.weight = float(sum((to_decimal(row.weight) for row in shipment.parcels), ZERO))
    pieces = _of_products(shipment, "weight")
    weights = [
        (to_decimal(item.quantity), to_decimal(pieces.get(item.product) or 0)) for item in shipment.items
    ]
    shipment.computed_weight = float(computed_weight(weights) or 0)


def scan(shipment: Shipment, code: str, quantity: Decimal, parcel: int) -> list[PackLine]:
    """Put goods into a parcel; the last ones move the shipment to the scales.

    Args:
        shipment: the Shipment document, locked.
        code: as read from the goods.
        quantity: how many.
        parcel: number of the parcel, from 1.

    Returns:
        The lines as they are packed now.

    Raises:
        StepRefused: it is not being scanned, or the goods do not belong in it.
    """
    _check_led_here(shipment)
    if ShipmentState(shipment.shipment_state) is not ShipmentState.SCANNING:
        frappe.throw(
            _("Shipment {0} is {1}; goods are scanned while it is {2}.").format(
                shipment.name, _(shipment.shipment_state), _(ShipmentState.SCANNING.value)
            ),
            StepRefused,
        )
    try:
        added = scanned(pack_lines(shipment), code, quantity, parcel)
    except ShipmentRefused as error:
        refuse_rule(error)
    products = {item.order_item: item.product for item in shipment.items}
    for line, part in added:
        _put(shipment, line, products[line], part, parcel)
    if not any(row.parcel_number == parcel for row in shipment.parcels):
        shipment.append("parcels", {"parcel_number": parcel})
    lines = pack_lines(shipment)
    if all(line.missing == ZERO for line in lines):
        shipment.shipment_state = ShipmentState.WEIGHING.value
    save_by_method(shipment)
    return lines


def _check_led_here(shipment: Shipment) -> None:
    if Origin(shipment.led_by) is Origin.WDT:
        refuse_led_by_wdt(shipment)


def _put(shipment: Shipment, line: str, product: str, quantity: Decimal, parcel: int) -> None:
    for row in shipment.packed:
        if (row.parcel_number, row.order_item) == (parcel, line):
            row.quantity = float(to_decimal(row.quantity) + quantity)
            return
    shipment.append(
        "packed",
        {"parcel_number": parcel, "order_item": line, "product": product, "quantity": float(quantity)},
    )


def unpack(shipment: Shipment) -> None:
    """Take everything out of the parcels again; scanning starts anew.

    Raises:
        StepRefused: the shipment is neither being scanned nor weighed.
    """
    _check_led_here(shipment)
    if ShipmentState(shipment.shipment_state) is not ShipmentState.SCANNING:
        frappe.throw(
            _("Shipment {0} is {1}; only what is being scanned can be unpacked.").format(
                shipment.name, _(shipment.shipment_state)
            ),
            StepRefused,
        )
    shipment.set("packed", [])
    shipment.set("parcels", [])
    save_by_method(shipment)


def weigh(shipment: Shipment, weights: Mapping[int, Decimal]) -> str:
    """Record what the parcels weigh and let the goods leave: weighing closes the chain (R-277).

    Args:
        shipment: the Shipment document, locked.
        weights: kilograms by parcel number.

    Returns:
        Why the goods stay, or nothing where they left. The weights are stored in any case.

    Raises:
        StepRefused: the shipment does not stand on the scales, or there is no such parcel.
    """
    _check_led_here(shipment)
    if ShipmentState(shipment.shipment_state) is not ShipmentState.WEIGHING:
        frappe.throw(
            _("Shipment {0} is {1}; parcels are weighed while it is {2}.").format(
                shipment.name, _(shipment.shipment_state), _(ShipmentState.WEIGHING.value)
            ),
            StepRefused,
        )
    rows = {row.parcel_number: row for row in shipment.parcels}
    if unknown := sorted(weights.keys() - rows.keys()):
        frappe.throw(
            _("Shipment {0} has no parcel {1}. Its parcels: {2}.").format(
                shipment.name, ", ".join(map(str, unknown)), ", ".join(map(str, sorted(rows))) or "-"
            ),
            StepRefused,
        )
    for number, weight in weights.items():
        rows[number].weight = float(weight)
    shipment.save()
    order = locked_order(shipment.order_id)
    order.flags.shipment = shipment
    stops = judge_dispatch(order, Origin.SITE).stops
    if stops:
        return " ".join(gate_sentence(gate) for gate in stops)
    shipment.shipment_state = ShipmentState.SHIPPED.value
    shipment.save()
    return ""


def inspect(shipment: Shipment, result: Inspection, remark: str) -> None:
    """Record what the inspection before dispatch said (R-279); a later one replaces it.

    Raises:
        StepRefused: the goods have left, or a failure has no words.
        frappe.PermissionError: the user does not inspect.
    """
    refuse_without_role(
        [role.value for role in INSPECTORS], _("Goods are inspected by: {0}. Ask one of them.")
    )
    _check_led_here(shipment)
    if ShipmentState(shipment.shipment_state) not in WAREHOUSE_STAGES:
        frappe.throw(
            _("Shipment {0} is {1}; goods are inspected before they leave.").format(
                shipment.name, _(shipment.shipment_state)
            ),
            StepRefused,
        )
    if result is Inspection.FAILED and not remark.strip():
        frappe.throw(_("Say what is wrong with the goods, so that they can be replaced."), StepRefused)
    shipment.update(
        {
            "inspection": result.value,
            "inspected_by": frappe.session.user,
            "inspected_at": now_datetime(),
            "inspection_remark": remark.strip(),
        }
    )
    save_by_method(shipment)
    _tell_of_inspection(shipment, result)


def _tell_of_inspection(shipment: Shipment, result: Inspection) -> None:
    if result is not Inspection.FAILED:
        end_task(shipment, TaskReason.INSPECTION_FAILED)
        return
    text = Message(
        "Shipment {0} of order {1} failed its inspection: {2}. Put good pieces in and have them inspected "
        "again, or void the shipment.",
        shipment.name,
        shipment.order_id,
        shipment.inspection_remark,
    )
    keep_task(Role.WAREHOUSE, shipment, TaskReason.INSPECTION_FAILED, text)
