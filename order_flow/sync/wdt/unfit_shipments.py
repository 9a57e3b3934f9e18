"""Goods that WDT shipped and that do not fit beside those that left at the desk: told, and read again.

Only people know whether the desk's parcel is a part of WDT's. The warehouse is asked; when it voids the
desk's shipment, WDT's is read again by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import frappe

from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, ShipmentState
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.outside.facts import parcels_only_here
from order_flow.flow.tasks.giving import keep_task
from order_flow.outbox.accounts.discrepancies import SHIPMENT_ASPECT, close_resolved, unfit_shipment
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.disagreements import report

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

JOB: Final = "order_flow.sync.compare.repairs.read_unfit_again"


def report_unfit(order: Order, trade: str, refusal: Exception) -> None:
    """Say that WDT shipped what does not fit an order, and ask the warehouse about the desk's parcels.

    Args:
        order: the Order document.
        trade: of WDT.
        refusal: why it does not fit, in the site's language.
    """
    desk = parcels_only_here(order.name)
    text = Message(
        "WDT shipped goods of order {0} (trade {1}) that do not fit it: {2} If the customer keeps them, "
        "raise the order with a change notice; WDT's shipment is then read again by itself. Otherwise have "
        "them brought back, and WDT's shipment taken back there.",
        *(order.name, trade, refusal),
    )
    if desk:
        text = Message(
            "WDT shipped goods of order {0} (trade {1}) that do not fit beside what left at the desk ({2}). "
            "If the desk's parcel is a part of WDT's, void it; WDT's shipment is then read again by itself. "
            "If both are on their way, have one of them brought back.",
            order.name,
            trade,
            ", ".join(desk),
        )
        for name in desk:
            # Shipping it over there too, as was asked, cannot be done any more.
            shipment = frappe.get_doc("Shipment", name)
            keep_task(Role.WAREHOUSE, shipment, TaskReason.SHIP_IN_WDT, text)
    report(order, DiscrepancyKind.SHIPMENT_DIFFERS, f"{SHIPMENT_ASPECT}:{trade}", text, ())


def fits_now(order: Order, trade: str) -> None:
    """Close the discrepancy: what WDT shipped is stored here, or WDT has taken it back.

    Args:
        order: the Order document.
        trade: of WDT.
    """
    aspect = f"{SHIPMENT_ASPECT}:{trade}"
    account = (AccountType.WDT, order.wdt_account or "", order.doctype, order.name, aspect)
    close_resolved(DiscrepancyKind.SHIPMENT_DIFFERS, *account)


def read_again_once_voided(shipment: Shipment) -> None:
    """A parcel of the desk was voided: what WDT shipped and did not fit beside it may fit now.

    Args:
        shipment: the Shipment at the end of its save.
    """
    before = shipment.get_doc_before_save()
    voided = shipment.state is ShipmentState.VOIDED and before and before.state in LEFT_WAREHOUSE
    if voided and shipment.origin is Origin.SITE:
        read_unfit_again(shipment.order_id)


def read_unfit_again(order: str) -> None:
    """The order or its parcels changed: have a job read what WDT shipped of it and did not fit before.

    Args:
        order: the order's name.
    """
    if unfit := unfit_shipment(order):
        read_order_again(order, unfit.account)


def read_order_again(order: str, account: str) -> None:
    """Have a job read what WDT shows of an order, once this transaction is stored.

    Args:
        order: the order's name.
        account: its WDT Account.
    """
    frappe.enqueue(JOB, queue="short", enqueue_after_commit=True, order=order, account=account)
