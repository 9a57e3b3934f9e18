"""Reads an order into what the gates look at: its own facts always, groups only where a policy asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import FactGroup, Origin
from order_flow.domain.states import (
    ENTRY_STATES,
    CancelWindow,
    DeliveryStatus,
    Leads,
    OrderState,
    OrderStep,
    PaymentFamily,
)
from order_flow.flow.gates.data import data_facts
from order_flow.flow.gates.evidence import evidence_facts
from order_flow.flow.gates.money import load_money_facts
from order_flow.flow.gates.parts import part_facts
from order_flow.flow.gates.review import review_facts
from order_flow.flow.gates.stock import stock_facts
from order_flow.flow.gates.warehouse import warehouse_facts
from order_flow.flow.orders.numbers import gap_in_number
from order_flow.flow.terms.figures import money_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.sales_channel.sales_channel import SalesChannel

LOADERS: dict[FactGroup, Callable[[Any, Any], Any]] = {
    FactGroup.DATA: data_facts,
    FactGroup.EVIDENCE: evidence_facts,
    FactGroup.MONEY: load_money_facts,
    FactGroup.REVIEW: review_facts,
    FactGroup.STOCK: stock_facts,
    FactGroup.PARTS: part_facts,
    FactGroup.WAREHOUSE: warehouse_facts,
}
"""Reads one group of an order under a Flow Profile, in one statement at most, from indexed columns only."""


def leads_of(channel: SalesChannel) -> dict[OrderStep, Leads]:
    """Return who may go first in a channel, by step (K-02)."""
    return {
        OrderStep.CONFIRM: Leads(channel.leads_confirm),
        OrderStep.SHIP: Leads(channel.leads_ship),
        OrderStep.CANCEL: Leads(channel.leads_cancel),
    }


def gate_facts(order: Order, origin: Origin, *, state: OrderState | None = None) -> GateFacts:
    """Return what every gate can look at without a statement.

    Args:
        order: the Order document.
        origin: which side the step comes from.
        state: the state before the step; the document's own where it is not given.

    Returns:
        The facts, their groups empty.
    """
    channel = frappe.get_cached_doc("Sales Channel", order.channel)
    money = money_of(order)
    state = state or OrderState(order.workflow_state)
    return GateFacts(
        state=state,
        family=PaymentFamily(order.payment_family),
        origin=origin,
        total=money.value,
        paid=money.paid,
        delivery=DeliveryStatus(order.delivery_status),
        on_hold=bool(order.on_hold),
        hold_reason=order.hold_reason or "",
        cancel_requested=bool(order.cancel_requested),
        warehouse_agreed_to_cancel=not order.wdt_account or bool(order.flags.warehouse_agreed),
        cancel_request_answered=origin is Origin.SITE and bool(order.flags.warehouse_agreed),
        complete_on_payment=bool(channel.complete_on_payment),
        cancel_until=CancelWindow(channel.cancel_until or CancelWindow.SHIPMENT),
        leads=leads_of(channel) if order.wdt_account else {},
        number_gap=gap_in_number(order) if state in ENTRY_STATES else None,
    )


def with_groups(
    facts: GateFacts, order: Order, profile: FlowProfile, groups: Iterable[FactGroup]
) -> GateFacts:
    """The facts with some groups read.

    Args:
        facts: as ``gate_facts`` gives them.
        order: the Order document, also in the middle of a save: its lines count, not the stored ones.
        profile: its Flow Profile.
        groups: what the active gates look at.

    Returns:
        New facts.
    """
    loaded = {group.value: LOADERS[group](order, profile) for group in groups if group in LOADERS}
    return replace(facts, **loaded)
