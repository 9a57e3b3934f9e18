"""Good pieces for broken, lost or wrong ones: sent free under their Delivery Case, in any state of the order.

A replacement is a shipment of the same order beyond what was ordered: it counts neither as shipped quantity
nor as value, so the order stays where it is (R-307, R-308).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.delivery import ABOUT_GOODS, COMPLAINTS, CaseKind, CaseState, Solution
from order_flow.domain.goods.quantities import SMALLEST
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.message import Message
from order_flow.domain.states import OrderStep, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.lifecycle.steps import check_role
from order_flow.flow.outside.facts import shipped_quantities
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments.leaving import new_shipment
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.delivery_case.delivery_case import DeliveryCase
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

CASE = "Delivery Case"
SENT_EVENT = "Replacement Sent"
REPLACED_KINDS = COMPLAINTS | ABOUT_GOODS


def send(case_name: str, leaving: Mapping[str, Decimal], values: Mapping[str, Any]) -> Any:
    """Send good pieces for those of a case.

    Args:
        case_name: the Delivery Case, open or settled by a replacement.
        leaving: quantity by line id of its order.
        values: carrier, waybill and warehouse; a waybill that the case knows changes nothing.

    Returns:
        The Shipment.

    Raises:
        StepRefused: the case is of another kind or settled otherwise, or too much would be replaced.
        frappe.PermissionError: the user ships nothing.
    """
    order_name = frappe.db.get_value(CASE, case_name, "order_id")
    if not order_name:
        frappe.throw(_("There is no delivery case {0}.").format(case_name), frappe.DoesNotExistError)
    order = locked_order(order_name)
    check_role(order, OrderStep.SHIP)
    case = frappe.get_doc(CASE, case_name, for_update=True)
    case.check_permission("read")
    if known := _known(case_name, values.get("waybill_number")):
        return known
    _check_case(case)
    shipment = new_shipment(order, leaving, origin=Origin.SITE, values={**values, "delivery_case": case_name})
    shipment.flags.by_method = True
    shipment.insert()
    record_event(
        order, SENT_EVENT, order.workflow_state, order.workflow_state, f"{case_name}: {shipment.name}"
    )
    end_task(case, TaskReason.REPLACEMENT_DUE)
    return shipment


def goods_of(case_name: str) -> dict[str, Decimal]:
    """All goods of the shipment that a case is about.

    Raises:
        StepRefused: the case names no shipment, so somebody has to name the goods.
    """
    shipment = frappe.db.get_value(CASE, case_name, "shipment")
    if not shipment:
        frappe.throw(
            _("Case {0} names no shipment. Say which goods are replaced.").format(case_name), StepRefused
        )
    leaving: dict[str, Decimal] = frappe.get_doc("Shipment", shipment).leaving()
    return leaving


def _known(case: str, waybill: object) -> Any:
    mine = {"delivery_case": case, "waybill_number": waybill, "shipment_state": ("!=", "Voided")}
    name = frappe.db.get_value("Shipment", mine) if waybill else None
    return frappe.get_doc("Shipment", name) if name else None


def _check_case(case: DeliveryCase) -> None:
    settled_otherwise = case.case_state == CaseState.CLOSED.value and case.solution != Solution.REPLACE.value
    if settled_otherwise or CaseKind(case.kind) not in REPLACED_KINDS:
        frappe.throw(
            _(
                "Nothing is replaced for case {0} ({1}, {2}). Open a case of the goods that are to be "
                "replaced."
            ).format(case.name, _(case.kind), _(case.solution or case.case_state)),
            StepRefused,
        )


def check_replacement(shipment: Shipment, order: Order) -> None:
    """No more is replaced than has left of a line, and nothing while the order is on hold.

    Args:
        shipment: the Shipment document in its save.
        order: the Order document, locked.

    Raises:
        StepRefused: naming what is wrong.
    """
    if order.on_hold:
        frappe.throw(
            _("Order {0} is on hold ({1}). Leave its goods where they are until it is released.").format(
                order.name, order.hold_reason or "-"
            ),
            StepRefused,
        )
    left, before = shipped_quantities(order), _replaced(shipment)
    for line, quantity in shipment.leaving().items():
        most = left.get(line, ZERO) - before.get(line, ZERO)
        if not SMALLEST <= quantity <= most:
            frappe.throw(
                _("Line {0}: {1} would be replaced, but only {2} can be. Correct the quantity.").format(
                    line, f"{quantity.normalize():f}", f"{max(most, ZERO).normalize():f}"
                ),
                StepRefused,
            )


def _replaced(shipment: Shipment) -> dict[str, Decimal]:
    """Return what was sent for the same case before, by line id."""
    rows = frappe.db.sql(
        """select item.order_item, sum(item.quantity) from `tabShipment` s
        straight_join `tabShipment Item` item force index (parent) on item.parent = s.name
        where s.delivery_case = %s and s.name != %s and s.shipment_state in %s
        group by item.order_item lock in share mode""",
        (
            shipment.delivery_case,
            shipment.name or "",
            tuple(state.value for state in LEFT_WAREHOUSE),
        ),
    )
    return {line: to_decimal(quantity) for line, quantity in rows}


def replacement_left(order: Order, shipment: Shipment) -> None:
    """WDT ships no order twice: people enter the replacement there as an exchange.

    Args:
        order: the Order document.
        shipment: the Shipment that has just left.
    """
    if order.wdt_account:
        keep_task(
            Role.WAREHOUSE,
            shipment,
            TaskReason.BOOK_OUT_BY_HAND,
            Message(
                "Shipment {0} replaces goods of order {1} (case {2}). Enter it in WDT as an exchange order "
                "without charge, with carrier {3} and waybill {4}.",
                shipment.name,
                order.name,
                shipment.delivery_case,
                shipment.carrier or "-",
                shipment.waybill_number or "-",
            ),
        )


def ask_for_replacement(case: DeliveryCase) -> None:
    """A case was settled by a replacement that nobody has sent yet: the warehouse sends it (R-308).

    Args:
        case: the closed Delivery Case.
    """
    if frappe.db.exists("Shipment", {"delivery_case": case.name, "shipment_state": ("!=", "Voided")}):
        return
    keep_task(
        Role.WAREHOUSE,
        case,
        TaskReason.REPLACEMENT_DUE,
        Message(
            "Case {0} of order {1} is settled by a replacement. Send it with 'Send Replacement' on the case.",
            case.name,
            case.order_id,
        ),
    )
