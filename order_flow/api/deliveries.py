"""Proof of delivery and trouble on the way, for the desk, phones and carriers: thin (R-296 to R-308)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.goods.delivery import CaseKind, ProofKind, Solution
from order_flow.flow.deliveries import agreements as delivery_agreements
from order_flow.flow.deliveries import cases as delivery_cases
from order_flow.flow.deliveries import proof as deliveries
from order_flow.flow.deliveries import replacements
from order_flow.flow.records.choices import choice
from order_flow.flow.records.values import day_of, number_of, time_of
from order_flow.flow.refusals import StepRefused, refuse_without_entry
from order_flow.flow.shipments.leaving import quantities_by_line


@endpoint(Verb.POST, of="Shipment")
def record_delivery(
    shipment: str,
    received_by: str,
    proof: str = ProofKind.SIGNATURE.value,
    delivered_at: str = "",
    signature: str = "",
    photo: str = "",
    place: str = "",
    remark: str = "",
    counted: list | str = "",
    request_id: str = "",
) -> dict[str, Any]:
    """Record that goods were handed over, or refused (R-303, R-305).

    Args:
        shipment: the Shipment's name.
        received_by: who took the goods.
        proof: ``Signature``, ``Identity Document`` or ``Order Number``.
        delivered_at: ``YYYY-MM-DD HH:MM:SS`` in Asia/Shanghai; now where it is left out.
        signature: the drawn signature, ``data:image/png;base64,...``.
        photo: ``file_url`` of an uploaded picture.
        place: coordinates or words.
        remark: e.g. why goods were refused.
        counted: ``[{"order_item": line id, "quantity": number}]``; lines that are left out came in full.
        request_id: of the device; the same one sent again changes nothing.

    Returns:
        ``{"shipment", "state", "order_state"}``.

    Raises:
        StepRefused: the goods are not on their way, the proof is none, or the count cannot be.
        frappe.PermissionError: the caller delivers nothing, or not this order.
    """
    moment = time_of(delivered_at, _("Delivered At")) if delivered_at else now_datetime()
    wanted = deliveries.Proof(
        request_id=request_id,
        received_by=received_by,
        kind=choice(ProofKind, proof, _("Proof")),
        at=moment,
        signature=signature,
        photo=photo,
        place=place[:140],
        remark=remark,
    )
    document = deliveries.record(shipment, wanted, quantities_by_line(counted, "counted") if counted else {})
    return {
        "shipment": document.name,
        "state": document.shipment_state,
        "order_state": frappe.db.get_value("Order", document.order_id, "workflow_state"),
    }


@endpoint(Verb.POST, of="Shipment")
def agree_delivery(
    shipment: str, agreed_for: str, agreed_with: str, remark: str = "", request_id: str = ""
) -> dict[str, Any]:
    """Record that the receiver was called and expects the goods at a time (R-302).

    Args:
        shipment: the Shipment's name.
        agreed_for: ``YYYY-MM-DD HH:MM:SS`` in Asia/Shanghai.
        agreed_with: who was reached.
        remark: what else was agreed.
        request_id: of the device; the same one sent again changes nothing.

    Returns:
        ``{"shipment", "agreed_for", "calls_unanswered"}``.

    Raises:
        StepRefused: the goods are delivered, the time is over, or nobody is named.
        frappe.PermissionError: the caller delivers nothing, or not this order.
    """
    when = time_of(agreed_for, _("Agreed for"))
    if when is None:
        frappe.throw(
            _("'{0}' is missing. Enter when the goods will come.").format(_("Agreed for")), StepRefused
        )
    return _called(delivery_agreements.agree(shipment, when, agreed_with, remark, request_id))


@endpoint(Verb.POST, of="Shipment")
def receiver_not_reached(shipment: str, remark: str = "", request_id: str = "") -> dict[str, Any]:
    """Record that the receiver did not answer; transport gets the task to call again (R-302).

    Args:
        shipment: the Shipment's name.
        remark: e.g. which number was called.
        request_id: of the device; the same one sent again changes nothing.

    Returns:
        As ``agree_delivery``.

    Raises:
        StepRefused: the goods are delivered.
        frappe.PermissionError: the caller delivers nothing, or not this order.
    """
    return _called(delivery_agreements.note_unreached(shipment, remark, request_id))


def _called(document: Any) -> dict[str, Any]:
    return {
        "shipment": document.name,
        "agreed_for": str(document.agreed_for or ""),
        "calls_unanswered": document.calls_unanswered or 0,
    }


@endpoint(Verb.POST, of="Order")
def report_trouble(
    order: str, kind: str, description: str, shipment: str = "", photo: str = "", request_id: str = ""
) -> dict[str, Any]:
    """Open a delivery case (R-306 to R-308).

    Args:
        order: the order's name.
        kind: e.g. ``Delay``, ``Damage``, ``Not Received``.
        description: what happened.
        shipment: the Shipment, where it is one.
        photo: ``file_url`` of a picture.
        request_id: of the device; the same one sent again gives the same case.

    Returns:
        ``{"case", "state"}``.

    Raises:
        StepRefused: nothing was said, or the shipment is another order's.
        frappe.PermissionError: the caller opens no cases, or the claim period is over (K-22).
    """
    case = delivery_cases.report(
        order,
        choice(CaseKind, kind, _("Kind")),
        description,
        shipment=shipment,
        photo=photo,
        request_id=request_id,
    )
    return {"case": case.name, "state": case.case_state}


@endpoint(Verb.POST, of="Delivery Case")
def tell_customer(case: str, words: str, new_date: str = "") -> dict[str, Any]:
    """Tell the customer what happened to his delivery (R-296, R-374).

    Args:
        case: the Delivery Case's name.
        words: the reason, for the customer.
        new_date: ``YYYY-MM-DD`` by which the goods come; mandatory for a delay.

    Returns:
        ``{"case", "state"}``.
    """
    day = day_of(new_date, _("New Date")) if new_date else None
    document = delivery_cases.tell_customer(case, words, day)
    return {"case": document.name, "state": document.case_state}


@endpoint(Verb.POST, of="Delivery Case")
def close_case(
    case: str, solution: str, cost: float | str = 0, cause: str = "", claimed_from: str = ""
) -> dict[str, Any]:
    """Settle a delivery case (R-307, R-308).

    Args:
        case: the Delivery Case's name.
        solution: e.g. ``Replace``, ``Compensate``.
        cost: what it cost the company, in its currency.
        cause: mandatory for damage and loss.
        claimed_from: whoever bears it, e.g. the carrier.

    Returns:
        ``{"case", "state"}``.
    """
    document = delivery_cases.close(
        case,
        choice(Solution, solution, _("Solution")),
        cost=number_of(cost or 0, _("Cost")),
        cause=cause,
        claimed_from=claimed_from,
    )
    return {"case": document.name, "state": document.case_state}


@endpoint(Verb.POST, of="Delivery Case")
def send_replacement(
    case: str,
    items: list[dict[str, Any]] | None = None,
    carrier: str = "",
    waybill_number: str = "",
    warehouse: str = "",
) -> dict[str, Any]:
    """Send good pieces for those of a case, free and beyond what was ordered (R-308).

    Args:
        case: the Delivery Case's name.
        items: ``[{"order_item": line id, "quantity": number}]``; all goods of the case's shipment where it is
            left out.
        carrier: who carries it.
        waybill_number: the carrier's number; the same one again changes nothing.
        warehouse: from where.

    Returns:
        ``{"case", "shipment"}``.

    Raises:
        StepRefused: the case is of another kind or settled otherwise, or more than left would be replaced.
        frappe.PermissionError: the caller ships nothing.
    """
    refuse_without_entry("Shipment")
    leaving = quantities_by_line(items, "items") if items else replacements.goods_of(case)
    values = {"carrier": carrier, "waybill_number": waybill_number or None, "warehouse": warehouse}
    return {"case": case, "shipment": replacements.send(case, leaving, values).name}
