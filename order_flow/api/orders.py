"""REST for integrators and the desk's buttons: thin, typed, bound to their verbs, checked by document.

Everything else goes through Frappe's own ``/api/resource``. Amounts are sent as numbers or strings, times
as ``YYYY-MM-DD HH:MM:SS`` in Asia/Shanghai. A refusal answers with HTTP 417 (rule), 403 (role) or 409 (same
number, other content) and a message in the caller's language; nothing is stored then.
"""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.gates.model import Origin
from order_flow.domain.orders.state_words import Audience
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ORDER,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
)
from order_flow.flow.access.sight import sees_money
from order_flow.flow.cancelling.requests import ASKABLE_REASONS, CancelReason
from order_flow.flow.cancelling.requests import delete_order as _delete_order
from order_flow.flow.cancelling.requests import request_cancellation as _request_cancellation
from order_flow.flow.desk.why import why as _why
from order_flow.flow.lifecycle.holds import hold as _hold
from order_flow.flow.lifecycle.holds import release as _release
from order_flow.flow.lifecycle.steps import check_role, take_step
from order_flow.flow.money.payments import record_payment as _record_payment
from order_flow.flow.orders.intake import place_order as _place_order
from order_flow.flow.orders.refused_intakes import tell_of_refused_call
from order_flow.flow.orders.state_words import state_words
from order_flow.flow.records.order import locked_order
from order_flow.flow.records.values import number_of, time_of
from order_flow.flow.refusals import StepRefused, refuse_without_entry
from order_flow.flow.shipments.leaving import known_parcel, leaving_of, new_shipment
from order_flow.site_time import aware


def _readable_order(order: str) -> Any:
    document = frappe.get_doc("Order", order)
    document.check_permission("read")
    return document


def _writable_order(order: str) -> Any:
    document = locked_order(order)
    document.check_permission("write")
    return document


def _standing(order: Any) -> dict[str, Any]:
    money = {"total": order.total, "paid_amount": order.paid_amount} if sees_money() else {}
    return {
        "order": order.name,
        "state": order.workflow_state,
        "customer_reads": state_words(order, Audience.CUSTOMER, frappe.local.lang),
        "partner_reads": state_words(order, Audience.PARTNER, frappe.local.lang),
        "payment_status": order.payment_status,
        "delivery_status": order.delivery_status,
        "settlement_status": order.settlement_status,
        "cancel_requested": bool(order.cancel_requested),
        **money,
    }


def _standing_of(order: str) -> dict[str, Any]:
    """Say where an order stands after a call, by its row as it is, not as it was when the call began.

    Of two calls at once the second waited for the first, and its own view of the database is older.
    """
    return _standing(locked_order(order))


@endpoint(Verb.POST, on_refused=tell_of_refused_call, of="Order")
def place_order(channel: str, external_number: str, order: dict | str, items: list | str) -> dict[str, Any]:
    """Place an order from another system; the same call twice gives the same order (R-016, R-046).

    Args:
        channel: the Sales Channel's name.
        external_number: the order's number over there.
        order: its fields (``flow.intake.ORDER_FIELDS``).
        items: its lines (``flow.intake.LINE_FIELDS``), at least one.

    Returns:
        ``{"order", "created", "state", ...}``.

    Raises:
        frappe.PermissionError: the caller may not create orders.
        DuplicateDiffers: the same number came with another content (409).
    """
    refuse_without_entry("Order")
    placed = _place_order(channel, external_number, order, items)
    document = _readable_order(placed.name)
    return {"created": placed.created, **_standing(document)}


def _step(order: str, step: OrderStep, done: frozenset[OrderState]) -> dict[str, Any]:
    """Take a step for the caller; a repeated call after success is a quiet no-op (R-351)."""
    document = _writable_order(order)
    if OrderState(document.workflow_state) not in done:
        check_role(document, step)
        take_step(document, step)
    return _standing(document)


@endpoint(Verb.POST, of="Order")
def confirm(order: str) -> dict[str, Any]:
    """Confirm an order (R-017). Confirming a confirmed order changes nothing.

    Args:
        order: the order's name.

    Returns:
        Where the order stands now.
    """
    unconfirmed = {OrderState.UNCONFIRMED, OrderState.UNDER_REVIEW}
    return _step(order, OrderStep.CONFIRM, frozenset(OrderState) - unconfirmed - CALLED_OFF_STATES)


@endpoint(Verb.POST, of="Order")
def record_payment(
    order: str,
    amount: float | str,
    reference: str,
    received_on: str | None = None,
    kind: str = "Payment",
    method: str = "",
) -> dict[str, Any]:
    """Record money for an order; finance's own call also confirms it (R-018, R-019, R-152).

    Args:
        order: the order's name.
        amount: positive, in the order's currency.
        reference: the bank's or platform's number; the same one again gives the same record.
        received_on: date and time in Asia/Shanghai; now where it is left out.
        kind: an option of Order Payment's kind.
        method: how it was paid.

    Returns:
        The payment's name and status, and where the order stands now.
    """
    _readable_order(order)
    refuse_without_entry("Order Payment")
    when = aware(time_of(received_on, "received_on")) if received_on else None
    value = number_of(amount, "amount")
    payment = _record_payment(order, value, reference, received_on=when, kind=kind, method=method)
    if Role.FINANCE.value in frappe.get_roles():
        payment.confirm()
    return {"payment": payment.name, "payment_record": payment.status, **_standing_of(order)}


@endpoint(Verb.POST, of="Order Payment")
def confirm_payment(payment: str) -> dict[str, Any]:
    """Confirm recorded money; finance only. Confirming it again changes nothing.

    Args:
        payment: the Order Payment's name.

    Returns:
        Where the order stands now.
    """
    document = frappe.get_doc("Order Payment", payment)
    document.check_permission("write")
    document.confirm()
    return {"payment": document.name, "payment_record": document.status, **_standing_of(document.order_id)}


@endpoint(Verb.POST, of="Order Payment")
def reject_payment(payment: str) -> dict[str, Any]:
    """Reject recorded money that never arrived; finance only.

    Args:
        payment: the Order Payment's name.

    Returns:
        Where the order stands now.
    """
    document = frappe.get_doc("Order Payment", payment)
    document.check_permission("write")
    document.reject()
    return {"payment": document.name, "payment_record": document.status, **_standing_of(document.order_id)}


def _has_left(order: Any) -> bool:
    """Tell whether every line is out, while the order itself does not say so yet."""
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    waits = ORDER.by_step(OrderStep.SHIP, state, family) is not None
    return waits and DeliveryStatus(order.delivery_status) is DeliveryStatus.SHIPPED


@endpoint(Verb.POST, of="Order")
def ship(
    order: str,
    carrier: str = "",
    waybill_number: str = "",
    items: list | str | None = None,
    warehouse: str = "",
) -> dict[str, Any]:
    """Ship an order, or a part of it, from the desk (R-020).

    Args:
        order: the order's name.
        carrier: who carries it.
        waybill_number: the carrier's number; the same goods under it again change nothing, other goods are
            refused. The number of a voided shipment may be used anew.
        items: ``[{"order_item": line id, "quantity": number}]``; everything open where it is left out.
        warehouse: from where.

    Returns:
        The shipment's name and where the order stands now; no name where nothing new left, because WDT had
        shipped everything before the desk said so.

    Raises:
        DuplicateDiffers: other goods have left under this waybill.
    """
    document = _writable_order(order)
    if known := known_parcel(document, waybill_number, carrier, items):
        return {"shipment": known, **_standing(document)}
    if items is None and _has_left(document):
        # The goods went with WDT, and this channel waits for the desk's own word (K-02).
        check_role(document, OrderStep.SHIP)
        take_step(document, OrderStep.SHIP)
        return {"shipment": None, **_standing(document)}
    shipment = new_shipment(
        document,
        leaving_of(document, items),
        origin=Origin.SITE,
        values={"carrier": carrier, "waybill_number": waybill_number or None, "warehouse": warehouse},
    )
    shipment.insert()
    return {"shipment": shipment.name, **_standing_of(order)}


@endpoint(Verb.POST, of="Order")
def confirm_receipt(order: str) -> dict[str, Any]:
    """Confirm that the customer has the goods (R-021, R-022). Repeating it changes nothing.

    Args:
        order: the order's name.

    Returns:
        Where the order stands now.
    """
    return _step(order, OrderStep.CONFIRM_RECEIPT, frozenset({OrderState.RECEIVED, OrderState.COMPLETED}))


@endpoint(Verb.POST, of="Order")
def request_cancellation(order: str, reason: str, remark: str = "") -> dict[str, Any]:
    """Call an order off, or ask WDT first where it may still ship (R-023, R-147).

    Args:
        order: the order's name.
        reason: one of the cancel reasons.
        remark: free words.

    Returns:
        Where the order stands now; ``cancel_requested`` while WDT has not answered.
    """
    _writable_order(order)
    if reason not in ASKABLE_REASONS:
        frappe.throw(
            _("'{0}' is not a cancel reason. Choose one of: {1}.").format(
                reason, ", ".join(_(known.value) for known in ASKABLE_REASONS)
            ),
            StepRefused,
        )
    _request_cancellation(order, CancelReason(reason), remark)
    return _standing_of(order)


@endpoint(Verb.POST, of="Order")
def delete_order(order: str) -> dict[str, Any]:
    """Take back one's own untouched order; it stays stored (R-149).

    Args:
        order: the order's name.

    Returns:
        Where the order stands now.
    """
    _writable_order(order)
    _delete_order(order)
    return _standing_of(order)


@endpoint(Verb.POST, of="Order")
def hold(order: str, reason: str) -> dict[str, Any]:
    """Stop every forward step of an order.

    Args:
        order: the order's name.
        reason: shown wherever a step is refused.

    Returns:
        Where the order stands now.
    """
    _writable_order(order)
    _hold(order, reason)
    return _standing_of(order)


@endpoint(Verb.POST, of="Order")
def release_hold(order: str) -> dict[str, Any]:
    """Let a held order go on.

    Args:
        order: the order's name.

    Returns:
        Where the order stands now.
    """
    _writable_order(order)
    _release(order)
    return _standing_of(order)


@endpoint(Verb.GET, of="Order")
def why(order: str) -> dict[str, Any]:
    """Why does this order not move: one sentence and its reasons.

    Args:
        order: the order's name.

    Returns:
        ``{"order", "state", "sentence", "next_step", "taken_by", "reasons": [{"code", "text",
        "freed_by"}]}``; ``taken_by`` are the roles that take the next step.
    """
    return _why(_readable_order(order)).as_dict()
