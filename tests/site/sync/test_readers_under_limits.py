"""Readers under the limits of an account: what was read is stored, the next run goes on behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
import pytest

from order_flow import tasks
from order_flow.integrations.rate_limit import ALL_USES, CallUse, InProcessRateLimiter
from order_flow.integrations.wdt.codes import BlockReason, ConsignBit, PrintStatus, StockoutStatus, SyncStatus
from order_flow.integrations.wdt.port import (
    Acknowledgement,
    Article,
    ShipmentNotice,
    StockFigure,
    Stockout,
    StockoutLine,
    UnreadableRecord,
    Warehouse,
)
from order_flow.integrations.window import SHANGHAI, Changes, Page, Place, Window
from order_flow.outbox import registry
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading.places import Stream, unfinished_of
from order_flow.outbox.reading.positions import advance, position_of
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.wdt import goods as wdt_goods
from order_flow.sync.wdt import products as wdt_products
from order_flow.sync.wdt import read as wdt_read
from order_flow.sync.wdt import stock as wdt_stock
from tests.site.support.builders import PRODUCTS, WDT_ACCOUNT, WDT_CHANNEL, new_order
from tests.site.support.committed_orders import remove_orders

DEFAULT_CALLS = 60
"""The shipped default of every account."""
PAGE_ROWS = 3
LEFT_AT = datetime(2026, 11, 26, 10, tzinfo=SHANGHAI)
HOUSE = "LIMIT-HOUSE"


@dataclass
class LimitedWarehouse:
    """A WDT in memory, called under the default limit of our own; a test turns the minute.

    Args:
        pages: records of the stock and goods streams, by page.
    """

    pages: list[list[Any]] = field(default_factory=list)
    notices: list[ShipmentNotice | UnreadableRecord] = field(default_factory=list)
    stockouts: list[Stockout] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    before_call: Callable[[str], None] = lambda _name: None
    now: float = 0.0
    window: Window | None = None
    acknowledged: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limiter = InProcessRateLimiter(DEFAULT_CALLS, lambda: self.now, CallUse.READING, ALL_USES)

    def turn_minute(self) -> None:
        """All calls of the minute are free again."""
        self.now += 60

    def _call(self, name: str) -> None:
        self.before_call(name)
        self.limiter.acquire("account")
        self.asked.append(name)

    def _changes(self, window: Window) -> Changes[Any]:
        def read(place: Place | None) -> Iterator[Page[Any]]:
            number = len(self.pages) if place is None or place.page is None else place.page
            while number > 0:
                number -= 1
                self._call(f"page {number}")
                following = Place(window.start, number, PAGE_ROWS) if number else None
                yield Page(tuple(self.pages[number]), following)

        return Changes(read)

    def stock_changed(self, window: Window) -> Changes[Any]:
        """All pages in the first window that is asked for, nothing in later ones."""
        self.window = self.window or window
        return self._changes(window) if window == self.window else self._one_page("newer", [])

    goods_changed = stock_changed

    def carriers(self) -> tuple[()]:
        """None."""
        self._call("carriers")
        return ()

    def warehouses(self) -> tuple[Warehouse, ...]:
        """None that is not known here."""
        self._call("warehouses")
        return ()

    def stock_of(self, spec_no: str) -> tuple[StockFigure, ...]:
        """One figure."""
        self._call(f"stock of {spec_no}")
        return (figure(spec_no, 7),)

    def goods_of(self, spec_no: str) -> tuple[()]:
        """Nothing."""
        self._call(f"goods of {spec_no}")
        return ()

    def trades_changed(self, window: Window) -> Changes[Any]:
        """Nothing changed."""
        return self._one_page("trades", [])

    def stockouts_in_house(self, window: Window) -> Changes[Any]:
        """Nothing in the house."""
        return self._one_page("in the house", [])

    def stockouts_shipped(self, window: Window) -> Changes[Any]:
        """What left within the window, a hundred a page."""
        moments = [
            one for one in self.stockouts if window.start <= (one.consign_time or LEFT_AT) <= window.end
        ]
        return self._one_page("shipped", moments)

    def _one_page(self, name: str, records: list[Any]) -> Changes[Any]:
        def read(_place: Place | None) -> Iterator[Page[Any]]:
            self._call(name)
            yield Page(tuple(records), None)

        return Changes(read)

    def stockouts_of(self, tid: str) -> tuple[Stockout, ...]:
        """Those of one order."""
        self._call(f"stockouts of {tid}")
        return tuple(one for one in self.stockouts if one.src_tids == (tid,))

    def waiting_shipments(self, limit: int) -> tuple[Any, ...]:
        """The oldest that are not acknowledged."""
        self._call("notices")
        return tuple(self.notices[:limit])

    def acknowledge(self, answers: list[Acknowledgement]) -> dict[str, str]:
        """Take them out of the pool, fifty a call."""
        for start in range(0, len(answers), 50):
            self._call("acknowledge")
            for answer in answers[start : start + 50]:
                self.acknowledged[answer.rec_id] = answer.error
        done = self.acknowledged.keys()
        self.notices = [one for one in self.notices if _rec_id(one) not in done]
        return {}


def _rec_id(one: ShipmentNotice | UnreadableRecord) -> str:
    return one.key if isinstance(one, UnreadableRecord) else one.rec_id


def figure(code: str, quantity: int) -> StockFigure:
    """A stock figure of the tests' house."""
    return StockFigure(code, HOUSE, Decimal(quantity), Decimal(quantity), LEFT_AT)


def article(code: str) -> Article:
    """An article that nobody knows here."""
    return Article(code, code, "", "", "", "个", "", False)


@pytest.fixture
def far_side(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[LimitedWarehouse]:
    """The test account answers from memory; its house is known."""
    far = LimitedWarehouse()
    monkeypatch.setattr(registry, "_factories", {AccountType.WDT: lambda _account, _sink, _use: far})
    frappe.db.set_value(
        "WDT Account", WDT_ACCOUNT, {"enabled": 1, "paused": 0, "pause_reason": None, "resting_until": None}
    )
    _forget()
    frappe.get_doc(
        {
            "doctype": "Warehouse",
            "warehouse_code": HOUSE,
            "warehouse_name": HOUSE,
            "wdt_account": WDT_ACCOUNT,
            "wdt_warehouse_no": HOUSE,
        }
    ).insert()
    frappe.db.commit()
    frappe.clear_cache()
    yield far
    frappe.db.rollback()
    _forget()
    frappe.db.commit()


def _forget() -> None:
    for doctype in ("Sync Position", "Sync Discrepancy"):
        frappe.db.delete(doctype, {"account": WDT_ACCOUNT})
    frappe.db.delete("Stock Level", {"warehouse": HOUSE})
    frappe.db.delete("Warehouse", {"name": HOUSE})


def due(streams: tuple[str, ...]) -> bool:
    """Whether the scheduler would start the reader in this minute."""
    frappe.db.rollback()
    found = tasks.due_accounts([frappe._dict(name=WDT_ACCOUNT, minutes=5)], AccountType.WDT, streams)
    return bool(found)


def position(stream: str) -> Any:
    """The stored row of a stream."""
    frappe.db.rollback()
    return frappe.get_doc("Sync Position", {"account": WDT_ACCOUNT, "stream": stream})


@pytest.mark.parametrize(
    ("run", "stream", "record"),
    [
        (wdt_stock.run, wdt_stock.STOCK_STREAM, lambda number: figure(PRODUCTS[number % 5], number)),
        (wdt_goods.run, wdt_goods.GOODS_STREAM, lambda number: article(f"LIMIT-{number}")),
    ],
    ids=["stock", "goods"],
)
def test_a_hundred_pages_are_read_over_some_minutes(
    far_side: LimitedWarehouse, run: Callable[[str], int], stream: str, record: Callable[[int], Any]
) -> None:
    """More pages than calls of a minute: each page is asked for once, and no run asks in vain."""
    far_side.pages = [[record(page * PAGE_ROWS + row) for row in range(PAGE_ROWS)] for page in range(100)]
    where = Stream(AccountType.WDT, WDT_ACCOUNT, stream)
    runs = 0
    while position_of(where) is None:
        before = len(far_side.asked)
        run(WDT_ACCOUNT)
        runs += 1
        assert len(far_side.asked) > before
        if position_of(where) is None:
            stored = position(stream)
            assert (stored.last_error, stored.interrupted, stored.records_read > 0) == (None, 1, True)
            assert due((stream,)), "what is left goes on in the next minute, not in five"
        far_side.turn_minute()
    pages = [name for name in far_side.asked if name.startswith("page")]
    assert pages == [f"page {number}" for number in range(99, -1, -1)]
    assert runs == 4, "33 of 60 calls a minute while nothing is sent"
    assert unfinished_of(where) is None
    assert not position(stream).interrupted


def test_a_worker_that_dies_between_two_pages_loses_none(far_side: LimitedWarehouse) -> None:
    """The next worker begins with the page that the dead one had not stored."""
    far_side.pages = [[figure(PRODUCTS[page], page + 1)] for page in range(5)]

    def die(name: str) -> None:
        if name == "page 2":
            raise SystemExit("killed")

    far_side.before_call = die
    with pytest.raises(SystemExit):
        wdt_stock.run(WDT_ACCOUNT)
    frappe.db.rollback()
    far_side.before_call = lambda _name: None
    wdt_stock.run(WDT_ACCOUNT)
    assert [name for name in far_side.asked if name.startswith("page")] == [
        "page 4", "page 3", "page 2", "page 1", "page 0",
    ]  # fmt: skip
    levels = frappe.get_all("Stock Level", {"warehouse": HOUSE}, ["product", "physical"], order_by="product")
    assert [row.physical for row in levels] == [1, 2, 3, 4, 5]


def test_one_figure_that_cannot_be_stored_keeps_no_other_from_its_place(far_side: LimitedWarehouse) -> None:
    far_side.pages = [[figure(PRODUCTS[0], 4), figure(PRODUCTS[1], 10**20), figure(PRODUCTS[2], 6)]]
    wdt_stock.run(WDT_ACCOUNT)
    frappe.db.rollback()
    stored = dict(frappe.get_all("Stock Level", {"warehouse": HOUSE}, ["product", "physical"], as_list=True))
    assert stored == {PRODUCTS[0]: 4, PRODUCTS[2]: 6}
    (aside,) = frappe.get_all("Sync Discrepancy", {"account": WDT_ACCOUNT, "state": "Open"}, pluck="aspect")
    assert aside == f"stock:{PRODUCTS[1]} {HOUSE}"


def test_products_asked_for_by_name_go_on_in_the_next_minute(far_side: LimitedWarehouse) -> None:
    """Fifty products take a hundred calls: what a minute has no call for stays on the position."""
    codes = [f"LIMIT-{number}" for number in range(50)]
    wdt_products.run(WDT_ACCOUNT, codes)
    runs = 1
    while position(wdt_products.PRODUCTS_STREAM).waiting:
        assert tasks._interrupted(AccountType.WDT, wdt_products.PRODUCTS_STREAM) == [WDT_ACCOUNT]
        far_side.turn_minute()
        wdt_products.run(WDT_ACCOUNT)
        runs += 1
        assert runs < 10
    assert {name for name in far_side.asked if name.startswith("stock")} == {f"stock of {c}" for c in codes}
    assert tasks._interrupted(AccountType.WDT, wdt_products.PRODUCTS_STREAM) == []


@pytest.fixture
def shipped(far_side: LimitedWarehouse) -> Iterator[list[str]]:
    """Orders whose goods left over there, each with its notice: two more than calls of a minute."""
    line = [{"product": PRODUCTS[0], "quantity": 1, "unit_price": 10}]
    orders = [
        new_order(channel=WDT_CHANNEL, payment_term="Cash on Delivery", items=line)
        for _number in range(DEFAULT_CALLS + 2)
    ]
    frappe.db.commit()
    for number, order in enumerate(orders):
        moment = LEFT_AT + timedelta(seconds=10 * number)
        far_side.stockouts.append(stockout(str(number + 1), order, moment))
        far_side.notices.append(notice(str(number + 1), order.name, moment))
    # What changed until now is read: a first run would look back a day, hour by hour.
    for stream in wdt_read.STREAMS:
        advance(Stream(AccountType.WDT, WDT_ACCOUNT, stream), database_now(), 0)
    frappe.db.commit()
    names = [order.name for order in orders]
    yield names
    frappe.db.rollback()
    remove_orders(names)
    frappe.db.commit()


def stockout(number: str, order: Any, moment: datetime) -> Stockout:
    """All of an order, shipped."""
    return Stockout(
        stockout_id=number, order_no=f"CK{number}", trade_id=number, trade_no=f"JY{number}",
        src_tids=(order.name,), status_code=95, status=StockoutStatus.SHIPPED, consign=ConsignBit(0),
        block_reason=BlockReason(0), freeze_reason="", warehouse_no=HOUSE, consign_time=moment,
        logistics_code="SF", logistics_name="顺丰", logistics_no=f"SF{number}", weight=None,
        slip_print=PrintStatus.DONE, dispatch_note_print=PrintStatus.DONE, pick_list_print=PrintStatus.DONE,
        modified=moment,
        lines=tuple(
            StockoutLine("1", order.name, row.name, row.product, row.product, Decimal(1), None, 0, 0)
            for row in order.items
        ),
    )  # fmt: skip


def notice(number: str, tid: str, moment: datetime) -> ShipmentNotice:
    """A notice of the whole order."""
    return ShipmentNotice(
        rec_id=f"R{number}", shop_no="web01", tid=tid, oids=(), is_part=False, logistics_code="SF",
        logistics_name="顺丰", logistics_no=f"SF{number}", shipped_at=moment, trade_id=number,
        stockout_id=number, sync_status=SyncStatus.WAITING, delivery_term=None,
    )  # fmt: skip


def stored_shipments(orders: list[str]) -> int:
    """How many of the orders have their shipment here."""
    frappe.db.rollback()
    return frappe.db.count("Shipment", {"order_id": ("in", orders)})


def test_more_notices_than_calls_of_a_minute(far_side: LimitedWarehouse, shipped: list[str]) -> None:
    """62 notices wait under the default of 60 calls: one question for all, stored and acknowledged."""
    wdt_read.run(WDT_ACCOUNT)
    assert stored_shipments(shipped) == len(shipped) == DEFAULT_CALLS + 2
    assert far_side.notices == []
    assert set(far_side.acknowledged.values()) == {""}
    assert len(far_side.asked) <= 8, far_side.asked


def test_notices_whose_stockouts_do_not_show_cannot_take_all_calls(
    far_side: LimitedWarehouse, shipped: list[str]
) -> None:
    """Forty stockouts cannot be found: the others are stored, and each run asks about a few of them only."""
    hidden, far_side.stockouts = far_side.stockouts[:40], far_side.stockouts[40:]
    wdt_read.run(WDT_ACCOUNT)
    assert stored_shipments(shipped) == len(shipped) - 40
    assert len([name for name in far_side.asked if name.startswith("stockouts of")]) == 10
    assert not position(wdt_read.NOTICES_STREAM).interrupted
    far_side.stockouts += hidden
    far_side.turn_minute()
    wdt_read.run(WDT_ACCOUNT)
    assert stored_shipments(shipped) == len(shipped)


def test_a_pool_full_of_notices_that_cannot_be_read_lets_the_others_through(
    far_side: LimitedWarehouse, shipped: list[str]
) -> None:
    """WDT hands out a hundred at a time: a hundred bad ones in front are set aside and answered for."""
    bad = [UnreadableRecord("notices", f"BAD{number}", "no tid", {}) for number in range(100)]
    far_side.notices = [*bad, *far_side.notices]
    wdt_read.run(WDT_ACCOUNT)
    assert stored_shipments(shipped) == len(shipped)
    assert all("Set aside" in far_side.acknowledged[one.key] for one in bad)
    aside = {"account": WDT_ACCOUNT, "state": "Open", "kind": DiscrepancyKind.UNREADABLE_RECORD.value}
    assert frappe.db.count("Sync Discrepancy", aside) == 100


def test_a_stream_that_takes_all_calls_comes_last_in_the_next_minute(
    far_side: LimitedWarehouse, shipped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage of days is caught up page by page; shipments do not wait for its end."""
    far_side.pages = [[] for _page in range(200)]
    monkeypatch.setattr(far_side, "trades_changed", far_side.stock_changed)
    wdt_read.run(WDT_ACCOUNT)
    assert stored_shipments(shipped) == 0
    assert due(wdt_read.STREAMS)
    far_side.turn_minute()
    wdt_read.run(WDT_ACCOUNT)
    assert stored_shipments(shipped) == len(shipped)
