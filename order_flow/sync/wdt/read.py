"""Reads WDT's streams back: changed trades, shipped stockouts, stockouts in the house, shipment notices.

Each page is stored before the next one is asked for, one order at a time; a position moves only after
everything before it is stored (design 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import frappe

from order_flow.integrations.errors import UnreadableAnswer
from order_flow.integrations.wdt.port import SalesTrade, Stockout, UnreadableRecord, WdtPort
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading import places
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import ReadPlan, read_pages, set_aside
from order_flow.outbox.reading.readers import run_streams
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.wdt.notices import NOTICES_STREAM, read_notices
from order_flow.sync.wdt.orders import (
    OrderRecord,
    orders_of_stockouts,
    orders_of_trades,
    our_orders,
    readable_of,
    store_orders,
    store_shipped,
)

TRADES_STREAM = "trades"
STOCKOUTS_STREAM = "stockouts"
HOUSE_STREAM = "stockouts in the house"
STREAMS = (TRADES_STREAM, STOCKOUTS_STREAM, NOTICES_STREAM, HOUSE_STREAM)
FIRST_LOOK_BACK = timedelta(days=1)
TRADES_WINDOW = timedelta(minutes=60)
STOCKOUTS_WINDOW = timedelta(days=30)


def run(account: str) -> dict[str, int]:
    """Job: read everything of one account once.

    Shipments come before their notices: a notice whose shipment is stored costs no question.

    Args:
        account: name of the WDT Account.

    Returns:
        How many records each stream had; empty where the account may not be called.
    """
    shipped: set[str] = set()
    return run_streams(
        AccountType.WDT,
        account,
        {
            TRADES_STREAM: lambda port: read_trades(account, port),
            STOCKOUTS_STREAM: lambda port: read_stockouts(account, port, shipped),
            NOTICES_STREAM: lambda port: read_notices(account, port, shipped),
            HOUSE_STREAM: lambda port: read_house(account, port),
        },
    )


def read_trades(account: str, port: WdtPort) -> int:
    """Follow the trades that changed since the last run.

    An order that became several trades is read whole, with a call of its own. Those calls are made after
    the page is stored; orders that still need one are kept on the position and come first next time.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many records were read.

    Raises:
        IntegrationError: WDT could not be read, or there is no call left; the next run goes on there.
    """
    stream = Stream(AccountType.WDT, account, TRADES_STREAM)
    _read_whole(stream, port)

    def store(page: Sequence[SalesTrade | UnreadableRecord]) -> None:
        complete, parts = orders_of_trades(account, readable_of(stream, page))
        store_orders(stream, complete)
        if parts:
            in_transaction(partial(places.add_waiting, stream, parts))
            _read_whole(stream, port)

    return read_pages(stream, read_plan(account, TRADES_WINDOW), database_now(), port.trades_changed, store)


def _read_whole(stream: Stream, port: WdtPort) -> None:
    """Read the orders that wait for a call of their own, one by one; an unreadable one is set aside."""
    numbers = places.waiting_of(stream)
    ours = our_orders(stream.account, numbers)
    end_reading()
    for number in numbers:
        if order := ours.get(number):
            _read_order(stream, port, number, order)
        in_transaction(partial(places.end_waiting, stream, [number]))


def _read_order(stream: Stream, port: WdtPort, number: str, order: str) -> None:
    try:
        trades = port.trades_of(number)
    except UnreadableAnswer as error:
        payload = {"order": order, "record": error.record}
        in_transaction(partial(set_aside, stream, number, payload, error.message))
        return
    if trades:
        store_orders(stream, [OrderRecord(order, trades=trades)])


def read_stockouts(account: str, port: WdtPort, stored: set[str] | None = None) -> int:
    """Store the shipments made since the last run; all else as ``read_trades``.

    Args:
        account: the WDT Account.
        port: its port.
        stored: takes the ``stockout_id`` of what was stored.
    """
    stream = Stream(AccountType.WDT, account, STOCKOUTS_STREAM)
    known: set[str] = set() if stored is None else stored

    def store(page: Sequence[Stockout | UnreadableRecord]) -> None:
        known.update(store_shipped(stream, page).stored)

    plan = read_plan(account, STOCKOUTS_WINDOW)
    return read_pages(stream, plan, database_now(), port.stockouts_shipped, store)


def read_house(account: str, port: WdtPort) -> int:
    """Follow the papers and stages of goods still in the house; all else as ``read_trades`` (R-277)."""
    stream = Stream(AccountType.WDT, account, HOUSE_STREAM)

    def store(page: Sequence[Stockout | UnreadableRecord]) -> None:
        store_orders(stream, orders_of_stockouts(account, readable_of(stream, page)))

    plan = read_plan(account, STOCKOUTS_WINDOW)
    return read_pages(stream, plan, database_now(), port.stockouts_in_house, store)


def read_plan(account: str, longest: timedelta, first_look_back: timedelta = FIRST_LOOK_BACK) -> ReadPlan:
    """Return how a stream of an account is read.

    Args:
        account: the WDT Account; its overlap and lag hold for all streams.
        longest: the longest window that WDT answers for.
        first_look_back: how far the first run looks back.
    """
    values = frappe.get_cached_doc("WDT Account", account)
    return ReadPlan(
        longest=longest,
        overlap=timedelta(minutes=values.window_overlap_minutes or 0),
        lag=timedelta(minutes=values.lag_minutes or 0),
        first_look_back=first_look_back,
    )
