"""Reads what the stock gate looks at, in one statement for any number of lines (R-061)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.gates.stock import StockFacts
from order_flow.domain.goods.quantities import still_open
from order_flow.flow.stock.levels import free_by_product

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order


def stock_facts(order: Order, profile: FlowProfile) -> StockFacts:
    """Return what an order still wants of each product, and what is free for it.

    Args:
        order: the Order document, also in the middle of a save: its own lines count. While one of its
            shipments is saved, what leaves with that one is wanted, not the whole order (R-294).
        profile: its Flow Profile; not looked at.

    Returns:
        The facts. An order that WDT knows as a trade wants nothing of the free stock any more: WDT has set
        it aside, and its figure leaves it out.
    """
    if order.wdt_trade_number:
        return StockFacts()
    leaving = order.flags.shipment.leaving() if order.flags.shipment else _open(order)
    wanted: dict[str, Decimal] = {}
    for line in order.items:
        quantity = leaving.get(line.name or line.idx, ZERO)
        if quantity > ZERO:
            wanted[line.product] = wanted.get(line.product, ZERO) + quantity
    return StockFacts(wanted, free_by_product(wanted, order=order.name or ""))


def _open(order: Order) -> Mapping[Any, Decimal]:
    return {
        # A line that is entered just now has no name yet.
        line.name or line.idx: still_open(to_decimal(line.quantity), to_decimal(line.shipped_quantity))
        for line in order.items
    }
