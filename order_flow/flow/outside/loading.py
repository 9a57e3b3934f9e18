"""Loads many orders as facts with three statements, however many they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

import frappe
from frappe import _

from order_flow.domain.orders.facts import OrderFacts
from order_flow.flow.outside.facts import confirmed_payments, order_facts
from order_flow.site_time import known_time

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


class OrderMissing(LookupError):
    """An order that is referred to does not exist."""


@dataclass(frozen=True, slots=True)
class LoadedOrder:
    """An order's facts and what we remember of it outside."""

    facts: OrderFacts
    wdt_account: str
    wdt_edition: int
    wdt_pushed_status: int
    wdt_told_digest: str
    wdt_trade_number: str
    wdt_trade_status: int
    u8_account: str
    u8_status: str
    cancel_requested: bool
    wdt_sealed: bool
    rest_called_off: bool
    delivery_status: str
    created_at: datetime
    changed_at: datetime


def load_order_facts(names: Iterable[str]) -> dict[str, LoadedOrder]:
    """Read orders with their lines and confirmed payments: three statements in all.

    Args:
        names: order names.

    Returns:
        The orders by name.

    Raises:
        OrderMissing: an order does not exist.
    """
    wanted = sorted(set(names))
    orders = {
        row.name: row
        for row in frappe.get_all(
            "Order", filters={"name": ("in", wanted)}, fields=["*"], limit_page_length=0
        )
    }
    missing = [name for name in wanted if name not in orders]
    if missing:
        raise OrderMissing(_("These orders do not exist: {0}.").format(", ".join(missing)))
    for order in orders.values():
        order["items"] = []
    for line in frappe.get_all(
        "Order Item",
        filters={"parent": ("in", wanted), "parenttype": "Order"},
        fields=["*"],
        order_by="parent, idx",
        limit_page_length=0,
    ):
        orders[line.parent]["items"].append(line)
    payments = confirmed_payments(wanted)
    return {name: _loaded(order, payments.get(name, [])) for name, order in orders.items()}


def _loaded(order: frappe._dict, payments: list) -> LoadedOrder:  # type: ignore[type-arg]
    return LoadedOrder(
        facts=order_facts(cast("Order", _AttributeView(order)), payments),
        wdt_account=order.wdt_account or "",
        wdt_edition=order.wdt_edition or 0,
        wdt_pushed_status=order.wdt_pushed_status or 0,
        wdt_told_digest=order.wdt_told_digest or "",
        wdt_trade_number=order.wdt_trade_number or "",
        wdt_trade_status=order.wdt_trade_status or 0,
        u8_account=order.u8_account or "",
        u8_status=order.u8_status or "",
        cancel_requested=bool(order.cancel_requested),
        wdt_sealed=bool(order.wdt_sealed),
        rest_called_off=bool(order.rest_called_off),
        delivery_status=order.delivery_status or "",
        created_at=known_time(order.creation),
        changed_at=known_time(order.modified),
    )


class _AttributeView:
    """A row read like a document; ``items`` is a field here, not the dictionary's method."""

    def __init__(self, row: frappe._dict) -> None:
        self.__dict__.update(row)
