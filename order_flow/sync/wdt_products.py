"""Reads some products from WDT now: their goods and their stock, whatever changed when (R-254, R-348)."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from order_flow.integrations.wdt.port import WdtPort
from order_flow.outbox import registry
from order_flow.outbox.accounts import state_of
from order_flow.outbox.attempts import CollectedAttempts
from order_flow.outbox.clock import database_now
from order_flow.outbox.registry import AccountType
from order_flow.sync.wdt_goods import GOODS_STREAM, read_goods_of
from order_flow.sync.wdt_read import READER_USER, guarded
from order_flow.sync.wdt_stock import STOCK_STREAM, read_products


def run(account: str, products: Sequence[str]) -> dict[str, int]:
    """Job: read some products of one account.

    Args:
        account: name of the WDT Account.
        products: product codes; two calls each (wdt-openapi 3).

    Returns:
        How many articles and stock figures were stored; empty where the account may not be called.
    """
    # As for the other readers: what WDT says is followed for nobody in particular.
    frappe.set_user(READER_USER)
    if state_of(AccountType.WDT, account).obstacle(database_now()):
        return {}
    attempts = CollectedAttempts(AccountType.WDT, account)
    try:
        port: WdtPort = registry.open_port(AccountType.WDT, account, attempts)
        return {
            GOODS_STREAM: guarded(account, GOODS_STREAM, lambda: read_goods_of(account, port, products)),
            STOCK_STREAM: guarded(account, STOCK_STREAM, lambda: read_products(account, port, products)),
        }
    finally:
        attempts.store()
