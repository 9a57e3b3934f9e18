"""REST and buttons for goods on their way through the house: thin, typed, checked (R-244, R-267 to R-290)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.workflow import apply_workflow
from frappe.utils import cint

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.gates.warehouse import Inspection
from order_flow.domain.goods.shipments import STEPS_BY_HAND, ShipmentState, ShipmentStep
from order_flow.flow.records.choices import choice
from order_flow.flow.records.order import locked_order
from order_flow.flow.records.values import fields_of, number_of, time_of
from order_flow.flow.refusals import StepRefused, refuse_without_entry
from order_flow.flow.shipments import instructions as dispatch_instructions
from order_flow.flow.shipments import packing as packing_table
from order_flow.flow.shipments.leaving import leaving_of


def _locked(shipment: str, right: str = "write") -> Any:
    """The shipment behind its order's lock: always in this sequence, so nobody waits in a ring."""
    order = frappe.db.get_value("Shipment", shipment, "order_id")
    if order:
        locked_order(order)
    document = frappe.get_doc("Shipment", shipment, for_update=True)
    document.check_permission(right)
    return document


def _standing(document: Any) -> dict[str, Any]:
    return {"shipment": document.name, "state": document.shipment_state}


@endpoint(Verb.POST, of="Shipment")
def instruct_dispatch(
    order: str,
    items: list | str | None = None,
    planned_ship_date: str = "",
    arrive_by: str = "",
    delivery_place: str = "",
    spare_parts: str = "",
    warehouse: str = "",
) -> dict[str, Any]:
    """Tell the store and transport to get goods of an order ready (R-244, R-281).

    Args:
        order: the order's name.
        items: ``[{"order_item": line id, "quantity": number}]``; everything open where it is left out.
        planned_ship_date: ``YYYY-MM-DD``; the order's planned day, or today, where it is left out.
        arrive_by: ``YYYY-MM-DD HH:MM:SS``; the promised date where it is left out.
        delivery_place: the order's address where it is left out.
        spare_parts: spare and accessory parts that go along.
        warehouse: from where.

    Returns:
        ``{"shipment", "state"}``.

    Raises:
        StepRefused: a gate is open, the goods are on their way out already, or something is not said.
        frappe.PermissionError: the caller gives no instructions.
    """
    refuse_without_entry("Shipment")
    document = locked_order(order)
    document.check_permission("read")
    values = {
        "planned_ship_date": planned_ship_date or None,
        "arrive_by": time_of(arrive_by, _("Arrives By")) if arrive_by else None,
        "delivery_place": delivery_place,
        "spare_parts": spare_parts,
        "warehouse": warehouse,
    }
    return _standing(dispatch_instructions.instruct(document, leaving_of(document, items), values))


@endpoint(Verb.POST, of="Shipment")
def take_step(shipment: str, step: str) -> dict[str, Any]:
    """Take a step of a shipment that is led here; repeating the last one changes nothing.

    Args:
        shipment: the Shipment's name.
        step: e.g. ``Print Papers``, ``Finish Picking``, ``Dispatch``.

    Returns:
        ``{"shipment", "state"}``.

    Raises:
        StepRefused: something of the stage is not done yet.
        frappe.PermissionError: the caller does not take this step.
    """
    wanted = choice(ShipmentStep, step, _("Step"))
    document = _locked(shipment)
    targets = {transition.target for transition in STEPS_BY_HAND if transition.step is wanted}
    if ShipmentState(document.shipment_state) not in targets:
        document = apply_workflow(document, wanted.value)
    return _standing(document)


@endpoint(Verb.POST, of="Shipment")
def scan(shipment: str, code: str, quantity: float | str = 1, parcel: int | str = 1) -> dict[str, Any]:
    """Scan goods into a parcel; wrong goods and too many are refused (R-269, R-275).

    Args:
        shipment: the Shipment's name.
        code: the barcode, or the product's code.
        quantity: how many.
        parcel: number of the parcel, from 1.

    Returns:
        ``{"shipment", "state", "lines": [{"product", "packed", "wanted"}]}``; the state is ``Weighing`` when
        everything is packed.

    Raises:
        StepRefused: the goods do not belong in it, or the shipment is not being scanned.
        frappe.PermissionError: the caller does not pack.
    """
    document = _locked(shipment)
    lines = packing_table.scan(document, code, number_of(quantity, _("Quantity")), cint(parcel))
    return {
        **_standing(document),
        "lines": [
            {"product": line.product, "packed": float(line.packed), "wanted": float(line.wanted)}
            for line in lines
        ],
    }


@endpoint(Verb.POST, of="Shipment")
def unpack(shipment: str) -> dict[str, Any]:
    """Take everything out of the parcels again, while the shipment is being scanned.

    Args:
        shipment: the Shipment's name.

    Returns:
        ``{"shipment", "state"}``.
    """
    document = _locked(shipment)
    packing_table.unpack(document)
    return _standing(document)


@endpoint(Verb.POST, of="Shipment")
def weigh(shipment: str, weights: dict | str) -> dict[str, Any]:
    """Record the weights of the parcels and let the goods leave (R-277).

    Args:
        shipment: the Shipment's name.
        weights: kilograms by parcel number, e.g. ``{"1": 2.4}``.

    Returns:
        ``{"shipment", "state", "why"}``; ``why`` says what keeps the goods, empty where they left. The
        weights are stored either way.

    Raises:
        StepRefused: no such parcel, or the shipment does not stand on the scales.
        frappe.PermissionError: the caller does not ship.
    """
    document = _locked(shipment)
    why = packing_table.weigh(document, _weights(weights))
    return {**_standing(document), "why": why}


def _weights(weights: dict | str) -> dict[int, Decimal]:
    found = fields_of(weights, "weights")
    if not all(str(number).isdecimal() for number in found):
        frappe.throw(_("weights: name each parcel by its number, from 1."), StepRefused)
    return {int(number): number_of(weight, _("Weight (kg)")) for number, weight in found.items()}


@endpoint(Verb.POST, of="Shipment")
def inspect(shipment: str, result: str, remark: str = "") -> dict[str, Any]:
    """Record the inspection before dispatch (R-279).

    Args:
        shipment: the Shipment's name.
        result: ``Passed`` or ``Failed``.
        remark: what is wrong; mandatory for a failure.

    Returns:
        ``{"shipment", "state", "inspection"}``.

    Raises:
        StepRefused: the goods have left, or a failure has no words.
        frappe.PermissionError: the caller does not inspect.
    """
    # Quality reads shipments only; its result is written for it.
    document = _locked(shipment, "read")
    packing_table.inspect(document, choice(Inspection, result, _("Inspection")), remark)
    return {**_standing(document), "inspection": document.inspection}
