"""What nobody may write into a shipment, whatever the way in (R-026, R-277, R-303, R-387)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import cstr, flt

from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import (
    SHIPMENT_AS_READ,
    SHIPMENT_BY_HAND,
    WAREHOUSE_STAGES,
    ShipmentState,
)
from order_flow.domain.lifecycle import Lifecycle
from order_flow.domain.states import SHIPPED_STATES, OrderState
from order_flow.flow.records.steps import JudgedSteps
from order_flow.flow.refusals import StepRefused

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

_BY_METHOD = (
    "packed", "inspection", "inspected_by", "inspected_at", "inspection_remark", "delivered_at",
    "received_by", "proof_kind", "signature", "proof_photo", "delivered_place", "delivered_by",
    "delivery_remark", "delivery_request", "claim_until", "agreed_for", "agreed_with", "calls_unanswered",
    "call_request", "delivery_case",
)  # fmt: skip
"""What was scanned, inspected and handed over is recorded by its methods, one deed after the other."""
_READ_FROM_WDT = ("led_by", "wdt_account", "wdt_trade_number", "confirmed_by_wdt", "issued_from")
"""Facts of WDT's; whoever could write them could ship past the gates of the desk."""


def check_transition(shipment: Shipment, before: Shipment | None) -> None:
    """States follow the table of whoever leads: people skip no stage, WDT is read in intervals.

    Args:
        shipment: the Shipment document in its save.
        before: as it is stored; None for a new one.

    Raises:
        StepRefused: naming what is possible.
    """
    if before is None or before.state is shipment.state:
        return
    led_there = before.state in WAREHOUSE_STAGES or shipment.state is ShipmentState.VOIDED
    if shipment.origin is Origin.WDT and led_there and not shipment.flags.from_wdt:
        refuse_led_by_wdt(shipment)
    by_hand = shipment.origin is Origin.SITE and not shipment.flags.from_wdt
    steps = STEPS_BY_HAND if by_hand else STEPS_AS_READ
    steps.judge(shipment, before.state, shipment.state)


def _refuse_state(
    table: Lifecycle[Any, ShipmentState], shipment: Shipment, source: ShipmentState, target: ShipmentState
) -> NoReturn:
    possible = ", ".join(_(state.value) for state in sorted(table.targets_from(source)))
    frappe.throw(
        _("Shipment {0} cannot go from {1} to {2}. Possible: {3}.").format(
            shipment.name, _(source.value), _(target.value), possible or _("nothing, it is finished")
        ),
        StepRefused,
    )


def _steps_of(table: Lifecycle[Any, ShipmentState]) -> JudgedSteps[Any, ShipmentState]:
    """The roles are not asked here: the framework's Workflow asks them where a person takes a step."""
    return JudgedSteps(table=table, refuse_state=partial(_refuse_state, table))


STEPS_BY_HAND: Final = _steps_of(SHIPMENT_BY_HAND)
STEPS_AS_READ: Final = _steps_of(SHIPMENT_AS_READ)


def refuse_led_by_wdt(shipment: Shipment) -> NoReturn:
    """Refuse to lead goods here that WDT's warehouse leads.

    Raises:
        StepRefused: always.
    """
    frappe.throw(
        _("WDT leads shipment {0} (trade {1}). Its stages follow what the warehouse does there.").format(
            shipment.name, shipment.wdt_trade_number
        ),
        StepRefused,
    )


def guard_system_fields(shipment: Shipment, before: Shipment | None) -> None:
    """Keep what WDT says as it was read, and never count goods anew that have left (R-387).

    Raises:
        StepRefused: naming the fields.
    """
    if shipment.flags.from_wdt:
        return
    old = before or frappe.new_doc(shipment.doctype)
    touched = [name for name in _READ_FROM_WDT if (shipment.get(name) or None) != (old.get(name) or None)]
    if before and before.order_id != shipment.order_id:
        touched.append("order_id")
    fixed = shipment.flags.left_before or shipment.origin is Origin.WDT
    if fixed and before and before.leaving() != shipment.leaving():
        touched.append("items")
    if not shipment.flags.by_method:
        touched += [name for name in _BY_METHOD if _content(shipment, name) != _content(old, name)]
    if touched:
        frappe.throw(
            _("These fields of shipment {0} cannot be changed here: {1}. Void it and ship anew.").format(
                shipment.name, ", ".join(_(shipment.meta.get_label(name)) for name in touched)
            ),
            StepRefused,
        )


def check_taken_back(shipment: Shipment, order: Order) -> None:
    """No step leads back from a shipped order; what WDT takes back is compared and shown (R-026).

    Raises:
        StepRefused: the order is shipped.
    """
    state = OrderState(order.workflow_state)
    if shipment.delivery_case:
        return
    if shipment.flags.left_before and not shipment.flags.from_wdt and state in SHIPPED_STATES:
        frappe.throw(
            _(
                "Order {0} is {1}: its shipment {2} cannot be voided any more. Goods that come back are "
                "a return."
            ).format(order.name, _(state.value), shipment.name),
            StepRefused,
        )


def check_proven(shipment: Shipment, before: Shipment | None) -> None:
    """A delivery is recorded with who took the goods, not by a state alone (R-303).

    Raises:
        StepRefused: nobody is named.
    """
    newly = shipment.state is ShipmentState.DELIVERED and (not before or before.state is not shipment.state)
    if newly and not shipment.flags.by_method:
        frappe.throw(
            _("Say who received the goods of {0}: use 'Record Delivery' on the shipment.").format(
                shipment.name
            ),
            StepRefused,
        )


def _content(document: Shipment, name: str) -> Any:
    value = document.get(name)
    if isinstance(value, list):
        return [(row.parcel_number, row.order_item, flt(row.quantity)) for row in value]
    return cstr(value)
