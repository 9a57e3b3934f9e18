"""Reads WDT's stock into our figures: changes by window, single products on demand (R-254, R-350).

A warehouse of WDT that is not known here is asked for by its number and entered with WDT's own data. A
product that is not known here is not guessed: it is named in one question to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe

from order_flow.domain.amounts import ZERO
from order_flow.domain.goods.stock import StockSource
from order_flow.domain.message import Message
from order_flow.flow.stock.levels import Level, set_levels
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.wdt.port import StockFigure, UnreadableRecord, WdtPort
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import read_pages, store_together
from order_flow.outbox.reading.readers import account_port, run_streams
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.site_time import stored
from order_flow.sync.questions import ask
from order_flow.sync.wdt.orders import readable_of
from order_flow.sync.wdt.read import read_plan

STOCK_STREAM = "stock"
STOCK_WINDOW = timedelta(days=30)
UNKNOWN_PRODUCTS = "stock: unknown products"
UNKNOWN_WAREHOUSES = "stock: unknown warehouses"


def run(account: str) -> int:
    """Job: read the stock changes of one account since the last run.

    Args:
        account: name of the WDT Account.

    Returns:
        How many records were read; 0 where the account may not be called, or the reading failed.
    """
    streams = {STOCK_STREAM: lambda port: read_stock(account, port)}
    return run_streams(AccountType.WDT, account, streams).get(STOCK_STREAM, 0)


def read_stock(account: str, port: WdtPort) -> int:
    """Store what changed since the last run, page by page.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many records were read.

    Raises:
        IntegrationError: WDT could not be read, or there is no call left; the next run goes on there.
    """
    stream = Stream(AccountType.WDT, account, STOCK_STREAM)
    # The first run takes what moved within one window; what did not move longer is read by product.
    plan = read_plan(account, STOCK_WINDOW, first_look_back=STOCK_WINDOW)
    reading = StockReading(stream, port)
    return read_pages(stream, plan, database_now(), port.stock_changed, reading.store)


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
    reading = StockReading(Stream(AccountType.WDT, account, STOCK_STREAM), port)
    return sum(reading.store(port.stock_of(product)) for product in products)


def read_record_again(account: str, payload: dict[str, Any]) -> str:
    """Repair of a figure that was set aside: its product is read anew.

    Returns:
        What was stored.
    """
    product = str(payload.get("spec_no") or "")
    with account_port(AccountType.WDT, account, CallUse.READING) as open_port:
        return f"{product}: {read_products(account, open_port(), [product] if product else [])}"


@dataclass
class StockReading:
    """Stores figures as they come.

    Args:
        stream: where they come from.
        port: asked once for the warehouses over there where a figure names one that is not known here.
    """

    stream: Stream
    port: WdtPort
    asked_for_warehouses: bool = False
    asked_at: datetime = field(default_factory=database_now)
    """When the answer that is stored next was asked for: its figures are at least as new."""

    def store(self, page: Sequence[StockFigure | UnreadableRecord]) -> int:
        """Store one page; what cannot be read or stored is set aside.

        Returns:
            How many figures were stored.
        """
        figures: list[StockFigure] = readable_of(self.stream, page)
        if not figures:
            return 0
        asked_at = self.asked_at
        houses = self._warehouses(figures)
        kept: list[int] = []

        def store(some: Sequence[StockFigure]) -> None:
            kept.append(_store(self.stream.account, some, houses, asked_at))

        store_together(self.stream, figures, store, lambda one: f"{one.spec_no} {one.warehouse_no}", asdict)
        self.asked_at = database_now()
        end_reading()
        return sum(kept)

    def _warehouses(self, figures: Sequence[StockFigure]) -> dict[str, str]:
        account = self.stream.account
        houses = _warehouses(account)
        if not self.asked_for_warehouses and {figure.warehouse_no for figure in figures} - houses.keys():
            end_reading()
            known_there = readable_of(self.stream, self.port.warehouses())
            self.asked_for_warehouses = True
            in_transaction(partial(_enter_warehouses, account, known_there))
            houses = _warehouses(account)
        return houses


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
    numbered = _warehouses(account)
    rows = frappe.get_all("Warehouse", fields=["name", "wdt_account"], limit_page_length=0)
    owners = {row.name.casefold(): row.wdt_account for row in rows}
    for house in found:
        if house.warehouse_no in numbered or (code := _code(account, house.warehouse_no, owners)) is None:
            continue
        frappe.get_doc(
            {
                "doctype": "Warehouse",
                "warehouse_code": code,
                "warehouse_name": house.name or house.warehouse_no,
                "province": house.province,
                "city": house.city,
                "district": house.district,
                "address_line": house.address,
                "wdt_account": account,
                "wdt_warehouse_no": house.warehouse_no,
            }
        ).insert(ignore_permissions=True)  # the reader enters what WDT says, for nobody in particular


def _code(account: str, number: str, owners: Mapping[str, str | None]) -> str | None:
    """The code of a warehouse that is entered: its number, with the account where another one has that too.

    A code that somebody entered by hand is not taken over: the question about its stock names it.

    Args:
        account: the WDT Account.
        number: of the warehouse over there.
        owners: the accounts of all warehouses, by code in small letters.
    """
    taken_by = owners.get(number.casefold(), "")
    if taken_by == "":
        return number
    code = f"{number} ({account})"
    return code if taken_by and taken_by != account and code.casefold() not in owners else None


def _store(account: str, figures: Sequence[StockFigure], houses: dict[str, str], asked_at: datetime) -> int:
    codes = sorted({figure.spec_no for figure in figures})
    products = set(frappe.get_all("Product", filters={"name": ("in", codes)}, pluck="name"))
    missing_houses = sorted({figure.warehouse_no for figure in figures} - houses.keys())
    ask(account, UNKNOWN_PRODUCTS, sorted(set(codes) - products), _unknown_products, _shown(figures))
    ask(account, UNKNOWN_WAREHOUSES, missing_houses, _unknown_warehouses, _shown(figures))
    latest = {
        (figure.spec_no, houses[figure.warehouse_no]): figure
        for figure in figures
        if figure.spec_no in products and figure.warehouse_no in houses
    }
    levels = [
        Level(product, warehouse, max(figure.physical, ZERO), max(figure.available, ZERO))
        for (product, warehouse), figure in latest.items()
    ]
    set_levels(levels, StockSource.WDT, stored(asked_at))
    return len(levels)


def _shown(figures: Sequence[StockFigure]) -> list[dict[str, Any]]:
    return [asdict(figure) | {"modified": str(figure.modified)} for figure in figures[:3]]


def _unknown_products(count: int, names: str) -> Message:
    """Ask about products that have stock and are not known here."""
    return Message(
        "WDT has stock of {0} products that are not known here: {1}. Enter those that are sold here; the "
        "others need nothing.",
        count,
        names,
    )


def _unknown_warehouses(count: int, names: str) -> Message:
    """Ask about warehouses that have stock and are not known here."""
    return Message(
        "WDT has stock of {0} warehouses that are not known here: {1}. Enter those that are sold here; "
        "the others need nothing.",
        count,
        names,
    )
