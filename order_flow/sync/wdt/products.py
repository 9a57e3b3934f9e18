"""Reads some products from WDT now: their goods and their stock, whatever changed when (R-254, R-348).

What was asked for is kept on the position until it is read, so that a list longer than the calls of a minute
goes on in the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from order_flow.integrations.errors import UnreadableAnswer
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.wdt.port import WdtPort
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading import places
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import advance, set_aside
from order_flow.outbox.reading.readers import account_port, run_streams
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.wdt.goods import GOODS_STREAM, read_goods_of
from order_flow.sync.wdt.stock import STOCK_STREAM, read_products

PRODUCTS_STREAM = "products"


def run(account: str, products: Sequence[str] = ()) -> dict[str, int]:
    """Job: read some products of one account, and those that an earlier run had no call left for.

    Args:
        account: name of the WDT Account.
        products: product codes; two calls each (wdt-openapi 3).

    Returns:
        How many articles and stock figures were stored; empty where the account may not be called.
    """
    stream = Stream(AccountType.WDT, account, PRODUCTS_STREAM)
    if products:
        in_transaction(partial(places.add_waiting, stream, products))
    stored = {GOODS_STREAM: 0, STOCK_STREAM: 0}
    ran = run_streams(
        AccountType.WDT, account, {PRODUCTS_STREAM: lambda port: _read_waiting(stream, port, stored)}
    )
    return stored if ran else {}


def _read_waiting(stream: Stream, port: WdtPort, stored: dict[str, int]) -> int:
    waiting = places.waiting_of(stream)
    end_reading()
    for product in waiting:
        try:
            goods = read_goods_of(stream.account, port, [product])
            figures = read_products(stream.account, port, [product])
        except UnreadableAnswer as error:
            in_transaction(partial(set_aside, stream, product, {"product": product}, error.message))
        else:
            stored[GOODS_STREAM] += goods
            stored[STOCK_STREAM] += figures
        in_transaction(partial(places.end_waiting, stream, [product]))
    in_transaction(lambda: advance(stream, database_now(), len(waiting)))
    return len(waiting)


def read_record_again(account: str, payload: dict[str, Any]) -> str:
    """Repair of a product that could not be read: it is read anew.

    Returns:
        How many articles and stock figures were stored.
    """
    product = str(payload["product"])
    with account_port(AccountType.WDT, account, CallUse.READING) as open_port:
        port: WdtPort = open_port()
        goods = read_goods_of(account, port, [product])
        return f"{product}: {goods}, {read_products(account, port, [product])}"
