"""What left WDT's warehouse, stored as shipments of our orders (R-020, R-026).

Every function runs in the caller's transaction, concerns one order, and changes nothing when told the same
twice (R-351).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import WAREHOUSE_STAGES, ShipmentState
from order_flow.domain.message import Message
from order_flow.domain.orders.outside_numbers import own_name, told_number
from order_flow.domain.states import SHIPPED_STATES, DeliveryStatus, OrderState
from order_flow.flow.records.order import locked_order
from order_flow.flow.shipments.leaving import close_ship_tasks, new_shipment
from order_flow.integrations.wdt.port import Stockout
from order_flow.outbox.accounts.discrepancies import SHIPMENT_ASPECT
from order_flow.outbox.registry import Action
from order_flow.outbox.sending.enqueue import hasten
from order_flow.outbox.states import DiscrepancyKind
from order_flow.site_time import stored
from order_flow.sync.disagreements import report
from order_flow.sync.wdt.recalls import left_otherwise
from order_flow.sync.wdt.stages import leave, void
from order_flow.sync.wdt.unfit_shipments import fits_now, report_unfit
from order_flow.sync.wdt.waybills import carrier_of, follow_waybill

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment


def apply_stockout(order_name: str, stockout: Stockout) -> None:
    """Store a shipment that WDT made of an order (R-020); storing it again changes nothing.

    Args:
        order_name: our order.
        stockout: shipped, with lines of the order.
    """
    order = locked_order(order_name)
    leaving: dict[str, Decimal] = {}
    for line in stockout.lines_of(told_number(order_name, order.wdt_edition or 0)):
        if line.quantity > ZERO:
            name, _edition = own_name(line.src_oid)
            leaving[name] = leaving.get(name, ZERO) + line.quantity
    if not leaving:
        return
    known = _known_shipment(order_name, stockout)
    if known is not None and left_otherwise(order, known, leaving, stockout):
        order, known = locked_order(order_name), None
    if known is not None and known.state not in WAREHOUSE_STAGES:
        follow_waybill(known, stockout)
        fits_now(order, stockout.trade_no)
        return
    led_here = _shipment_made_here(order_name, leaving)
    if led_here is not None:
        if known is not None:
            # People said first that the goods left; WDT's own stages of the same goods end here.
            void(known)
        _confirm_by_wdt(led_here, stockout)
        fits_now(order, stockout.trade_no)
        return
    _store_shipment(order, known, leaving, stockout)


def _known_shipment(order_name: str, stockout: Stockout) -> Any:
    """The stockout's own number changes when it is reviewed again, the trade's does not (wdt-openapi 2.3)."""
    name = frappe.db.get_value(
        "Shipment",
        {
            "order_id": order_name,
            "wdt_trade_number": stockout.trade_no,
            "shipment_state": ("!=", ShipmentState.VOIDED.value),
        },
    )
    return frappe.get_doc("Shipment", name) if name else None


def _shipment_made_here(order_name: str, leaving: dict[str, Any]) -> Any:
    """A shipment of the desk that waits for WDT to show the same goods."""
    for name in frappe.get_all(
        "Shipment",
        filters={
            "order_id": order_name,
            "led_by": Origin.SITE.value,
            "confirmed_by_wdt": 0,
            "delivery_case": ("is", "not set"),
            "shipment_state": ("!=", ShipmentState.VOIDED.value),
        },
        order_by="creation",
        pluck="name",
    ):
        shipment = frappe.get_doc("Shipment", name)
        if shipment.leaving() == leaving:
            return shipment
    return None


def _confirm_by_wdt(shipment: Shipment, stockout: Stockout) -> None:
    values = {
        "confirmed_by_wdt": 1,
        "wdt_account": frappe.db.get_value("Order", shipment.order_id, "wdt_account"),
        "wdt_trade_number": stockout.trade_no,
    }
    frappe.db.set_value("Shipment", shipment.name, values)
    close_ship_tasks(shipment.name)
    shipment.update(values)
    follow_waybill(shipment, stockout)
    hasten("Order", shipment.order_id, [Action.WDT_TRADE_PUSH])


def _store_shipment(order: Order, in_house: Any, leaving: dict[str, Any], stockout: Stockout) -> None:
    savepoint = "store_shipment"
    frappe.db.savepoint(savepoint)
    values = {
        **carrier_of(stockout),
        "shipped_at": stored(stockout.consign_time) or now_datetime(),
        "wdt_account": order.wdt_account,
        "wdt_trade_number": stockout.trade_no,
        "confirmed_by_wdt": 1,
    }
    try:
        if in_house is not None:
            leave(in_house, leaving, values)
        else:
            shipment = new_shipment(order, leaving, origin=Origin.WDT, values=values)
            shipment.flags.from_wdt = True
            shipment.insert(ignore_permissions=True)  # a fact read from WDT, nobody's request
    except frappe.ValidationError as refusal:
        frappe.db.rollback(save_point=savepoint)
        frappe.clear_last_message()
        report_unfit(order, stockout.trade_no, refusal)
        return
    fits_now(order, stockout.trade_no)
    # Completion waits for the shipment to be read back, and so does a cancellation; here it is.
    hasten(order.doctype, order.name, [Action.WDT_TRADE_PUSH, Action.WDT_CANCELLATION])
    _report_early_shipment(order.name)


def _report_early_shipment(order_name: str) -> None:
    """Goods have left although the order may not be shipped yet, e.g. unpaid: a case for a person."""
    order = frappe.get_doc("Order", order_name)
    shipped = DeliveryStatus(order.delivery_status) is DeliveryStatus.SHIPPED
    if shipped and OrderState(order.workflow_state) not in SHIPPED_STATES:
        text = Message(
            "WDT shipped order {0}, which is {1} and {2} here. The shipment is recorded; the order follows "
            "as soon as its gates are clear.",
            *(order.name, Message(order.workflow_state), Message(order.payment_status)),
        )
        report(order, DiscrepancyKind.CONTRADICTION, SHIPMENT_ASPECT, text, ())
