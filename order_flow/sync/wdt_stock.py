"""Reads WDT's stock into our figures: changes by window, single products on demand (R-254, R-350).

A warehouse of WDT that is not known here is asked for by its number and entered with WDT's own data. A
product that is not known here is not guessed: it is named in one question to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe

from order_flow.domain.stock import StockSource
from order_flow.flow.safety_stock import tell_of_low_stock
from order_flow.flow.stock_levels import Level, set_levels
from order_flow.integrations.wdt.port import StockFigure, WdtPort
from order_flow.outbox import registry
from order_flow.outbox.accounts import state_of
from order_flow.outbox.attempts import CollectedAttempts
from order_flow.outbox.clock import database_now
from order_flow.outbox.positions import Stream, advance, windows
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.site_time import stored
from order_flow.sync.questions import ask
from order_flow.sync.wdt_read import READER_USER, guarded, read_plan, readable_of

STOCK_STREAM = "stock"
STOCK_WINDOW = timedelta(days=30)
UNKNOWN_PRODUCTS = "stock: unknown products"
UNKNOWN_WAREHOUSES = "stock: unknown warehouses"
_ASKED_PRODUCTS = (
    "WDT has stock of {count} products that are not known here: {names}. Enter those that are sold here; the "
    "others need nothing."
)
_ASKED_WAREHOUSES = (
    "WDT has stock of {count} warehouses that are not known here: {names}. Enter those that are sold here; "
    "the others need nothing."
)


def run(account: str) -> int:
    """Job: read the stock changes of one account since the last run.

    Args:
        account: name of the WDT Account.

    Returns:
        How many figures were stored; 0 where the account may not be called, or the reading failed.
    """
    # As for the other readers: what WDT says is followed for nobody in particular.
    frappe.set_user(READER_USER)
    if state_of(AccountType.WDT, account).obstacle(database_now()):
        return 0
    attempts = CollectedAttempts(AccountType.WDT, account)
    try:
        port: WdtPort = registry.open_port(AccountType.WDT, account, attempts)
        return guarded(account, STOCK_STREAM, lambda: read_stock(account, port))
    finally:
        attempts.store()


def read_stock(account: str, port: WdtPort) -> int:
    """Store what changed since the last run; the position moves only after its window is stored.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many figures were stored.

    Raises:
        IntegrationError: WDT could not be read; the position stays.
    """
    stream, now = Stream(AccountType.WDT, account, STOCK_STREAM), database_now()
    # The first run takes what moved within one window; what did not move longer is read by product.
    plan = read_plan(account, STOCK_WINDOW, first_look_back=STOCK_WINDOW)
    count = 0
    for window in windows(stream, plan, now):
        end_reading()
        asked_at = database_now()
        figures = readable_of(stream, port.stock_changed(window))
        count += _store_read(account, port, figures, asked_at)
        in_transaction(partial(advance, stream, window.end, len(figures)))
    return count


def read_products(account: str, port: WdtPort, products: Sequence[str]) -> int:
    """Read the stock of some products now, whatever changed when.

    Args:
        account: the WDT Account.
        port: its port.
        products: product codes; one call each (wdt-openapi 3).

    Returns:
        How many figures were stored.

    Raises:
        IntegrationError: WDT could not be read; what was read before is stored.
    """
    end_reading()
    count = 0
    for product in products:
        asked_at = database_now()
        count += _store_read(account, port, list(port.stock_of(product)), asked_at)
    return count


def read_record_again(account: str, payload: dict[str, Any]) -> str:
    """Repair of a figure that was set aside: its product is read anew.

    Returns:
        What was stored.
    """
    product = str(payload.get("spec_no") or "")
    attempts = CollectedAttempts(AccountType.WDT, account)
    try:
        port: WdtPort = registry.open_port(AccountType.WDT, account, attempts)
        return f"{product}: {read_products(account, port, [product] if product else [])}"
    finally:
        attempts.store()


def _store_read(account: str, port: WdtPort, figures: Sequence[StockFigure], asked_at: datetime) -> int:
    if not figures:
        return 0
    houses = _warehouses(account)
    if {figure.warehouse_no for figure in figures} - houses.keys():
        end_reading()
        known_there = port.warehouses()
        in_transaction(partial(_enter_warehouses, account, known_there))
        houses = _warehouses(account)
    return in_transaction(partial(_store, account, figures, houses, asked_at))


def _warehouses(account: str) -> dict[str, str]:
    """Our warehouses by their number over there, in one statement."""
    rows = frappe.get_all(
        "Warehouse",
        filters={"wdt_account": account, "wdt_warehouse_no": ("is", "set")},
        fields=["wdt_warehouse_no", "name"],
        as_list=True,
    )
    return dict(rows)


def _enter_warehouses(account: str, found: Iterable[Any]) -> None:
    # A code that somebody entered by hand is not taken over: the question below names its stock.
    known = {*_warehouses(account), *frappe.get_all("Warehouse", pluck="name", limit_page_length=0)}
    for house in found:
        if house.warehouse_no in known:
            continue
        frappe.get_doc(
            {
                "doctype": "Warehouse",
                "warehouse_code": house.warehouse_no,
                "warehouse_name": house.name or house.warehouse_no,
                "province": house.province,
                "city": house.city,
                "district": house.district,
                "address_line": house.address,
                "wdt_account": account,
                "wdt_warehouse_no": house.warehouse_no,
            }
        ).insert(ignore_permissions=True)  # the reader enters what WDT says, for nobody in particular


def _store(account: str, figures: Sequence[StockFigure], houses: dict[str, str], asked_at: datetime) -> int:
    codes = sorted({figure.spec_no for figure in figures})
    products = set(frappe.get_all("Product", filters={"name": ("in", codes)}, pluck="name"))
    missing_houses = sorted({figure.warehouse_no for figure in figures} - houses.keys())
    ask(account, UNKNOWN_PRODUCTS, sorted(set(codes) - products), _ASKED_PRODUCTS, _shown(figures))
    ask(account, UNKNOWN_WAREHOUSES, missing_houses, _ASKED_WAREHOUSES, _shown(figures))
    latest = {
        (figure.spec_no, houses[figure.warehouse_no]): figure
        for figure in figures
        if figure.spec_no in products and figure.warehouse_no in houses
    }
    levels = [
        Level(product, warehouse, max(figure.physical, 0), max(figure.available, 0))
        for (product, warehouse), figure in latest.items()
    ]
    set_levels(levels, StockSource.WDT, stored(asked_at))
    tell_of_low_stock({product for product, _warehouse in latest})
    return len(levels)


def _shown(figures: Sequence[StockFigure]) -> list[dict[str, Any]]:
    return [asdict(figure) | {"modified": str(figure.modified)} for figure in figures[:3]]
