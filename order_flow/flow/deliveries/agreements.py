"""Before goods are brought: the receiver is called, and address, contact and time are agreed (R-302)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from order_flow.domain.goods.shipments import ShipmentState
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.deliveries.proof import locked_by_deliverer
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments.leaving import save_by_method
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

_OVER = frozenset({ShipmentState.DELIVERED, ShipmentState.VOIDED})


def agree(name: str, at: datetime, spoke_with: str, words: str, request_id: str) -> Any:
    """Record that the receiver expects the goods, at the address of the order, at a time.

    Args:
        name: the Shipment.
        at: when the goods come, in the site's time; from then on they are late.
        spoke_with: who was reached.
        words: what else was agreed, e.g. the gate.
        request_id: of the device; the same request sent again changes nothing.

    Returns:
        The Shipment document.

    Raises:
        StepRefused: the goods are delivered or voided, the time is over, or nobody is named.
        frappe.PermissionError: the user delivers nothing, or not this order.
    """
    shipment = _called(name, request_id)
    if shipment.flags.repeated:
        return shipment
    if at < now_datetime():
        frappe.throw(_("The agreed time is over. Enter when the goods will come."), StepRefused)
    if not spoke_with.strip():
        frappe.throw(_("Enter who was reached."), StepRefused)
    shipment.update(
        {
            "agreed_for": at,
            "agreed_with": spoke_with.strip(),
            "arrive_by": at,
            "planned_on_call": words.strip() or shipment.planned_on_call,
        }
    )
    _note(shipment, _("Delivery agreed"), spoke_with)
    end_task(shipment, TaskReason.CALL_RECEIVER)
    return shipment


def note_unreached(name: str, words: str, request_id: str) -> Any:
    """Record that nobody was reached: transport calls again before it sets out.

    Args:
        name: the Shipment.
        words: e.g. until when the line was busy.
        request_id: of the device; the same request sent again changes nothing.

    Returns:
        The Shipment document.

    Raises:
        StepRefused: the goods are delivered or voided.
        frappe.PermissionError: the user delivers nothing, or not this order.
    """
    shipment = _called(name, request_id)
    if shipment.flags.repeated:
        return shipment
    shipment.calls_unanswered = cint(shipment.calls_unanswered) + 1
    shipment.update({"agreed_for": None, "agreed_with": None})
    _note(shipment, _("Receiver not reached"), words)
    text = Message(
        "The receiver of shipment {0} was not reached ({1} calls). Call again and agree on a time.",
        shipment.name,
        shipment.calls_unanswered,
    )
    keep_task(Role.LOGISTICS, shipment, TaskReason.CALL_RECEIVER, text)
    return shipment


def _called(name: str, request_id: str) -> Any:
    _order, shipment = locked_by_deliverer(name)
    shipment.flags.repeated = bool(request_id) and shipment.call_request == request_id
    if shipment.flags.repeated:
        return shipment
    if ShipmentState(shipment.shipment_state) in _OVER:
        frappe.throw(
            _("Shipment {0} is {1}; there is nothing to agree on.").format(
                shipment.name, _(shipment.shipment_state)
            ),
            StepRefused,
        )
    shipment.call_request = request_id or None
    return shipment


def _note(shipment: Shipment, what: str, remark: str) -> None:
    shipment.append("events", {"event": what, "at": now_datetime(), "remark": remark})
    shipment.flags.by_system = True
    save_by_method(shipment)
