"""Every call of the clients over answers of every malformed shape.

Always one of the known errors, or a record set aside; never another exception, and never a success that was
not said.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from order_flow.domain.message import Message
from order_flow.integrations.errors import IntegrationError
from order_flow.integrations.failures import lost_answer
from order_flow.integrations.messaging.client import MessagingClient
from order_flow.integrations.messaging.port import Medium, ShortMessage
from order_flow.integrations.tracking.client import TrackingClient
from order_flow.integrations.transport import Request, Response, decoded
from order_flow.integrations.u8.client import U8Client
from order_flow.integrations.u8.connection import Connection
from order_flow.integrations.u8.port import (
    CustomerCard,
    DateRange,
    Posted,
    RemoteDocument,
    Submitted,
    U8Document,
    U8DocumentKind,
)
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import RawTradeStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import Acknowledgement, PushResult, UnreadableRecord
from order_flow.integrations.wdt.settings import TradeRules
from order_flow.integrations.window import SHANGHAI, Window
from tests.unit.u8.u8_samples import SETTINGS
from tests.unit.wdt.wdt_samples import NOW, line, order, settings

WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    10**25,
    1.5,
    1e300,
    "",
    "0",
    "null",
    "NaN",
    "1e999999999",
    "9" * 400,
    "\u0663",
    "0000-00-00 00:00:00",
    "2026-13-45 99:99:99",
    "2026-11-30T10:00:00Z",
    "\x00\ud800",
    [],
    {},
    [[]],
    [None, 7, "x", {}],
    {"a": {"b": []}},
]
"""What stands in the place of a right value: null, other types, huge, empty, nonsense."""

TRADE_ROW = {
    "trade_id": "1", "trade_no": "JY1", "shop_no": "web01", "warehouse_no": "WH01", "src_tids": "SO-1,SO-2",
    "trade_status": "30", "consign_status": "0", "freeze_reason": "0", "refund_status": "0",
    "bad_reason": "0", "delivery_term": "1", "trade_time": "2026-03-01 10:00:00", "goods_amount": "5.0000",
    "pay_time": "2026-03-01 10:00:00", "modified": "2026-03-01 10:30:00", "logistics_code": "SF",
    "logistics_name": "SF", "logistics_no": "1", "stockout_no": "", "post_amount": "0", "discount": "0",
    "receivable": "5", "paid": "5", "cod_amount": "0", "cancel_reason": "", "revert_reason": "",
    "goods_list": [
        {
            "rec_id": "1", "src_tid": "SO-1", "src_oid": "L1", "goods_no": "P", "spec_no": "P", "price": "5",
            "goods_name": "P", "num": "1", "actual_num": "1", "share_amount": "5", "gift_type": "0",
            "refund_status": "0",
        }
    ],
}  # fmt: skip
STOCKOUT_ROW = {
    "stockout_id": "1", "order_no": "CK1", "trade_id": "1", "src_order_no": "JY1", "src_tids": "SO-1",
    "status": "55", "consign_status": "1", "block_reason": "0", "freeze_reason": "0", "warehouse_no": "WH01",
    "consign_time": "2026-03-01 10:00:00", "logistics_code": "SF", "logistics_name": "SF", "weight": "1",
    "logistics_no": "1", "logistics_print_status": "2", "sendbill_print_status": "0",
    "picklist_print_status": "0", "modified": "2026-03-01 10:00:00",
    "details_list": [
        {"rec_id": "1", "src_tid": "SO-1", "src_oid": "L1", "goods_no": "P", "spec_no": "P", "num": "1",
         "share_amount": "5", "gift_type": "0", "refund_status": "0"}
    ],
}  # fmt: skip
NOTICE_ROW = {
    "rec_id": "1", "shop_no": "web01", "tid": "SO-1", "oids": "L1,L2", "is_part_sync": "1",
    "logistics_code_erp": "SF", "logistics_name_erp": "SF", "logistics_name": "SF", "logistics_no": "1",
    "consign_time": "2026-03-01 10:00:00", "trade_id": "1", "stockout_id": "1", "sync_status": "0",
    "delivery_term": "1",
}  # fmt: skip
HEAD = {"code": 0, "message": "", "total_count": "1"}
ORDER_ROW = {
    "code": "1", "date": "2026-03-01", "custcode": "001", "sum": "5.0000", "define1": "S-1", "memo": "S-1 x",
    "state": "x", "verifier": "", "entry": [{"inventorycode": "P", "quantity": "1", "sum": "5"}],
}  # fmt: skip
MONEY_ROW = {
    "vouchcode": "1", "code": "1", "vouchdate": "2026-03-01", "date": "2026-03-01", "vouchtype": "48",
    "customercode": "001", "cust_vendor_code": "001", "amount": "5.0000", "define1": "P-1", "digest": "P-1",
    "bdebitcredit": "1",
}  # fmt: skip
OK = {"errcode": "0", "errmsg": ""}
COUNTS = {"page_index": "1", "rows_per_page": "100", "row_count": "1", "page_count": "1"}


NAMES = st.sampled_from(["code", "message", "trades", "total_count", "errcode", "id", "url", "errors"])
TOKEN = {"errcode": "0", "token": {"id": "t", "expiresIn": 7200}}


class Wire:
    """Gives one answer after the other, as bytes that were decoded; the last one for ever."""

    def __init__(self, answers: list[Any]) -> None:
        self._answers = answers
        self.calls = 0

    def call(self, request: Request) -> Response:
        answer = self._answers[min(self.calls, len(self._answers) - 1)]
        self.calls += 1
        if self.calls > 60:
            raise lost_answer(request, Message("the test asks no more"))
        return Response(200, decoded(json.dumps(answer).encode("utf-8", "surrogatepass"), request), 1)


TRADE = raw_trade(order(line(1, "1", "5"), order_id="SO-1"), RawTradeStatus.READY, TradeRules(), NOW)
OTHER = raw_trade(order(line(2, "1", "5"), order_id="SO-2"), RawTradeStatus.READY, TradeRules(), NOW)
HOUR = Window(datetime(2026, 3, 1, 10, tzinfo=SHANGHAI), datetime(2026, 3, 1, 11, tzinfo=SHANGHAI))
MONTH = DateRange(date(2026, 3, 1), date(2026, 3, 31))
DOCUMENT = U8Document(U8DocumentKind.SALE_ORDER, "S-1", date(2026, 3, 1), "001", Decimal(5), {})
MESSAGE = ShortMessage("r", Medium.SMS, "13800000000", "hello")
SEEN = RemoteDocument(
    U8DocumentKind.RECEIPT, "1", "P-1", None, "001", Decimal(5), False, raw={"vouchtype": "48"}
)

WDT_CALLS: dict[str, Callable[[WdtClient], Any]] = {
    "push_trades": lambda wdt: wdt.push_trades([TRADE, OTHER]),
    "answers": lambda wdt: wdt.answers(),
    "trades_of": lambda wdt: wdt.trades_of("SO-1"),
    "trades_changed": lambda wdt: list(wdt.trades_changed(HOUR)),
    "stockouts_of": lambda wdt: wdt.stockouts_of("SO-1"),
    "stockouts_shipped": lambda wdt: list(wdt.stockouts_shipped(HOUR)),
    "stockouts_in_house": lambda wdt: list(wdt.stockouts_in_house(HOUR)),
    "waiting_shipments": lambda wdt: wdt.waiting_shipments(10),
    "acknowledge": lambda wdt: wdt.acknowledge([Acknowledgement("1"), Acknowledgement("2", "no")]),
    "shops": lambda wdt: wdt.shops(),
    "warehouses": lambda wdt: wdt.warehouses(),
    "stock_changed": lambda wdt: list(wdt.stock_changed(HOUR)),
    "stock_of": lambda wdt: wdt.stock_of("P"),
    "goods_changed": lambda wdt: list(wdt.goods_changed(HOUR)),
    "goods_of": lambda wdt: wdt.goods_of("P"),
    "carriers": lambda wdt: wdt.carriers(),
}
WDT_RIGHT: dict[str, dict[str, Any]] = {
    "push_trades": {"code": 0, "message": "", "new_count": "2", "chg_count": "0"},
    "trades_of": HEAD | {"trades": [TRADE_ROW]},
    "trades_changed": HEAD | {"trades": [TRADE_ROW]},
    "stockouts_of": HEAD | {"stockout_list": [STOCKOUT_ROW]},
    "stockouts_shipped": HEAD | {"stockout_list": [STOCKOUT_ROW]},
    "stockouts_in_house": HEAD | {"stockout_list": [STOCKOUT_ROW]},
    "waiting_shipments": {"code": 0, "trades": [NOTICE_ROW]},
    "acknowledge": {"code": 0, "message": "", "errors": [{"rec_id": "1", "error": "x"}]},
    "shops": HEAD | {"shoplist": [{"shop_no": "web01", "shop_name": "x", "platform_id": "127"}]},
    "warehouses": HEAD | {"warehouses": [{"warehouse_no": "W", "name": "x", "warehouse_type": "1"}]},
    "stock_changed": HEAD
    | {
        "stocks": [
            {"spec_no": "P", "warehouse_no": "W", "stock_num": "1", "avaliable_num": "1", "modified": ""}
        ]
    },
    "goods_changed": HEAD
    | {
        "goods_list": [
            {
                "goods_no": "P",
                "goods_name": "P",
                "deleted": "0",
                "spec_list": [{"spec_no": "P"}],
            }
        ]
    },
    "carriers": {"code": 0, "logistics_list": [{"logistics_no": "SF", "logistics_type": "8"}]},
}
U8_RIGHT: dict[str, dict[str, Any]] = {
    "customer_exists": OK | {"customer": {"code": "001", "name": "x"}},
    "add_customer": OK | {"id": "001"},
    "missing_items": OK | {"inventory": {"code": "P1"}},
    "submit": OK | {"tradeid": "t", "ping_after": "3", "url": "http://127.0.0.1:1/result?requestid=1"},
    "poll": OK | {"id": "7", "tradeid": "t"},
    "find": OK | COUNTS | {"saleorderlist": [ORDER_ROW]},
    "get": OK | {"oughtreceive": MONEY_ROW},
    "verify": OK,
    "document_pages": OK | COUNTS | {"acceptlist": [MONEY_ROW]},
}


def spoilt(right: Any) -> Iterator[Any]:
    """The right answer with one place after the other left out, or filled with something wrong."""
    for path in places(right):
        for wrong in (*WRONG, MISSING):
            yield replaced(right, path, wrong)


MISSING = object()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield from places(member, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return None if wrong is MISSING else wrong
    key, *rest = path
    if isinstance(value, list):
        return [replaced(part, tuple(rest), wrong) if n == key else part for n, part in enumerate(value)]
    if not rest and wrong is MISSING:
        return {name: member for name, member in value.items() if name != key}
    return {**value, key: replaced(value[key], tuple(rest), wrong)}


U8_CALLS: dict[str, Callable[[U8Client], Any]] = {
    "answers": lambda u8: u8.answers(),
    "customer_exists": lambda u8: u8.customer_exists("001"),
    "add_customer": lambda u8: u8.add_customer(CustomerCard("001", "n")),
    "missing_items": lambda u8: u8.missing_items(["P1", "P2"]),
    "reserve_transaction": lambda u8: u8.reserve_transaction(),
    "submit": lambda u8: u8.submit(DOCUMENT),
    "poll": lambda u8: u8.poll(Submitted("http://127.0.0.1:1/result?requestid=1", 3.0)),
    "find": lambda u8: u8.find(U8DocumentKind.SALE_ORDER, "S-1", date(2026, 3, 1)),
    "get": lambda u8: u8.get(U8DocumentKind.RECEIVABLE, "1"),
    "verify": lambda u8: u8.verify(SEEN),
    "document_pages": lambda u8: list(u8.document_pages(U8DocumentKind.RECEIPT, MONTH)),
}


def wdt_of(answers: list[Any]) -> WdtClient:
    wire: Any = Wire(answers)
    return WdtClient(settings(), wire, clock=lambda: NOW)


def u8_of(answers: list[Any], call: str = "") -> U8Client:
    """A client that has to fetch a token first, unless the call needs none."""
    wire: Any = Wire(answers if call == "poll" else [TOKEN, *answers])
    return U8Client(SETTINGS, Connection(SETTINGS, wire, clock=lambda: 0.0))


@pytest.mark.parametrize("call", WDT_RIGHT)
def test_wdt_answers_with_one_wrong_place(call: str) -> None:
    assert WDT_CALLS[call](wdt_of([WDT_RIGHT[call]])) is not None
    for answer in spoilt(WDT_RIGHT[call]):
        assert_wdt_is_careful(call, [answer])


@pytest.mark.parametrize("call", U8_RIGHT)
def test_u8_answers_with_one_wrong_place(call: str) -> None:
    U8_CALLS[call](u8_of([U8_RIGHT[call]], call))
    for answer in spoilt(U8_RIGHT[call]):
        assert_u8_is_careful(call, [answer])


def assert_wdt_is_careful(call: str, answers: list[Any]) -> None:
    try:
        found = WDT_CALLS[call](wdt_of(answers))
    except IntegrationError:
        return
    if isinstance(found, PushResult):
        assert_no_silent_success(found, answers)
    elif isinstance(found, Iterable):
        for record in found:
            assert not isinstance(record, UnreadableRecord) or record.reason


def assert_no_silent_success(found: PushResult, answers: list[Any]) -> None:
    """Every order is in exactly one place; accepted only where an answer said success."""
    settled = [*found.accepted, *found.rejected, *found.failed]
    assert sorted(settled) == ["SO-1", "SO-2"]
    said = [answer.get("code") for answer in answers if isinstance(answer, dict)]
    assert not found.accepted or any(str(code).strip() == "0" and code is not False for code in said)


def assert_u8_is_careful(call: str, answers: list[Any]) -> None:
    try:
        found = U8_CALLS[call](u8_of(answers, call))
    except IntegrationError:
        return
    if isinstance(found, Posted):
        assert found.number
        said = [answer.get("errcode") for answer in answers if isinstance(answer, dict)]
        assert any(code in ("0", "", None) or (code == 0 and code is not False) for code in said), said


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("path", [(), ("errcode",), ("token",), ("token", "id"), ("token", "expiresIn")])
def test_a_token_with_one_wrong_place(path: tuple[Any, ...], wrong: Any) -> None:
    wire: Any = Wire([replaced(TOKEN, path, wrong), {"errcode": "0", "id": "7"}])
    client = U8Client(SETTINGS, Connection(SETTINGS, wire, clock=lambda: 0.0))
    with contextlib.suppress(IntegrationError):
        client.submit(DOCUMENT)


@pytest.mark.parametrize(
    "right", [{"number": "1", "events": [{"status": "signed", "time": "2026-03-01 10:00:00", "text": "x"}]}]
)
def test_tracks_with_one_wrong_place(right: Any) -> None:
    for answer in spoilt(right):
        wire: Any = Wire([answer])
        with contextlib.suppress(IntegrationError):
            TrackingClient("http://127.0.0.1:1", "k", wire).events("SF", "1")


def test_messages_with_one_wrong_place() -> None:
    for answer in spoilt({"id": "7"}):
        wire: Any = Wire([answer])
        with contextlib.suppress(IntegrationError):
            assert MessagingClient("http://127.0.0.1:1", "k", wire).send(MESSAGE)


JSON = st.recursive(
    st.sampled_from([wrong for wrong in WRONG if not isinstance(wrong, list | dict)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=8,
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(call=st.sampled_from(sorted(WDT_CALLS)), answers=st.lists(JSON, min_size=1, max_size=2))
def test_wdt_answers_of_any_shape(call: str, answers: list[Any]) -> None:
    assert_wdt_is_careful(call, answers)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(call=st.sampled_from(sorted(U8_CALLS)), answers=st.lists(JSON, min_size=1, max_size=2))
def test_u8_answers_of_any_shape(call: str, answers: list[Any]) -> None:
    assert_u8_is_careful(call, answers)
