"""Goods that leave are taken off the stock we keep ourselves; WDT's figures are only read (R-264, R-280)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO
from order_flow.domain.goods.stock import StockSource
from order_flow.flow.stock.reservations import Piles, use_reservations
from order_flow.flow.stock.safety import tell_of_low_stock

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.shipment.shipment import Shipment


def issue(shipment: Shipment) -> None:
    """Take a shipment's goods off its order's reservations and off the figures kept by hand.

    Args:
        shipment: the Shipment document, its goods just left. They are taken from its warehouse; where it
            names none of ours, from where the order's lines are reserved.
    """
    claimed = use_reservations(shipment.order_id, shipment.leaving())
    piles = _piles(shipment, claimed)
    _move(piles, sign=-1)
    if piles:
        shipment.db_set("issued_from", json.dumps([[*key, str(part)] for key, part in sorted(piles.items())]))


def take_back(shipment: Shipment) -> None:
    """Put the goods of a shipment that was voided after it had left back on the figures."""
    taken = json.loads(shipment.issued_from or "[]")
    _move({(product, warehouse): Decimal(part) for product, warehouse, part in taken}, sign=1)


def _piles(shipment: Shipment, claimed: Piles) -> Piles:
    if not (warehouse := _warehouse_of(shipment)):
        return claimed
    products = {item.order_item: item.product for item in shipment.items}
    leaving: Mapping[str, Decimal] = shipment.leaving()
    piles: Piles = {}
    for line, quantity in leaving.items():
        key = (products[line], warehouse)
        piles[key] = piles.get(key, ZERO) + quantity
    return piles


def _warehouse_of(shipment: Shipment) -> str | None:
    """Our warehouse behind the one a shipment names; WDT names its own by their numbers in the account."""
    if not shipment.warehouse:
        return None
    if shipment.wdt_account:
        there = {"wdt_account": shipment.wdt_account, "wdt_warehouse_no": shipment.warehouse}
        if name := frappe.db.get_value("Warehouse", there):
            return str(name)
    found = frappe.db.get_value("Warehouse", shipment.warehouse, ["name", "wdt_account"], as_dict=True)
    if not found or (shipment.wdt_account and found.wdt_account not in (None, "", shipment.wdt_account)):
        return None
    return str(found.name)


def _move(piles: Piles, *, sign: int) -> None:
    if not piles:
        return
    cases = " ".join(["when product = %s and warehouse = %s then %s"] * len(piles))
    pairs = [
        value
        for (product, warehouse), quantity in sorted(piles.items())
        for value in (product, warehouse, sign * float(quantity))
    ]
    # Never below zero: what was shipped was there, so the figure was wrong before.
    frappe.db.sql(
        f"""update `tabStock Level` set
            physical = greatest(0, physical + case {cases} else 0 end),
            available = greatest(0, available + case {cases} else 0 end),
            modified = %s
        where source = %s and (product, warehouse) in ({", ".join(["(%s, %s)"] * len(piles))})""",
        [*pairs, *pairs, now_datetime(), StockSource.HAND.value, *(x for key in sorted(piles) for x in key)],
    )
    tell_of_low_stock(product for product, _warehouse in piles)
