"""Reads WDT's goods into our products: brand, category and what else is empty here (R-348, R-349).

What stands on a product here stays: WDT fills what is missing and blanks nothing. A brand or a category that
is not known here is entered by the name it has in WDT. A product that is not known here is entered where the
account says so, and else named in one question to a person; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

import frappe
from frappe.utils import cstr

from order_flow.domain.message import Message
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.wdt.port import Article, UnreadableRecord, WdtPort
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import read_pages, store_together
from order_flow.outbox.reading.readers import account_port, run_streams
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.questions import ask
from order_flow.sync.wdt.carriers import CARRIERS_STREAM, read_carriers
from order_flow.sync.wdt.orders import readable_of
from order_flow.sync.wdt.read import read_plan

GOODS_STREAM = "goods"
STREAMS = (GOODS_STREAM, CARRIERS_STREAM)
GOODS_WINDOW = timedelta(days=30)
UNKNOWN_GOODS = "goods: unknown products"
DELETED_GOODS = "goods: deleted in WDT"
_MASTERS = {"brand": ("Brand", "brand_name"), "category": ("Product Category", "category_name")}
"""Fields of a product that name documents of their own: the DocType and the field with its name."""
_FILLED = ("brand", "category", "specification", "unit", "barcode")


def run(account: str) -> int:
    """Job: read the carriers and the goods of one account that changed since the last run.

    Args:
        account: name of the WDT Account.

    Returns:
        How many articles were read; 0 where the account may not be called, or the reading failed.
    """
    streams = {
        CARRIERS_STREAM: lambda port: read_carriers(account, port),
        GOODS_STREAM: lambda port: read_goods(account, port),
    }
    return run_streams(AccountType.WDT, account, streams).get(GOODS_STREAM, 0)


def read_goods(account: str, port: WdtPort) -> int:
    """Store what changed since the last run, page by page.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many articles were read.

    Raises:
        IntegrationError: WDT could not be read, or there is no call left; the next run goes on there.
    """
    stream = Stream(AccountType.WDT, account, GOODS_STREAM)
    # The first run takes what changed within one window; what did not change longer is read by product.
    plan = read_plan(account, GOODS_WINDOW, first_look_back=GOODS_WINDOW)
    return read_pages(stream, plan, database_now(), port.goods_changed, partial(_store_page, stream))


def _store_page(stream: Stream, page: Sequence[Article | UnreadableRecord]) -> None:
    articles: list[Article] = readable_of(stream, page)
    if articles:
        store = partial(store_articles, stream.account)
        store_together(stream, articles, store, lambda article: article.spec_no, asdict)


def read_goods_of(account: str, port: WdtPort, products: Sequence[str]) -> int:
    """Read some articles now, whatever changed when.

    Args:
        account: the WDT Account.
        port: its port.
        products: product codes; one call each (wdt-openapi 3).

    Returns:
        How many articles WDT has of them.

    Raises:
        IntegrationError: WDT could not be read; what was read before is stored.
    """
    count = 0
    for product in products:
        end_reading()
        articles = list(port.goods_of(product))
        in_transaction(partial(store_articles, account, articles))
        count += len(articles)
    return count


def read_record_again(account: str, payload: dict[str, Any]) -> str:
    """Repair of goods that were set aside: their articles are read anew.

    Args:
        account: the WDT Account.
        payload: the goods as WDT sent them, or one article of them.

    Returns:
        What was stored.
    """
    specs = payload.get("spec_list") or [payload]
    codes = (
        [cstr(spec.get("spec_no")) for spec in specs if isinstance(spec, dict)]
        if isinstance(specs, list)
        else []
    )
    products = [code for code in codes if code]
    with account_port(AccountType.WDT, account, CallUse.READING) as open_port:
        return f"{', '.join(products)}: {read_goods_of(account, open_port(), products)}"


def store_articles(account: str, articles: Sequence[Article]) -> None:
    """Fill products from WDT's articles, or ask about those that are not known here.

    Args:
        account: the WDT Account.
        articles: as they were read; of one article the last counts.
    """
    latest = {article.spec_no: article for article in articles}
    sold = {code: article for code, article in latest.items() if not article.is_deleted}
    known = _products(latest)
    unknown = sorted(sold.keys() - known.keys())
    enters = bool(frappe.get_cached_value("WDT Account", account, "enter_new_products"))
    wanted = sold if enters else {code: article for code, article in sold.items() if code in known}
    masters = _known_masters(wanted.values())
    for code, article in wanted.items():
        if (row := known.get(code)) is None:
            _enter(article, masters)
        elif values := _missing(row, article, masters):
            _fill(code, values)
    if not enters:
        ask(account, UNKNOWN_GOODS, unknown, _unknown, _shown(latest, unknown))
    deleted = sorted(code for code, row in known.items() if latest[code].is_deleted and not row.disabled)
    ask(account, DELETED_GOODS, deleted, _deleted, _shown(latest, deleted))


def _products(codes: Iterable[str]) -> dict[str, Any]:
    rows = frappe.get_all(
        "Product", filters={"name": ("in", sorted(codes) or [""])}, fields=["name", "disabled", *_FILLED]
    )
    return {row.name: row for row in rows}


def _known_masters(articles: Iterable[Article]) -> dict[str, dict[str, str]]:
    """Brands and categories by the name they have in WDT, those that are new entered."""
    found = {}
    for field, (doctype, column) in _MASTERS.items():
        names = {cstr(getattr(article, field)) for article in articles} - {""}
        # The database compares without case, as people do: 'ACME' there is 'Acme' here.
        rows = frappe.get_all(doctype, filters={"name": ("in", sorted(names) or [""])}, pluck="name")
        known = {name.casefold(): name for name in rows}
        for name in sorted(names):
            if name.casefold() not in known:
                document = frappe.get_doc({"doctype": doctype, column: name})
                document.insert(ignore_permissions=True)  # the reader enters what WDT says, for nobody
                known[name.casefold()] = document.name
        found[field] = known
    return found


def _offered(article: Article, masters: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    values = {field: getattr(article, field) for field in _FILLED}
    for field, known in masters.items():
        values[field] = known.get(cstr(values[field]).casefold(), "")
    return {field: value for field, value in values.items() if value}


def _missing(row: Any, article: Article, masters: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {field: value for field, value in _offered(article, masters).items() if not row.get(field)}


def _fill(code: str, values: Mapping[str, Any]) -> None:
    product = frappe.get_doc("Product", code)
    product.update(values)
    product.save(ignore_permissions=True)  # a fact read from WDT by the system, nobody's request


def _enter(article: Article, masters: Mapping[str, Mapping[str, str]]) -> None:
    frappe.get_doc(
        {
            "doctype": "Product",
            "product_code": article.spec_no,
            "product_name": article.name or article.spec_no,
            **_offered(article, masters),
        }
    ).insert(ignore_permissions=True)  # the account's setting asks for it; the reader acts for nobody


def _shown(latest: Mapping[str, Article], codes: Sequence[str]) -> list[dict[str, Any]]:
    return [{key: str(value) for key, value in asdict(latest[code]).items()} for code in codes[:3]]


def _unknown(count: int, names: str) -> Message:
    """Ask about products that are not known here."""
    return Message(
        "WDT has {0} products that are not known here: {1}. Enter those that are sold here, or let the "
        "account enter them; the others need nothing.",
        count,
        names,
    )


def _deleted(count: int, names: str) -> Message:
    """Ask about products that WDT deleted."""
    return Message(
        "{0} products are deleted in WDT and sold here: {1}. Disable them here, or restore them there.",
        count,
        names,
    )
