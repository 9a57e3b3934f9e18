"""Proof of delivery: who took which goods when and where, and what follows from it (R-303 to R-305, K-22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from order_flow.domain.goods.delivery import (
    COMPLAINTS,
    CaseKind,
    CaseState,
    Count,
    DeliveryRefused,
    ProofKind,
    counted,
)
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, ShipmentState
from order_flow.domain.states import (
    ORDER,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
)
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.deliveries.cases import CASE, open_case
from order_flow.flow.deliveries.claims import claim_until
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused, refuse_rule, refuse_without_role
from order_flow.flow.shipments.leaving import save_by_method
from order_flow.flow.shipments.pictures import is_drawing
from order_flow.flow.tasks.giving import end_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

DELIVERERS = (Role.LOGISTICS, Role.ORDER_DESK, Role.WAREHOUSE, Role.FIELD_REP, Role.INTEGRATION)
LONGEST_SIGNATURE = 200_000
"""Characters; a drawn signature has some thousands."""
CLOCK_TOLERANCE = timedelta(minutes=10)
"""A phone's clock may be ahead by so much."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the person at the door records.

    Args:
        request_id: of the device; the same request sent again changes nothing.
        received_by: who took the goods.
        kind: by what he showed that they are his.
        at: when, in the site's time.
        signature: the drawn one as a data address; may be empty.
        photo: ``file_url`` of a picture; may be empty.
        place: where, e.g. coordinates or a gate.
        remark: e.g. why goods were refused.
    """

    request_id: str
    received_by: str
    kind: ProofKind
    at: datetime
    signature: str = ""
    photo: str = ""
    place: str = ""
    remark: str = ""


def record(name: str, proof: Proof, said: Mapping[str, Decimal]) -> Any:
    """Record that goods were handed over, or refused, at the receiver's door.

    Args:
        name: the Shipment.
        proof: who took them, and by what that is shown.
        said: counted quantity by order line id; a line that is not named was received in full.

    Returns:
        The Shipment document. What is missing has opened a case; where all goods of the order came, its
        receipt is confirmed.

    Raises:
        StepRefused: the goods are not on their way, or the proof is none.
        frappe.PermissionError: the user delivers nothing, or not this order.
    """
    order, shipment = locked_by_deliverer(name)
    if proof.request_id and shipment.delivery_request == proof.request_id:
        return shipment
    _check_on_its_way(shipment)
    _check_agreed(shipment, order)
    _check_proof(shipment, proof)
    try:
        count = counted(shipment.leaving(), said)
    except DeliveryRefused as error:
        refuse_rule(error)
    _store(shipment, order, proof, count)
    if count.missing:
        kind = CaseKind.REFUSED if count.nothing_came else CaseKind.SHORT
        open_case(order, kind, _what_is_missing(shipment, count, proof), shipment=name)
    elif everything_came(order):
        _confirm_receipt(order, shipment)
    return shipment


def locked_by_deliverer(name: str) -> tuple[Any, Any]:
    """An order and its shipment for somebody who delivers it; always locked in this sequence.

    Args:
        name: the Shipment.

    Returns:
        The Order and the Shipment document.

    Raises:
        frappe.PermissionError: the user delivers nothing, or not this order.
    """
    refuse_without_role(
        [role.value for role in DELIVERERS], _("Deliveries are recorded by: {0}. Ask one of them.")
    )
    order_name = frappe.db.get_value("Shipment", name, "order_id")
    if not order_name:
        frappe.throw(_("There is no shipment {0}.").format(name), frappe.DoesNotExistError)
    order = locked_order(order_name)
    shipment = frappe.get_doc("Shipment", name, for_update=True)
    shipment.check_permission("read")
    return order, shipment


def _check_on_its_way(shipment: Shipment) -> None:
    state = ShipmentState(shipment.shipment_state)
    if state is ShipmentState.DELIVERED:
        frappe.throw(
            _("Shipment {0} was delivered already, to {1} on {2}.").format(
                shipment.name,
                shipment.received_by or "-",
                frappe.format(shipment.delivered_at, {"fieldtype": "Datetime"}),
            ),
            StepRefused,
        )
    if state not in LEFT_WAREHOUSE:
        frappe.throw(
            _("Shipment {0} is {1}; its goods have not left yet.").format(shipment.name, _(state.value)),
            StepRefused,
        )


def _check_agreed(shipment: Shipment, order: Order) -> None:
    """Refuse a visit that was not announced, where the company wants it agreed (R-302)."""
    if profile_of(order).agree_delivery and not shipment.agreed_for:
        frappe.throw(
            _(
                "Nobody has agreed on the delivery of {0} with the receiver. Call him, then record whom you "
                "reached and when the goods come ('Agree on Delivery')."
            ).format(shipment.name),
            StepRefused,
        )


def _check_proof(shipment: Shipment, proof: Proof) -> None:
    if not proof.received_by.strip():
        frappe.throw(_("Enter who received the goods."), StepRefused)
    if proof.kind is ProofKind.SIGNATURE and not (proof.signature or proof.photo):
        frappe.throw(_("Let the receiver sign, or take a picture of the signed paper."), StepRefused)
    if len(proof.signature) > LONGEST_SIGNATURE:
        frappe.throw(_("The signature is too large to be stored. Let the receiver sign again."), StepRefused)
    if proof.signature and not is_drawing(proof.signature):
        frappe.throw(_("The signature is no picture. Let the receiver sign again."), StepRefused)
    if proof.at > now_datetime() + CLOCK_TOLERANCE:
        frappe.throw(_("The delivery lies in the future. Check the clock of the device."), StepRefused)
    if shipment.shipped_at and proof.at < get_datetime(shipment.shipped_at) - CLOCK_TOLERANCE:
        frappe.throw(
            _("The goods left only on {0}. Correct the time of the delivery.").format(
                frappe.format(shipment.shipped_at, {"fieldtype": "Datetime"})
            ),
            StepRefused,
        )


def _store(shipment: Shipment, order: Order, proof: Proof, count: Count) -> None:
    left = dict(count.received)
    for item in shipment.items:
        part = min(Decimal(str(item.quantity)), left[item.order_item])
        item.received_quantity = float(part)
        left[item.order_item] -= part
    shipment.update(
        {
            "shipment_state": (
                ShipmentState.EXCEPTION if count.nothing_came else ShipmentState.DELIVERED
            ).value,
            "delivered_at": None if count.nothing_came else proof.at,
            "received_by": proof.received_by.strip(),
            "proof_kind": proof.kind.value,
            "signature": proof.signature or None,
            "proof_photo": proof.photo or None,
            "delivered_place": proof.place,
            "delivered_by": frappe.session.user,
            "delivery_remark": proof.remark,
            "delivery_request": proof.request_id or None,
            "claim_until": claim_until(order, proof.at),
        }
    )
    shipment.flags.by_system = True
    save_by_method(shipment)
    end_task(shipment, TaskReason.CALL_RECEIVER)
    if proof.photo:
        bind_paper(shipment, proof.photo)


def _what_is_missing(shipment: Shipment, count: Count, proof: Proof) -> str:
    products = {item.order_item: item.product for item in shipment.items}
    lines = ", ".join(
        f"{products[line]}: {quantity.normalize():f}" for line, quantity in count.missing.items()
    )
    words = _("Not received: {0}.").format(lines)
    return f"{words} {proof.remark}".strip()


def everything_came(order: Order) -> bool:
    """Tell whether all goods of an order were delivered and nobody complains: its receipt is beyond doubt."""
    if DeliveryStatus(order.delivery_status) is not DeliveryStatus.SHIPPED:
        return False
    under_way = frappe.db.exists(
        "Shipment",
        {
            "order_id": order.name,
            "shipment_state": (
                "not in",
                [ShipmentState.DELIVERED.value, ShipmentState.VOIDED.value],
            ),
        },
    )
    complaint = frappe.db.exists(
        CASE,
        {
            "order_id": order.name,
            "case_state": ("!=", CaseState.CLOSED.value),
            "kind": ("in", [kind.value for kind in COMPLAINTS]),
        },
    )
    return not under_way and not complaint


def _confirm_receipt(order: Order, shipment: Shipment) -> None:
    order = locked_order(order.name)
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    if ORDER.by_step(OrderStep.CONFIRM_RECEIPT, state, family) is None:
        return
    take_step(
        order,
        OrderStep.CONFIRM_RECEIPT,
        by_system=True,
        remark=_("Received by {0} ({1}).").format(shipment.received_by, shipment.name),
    )
