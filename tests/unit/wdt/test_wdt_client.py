"""The client against scripted answers: parameters, paging, windows, records set aside (wdt-openapi 1, 2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from order_flow.integrations.errors import OutcomeUnknown, RateLimited, Rejected, Transient
from order_flow.integrations.rate_limit import Unlimited
from order_flow.integrations.transport import Effect, Request, Response, Transport
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import RawTradeStatus, StockoutStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import Acknowledgement, UnreadableRecord
from order_flow.integrations.wdt.settings import PartSync, PushSwitch, TradeEndpoint
from order_flow.integrations.wdt.signing import sign
from order_flow.integrations.window import Window
from tests.unit.wdt.wdt_samples import (
    NOTICE_RECORD,
    NOW,
    STOCKOUT_RECORD,
    TRADE_RECORD,
    line,
    order,
    settings,
)

Answer = Callable[[Request], object]
ACCEPTED = {"code": 0, "message": ""}


class Scripted(Transport):
    """A transport that asks a function instead of a socket and remembers what it was given."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("demo", lambda record: None, Unlimited())
        self.answer = answer
        self.requests: list[Request] = []

    def call(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(200, self.answer(request), 1)

    def forms(self) -> list[Mapping[str, str]]:
        return [request.form or {} for request in self.requests]


def client(answer: Answer | Mapping[str, object], **account: Any) -> tuple[WdtClient, Scripted]:
    transport = Scripted(answer if callable(answer) else lambda request: answer)
    return WdtClient(settings(**account), transport, clock=lambda: NOW), transport


def pushed(tid: str = "SO-0001") -> Any:
    return raw_trade(order(line(1, "3", "10"), order_id=tid), RawTradeStatus.READY, settings().trade, NOW)


def test_a_push_is_signed_posted_and_ascii() -> None:
    wdt, transport = client(ACCEPTED, push_switch=PushSwitch.STRICT)
    result = wdt.push_trades([pushed()])
    (request,) = transport.requests
    form = dict(request.form or {})
    assert result.accepted == {"SO-0001"}
    assert (request.endpoint, request.method, request.effect) == ("trade_push", "POST", Effect.WRITE)
    assert request.url == "http://127.0.0.1:1/openapi2/trade_push.php"
    assert form["timestamp"] == str(int(NOW.timestamp()))
    assert (form["sid"], form["appkey"], form["shop_no"], form["switch"]) == (
        "demo-sid",
        "demo-appkey",
        "web01",
        "1",
    )
    assert form["sign"] == sign({k: v for k, v in form.items() if k != "sign"}, "demo-secret-001")
    assert all(value.isascii() for value in form.values())
    (sent,) = json.loads(form["trade_list"])
    assert (sent["tid"], sent["receiver_name"], sent["order_list"][0]["num"]) == (
        "SO-0001",
        "测试收件人",
        "3.0000",
    )
    assert {"sign", "appkey", "receiver_mobile"} <= request.secrets


def test_a_push_is_cut_into_batches() -> None:
    wdt, transport = client(ACCEPTED)
    result = wdt.push_trades([pushed(f"SO-{number}") for number in range(65)])
    assert len(result.accepted) == 65
    sizes = [len(json.loads(form["trade_list"])) for form in transport.forms()]
    assert sizes == [30, 30, 5]  # one buyer: thirty orders a call


def test_one_order_twice_in_one_push_is_a_mistake_of_the_caller() -> None:
    wdt, transport = client(ACCEPTED)
    with pytest.raises(ValueError, match="SO-0001"):
        wdt.push_trades([pushed(), pushed()])
    assert transport.requests == []


def test_pushing_nothing_calls_nobody() -> None:
    wdt, transport = client(ACCEPTED)
    assert wdt.push_trades([]).accepted == frozenset()
    assert transport.requests == []


@pytest.mark.parametrize("answer", [[], "x", None, {}, {"code": None}, {"code": True}, {"code": " "}])
def test_an_answer_without_a_code_is_no_answer(answer: object) -> None:
    wdt, _ = client(lambda request: answer)
    with pytest.raises(OutcomeUnknown):
        wdt.push_trades([pushed()])
    with pytest.raises(Transient):
        wdt.trades_of("SO-0001")


@pytest.mark.parametrize("code", [0, "0", " 0 "])
def test_the_code_may_be_a_number_or_a_text(code: object) -> None:
    wdt, _ = client({"code": code, "message": None, "total_count": "1", "trades": [TRADE_RECORD]})
    (trade,) = wdt.trades_of("SO-0001")
    assert trade.trade_no == "JY202501010001"


@pytest.mark.parametrize("endpoint", list(TradeEndpoint))
def test_trades_of_one_order_are_asked_by_its_number(endpoint: TradeEndpoint) -> None:
    wdt, transport = client({"code": "0", "total_count": "0"}, trade_endpoint=endpoint)
    assert wdt.trades_of("SO-0001") == ()
    (request,) = transport.requests
    assert (request.endpoint, request.effect) == (endpoint.value, Effect.READ)
    assert {k: v for k, v in (request.form or {}).items() if k not in ("sign", "timestamp")} == {
        "src_tid": "SO-0001",
        "page_no": "0",
        "page_size": "100",
        "sid": "demo-sid",
        "appkey": "demo-appkey",
    }


def test_stockouts_of_one_order_are_asked_for_every_status_of_the_settings() -> None:
    def answer(request: Request) -> object:
        status = (request.form or {}).get("status")
        number = "7" if status is None else "8"
        rows = [STOCKOUT_RECORD | {"stockout_id": number}, STOCKOUT_RECORD | {"stockout_id": "9"}]
        return {"code": 0, "total_count": "2", "stockout_list": rows}

    wdt, transport = client(answer, stockout_statuses_by_order=(None, StockoutStatus.REVIEWED))
    assert {stockout.stockout_id for stockout in wdt.stockouts_of("SO-0001")} == {"7", "8", "9"}
    assert [form.get("status") for form in transport.forms()] == [None, "55"]


class Book:
    """Answers a paged query out of a list of rows; ``moved`` rows leave while it is read."""

    def __init__(self, rows: list[dict[str, object]], size: int) -> None:
        self.rows, self.size = rows, size
        self.pages: list[int] = []
        self.after_page: dict[int, Callable[[], None]] = {}

    def __call__(self, request: Request) -> object:
        form = request.form or {}
        number = int(form["page_no"])
        start = number * self.size
        answer: dict[str, object] = {"code": 0, "message": ""}
        if number == 0:
            answer["total_count"] = str(len(self.rows))
        if rows := self.rows[start : start + self.size]:
            answer["trades"] = rows
        if change := self.after_page.pop(len(self.pages), None):
            change()
        self.pages.append(number)
        return answer


def trades(count: int) -> list[dict[str, object]]:
    return [TRADE_RECORD | {"trade_id": str(number)} for number in range(count)]


def ids(items: Any) -> list[str]:
    return [item.trade_id for item in items]


def test_pages_are_read_from_the_last_to_the_first() -> None:
    book = Book(trades(7), 3)
    wdt, _ = client(book, page_size=3)
    found = ids(wdt.trades_changed(Window(NOW, NOW + timedelta(minutes=1))))
    assert book.pages == [0, 2, 1, 0]
    assert sorted(found) == [str(number) for number in range(7)]


def test_a_row_that_leaves_while_it_is_read_hides_no_other() -> None:
    book = Book(trades(7), 3)
    # After the first look at page 0 and at page 2 a row at the front is modified and leaves the window.
    book.after_page = {0: lambda: book.rows.pop(0).clear(), 1: lambda: book.rows.pop(0).clear()}
    wdt, _ = client(book, page_size=3)
    found = ids(wdt.trades_changed(Window(NOW, NOW + timedelta(minutes=1))))
    assert sorted(found) == ["2", "3", "4", "5", "6"]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_single_page_is_read_once(count: int) -> None:
    book = Book(trades(count), 3)
    wdt, _ = client(book, page_size=3)
    assert len(ids(wdt.trades_changed(Window(NOW, NOW)))) == count
    assert book.pages == [0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"code": 0, "total_count": "9", "trades": [TRADE_RECORD]}, "Set the account's page size"),
        ({"code": 0, "trades": [TRADE_RECORD] * 2}, "total_count says 0"),
        ({"code": 0, "total_count": "many"}, "cannot be paged"),
        ({"code": 0, "total_count": "1", "trades": "x"}, "Field trades should be a list"),
    ],
)
def test_answers_that_cannot_be_paged_are_not_taken_for_complete(answer: Any, reason: str) -> None:
    wdt, _ = client(answer, page_size=2)
    with pytest.raises(Transient, match=reason):
        list(wdt.trades_changed(Window(NOW, NOW)))


def test_a_long_window_is_cut_and_a_row_on_the_border_is_given_once() -> None:
    wdt, transport = client(Book(trades(2), 100))
    found = ids(wdt.trades_changed(Window(NOW, NOW + timedelta(hours=2, minutes=30))))
    assert found == ["0", "1"]
    spans = [(form["start_time"], form["end_time"]) for form in transport.forms()]
    assert spans == [
        ("2025-01-02 09:00:00", "2025-01-02 10:00:00"),
        ("2025-01-02 10:00:00", "2025-01-02 11:00:00"),
        ("2025-01-02 11:00:00", "2025-01-02 11:30:00"),
    ]
    assert {form["shop_no"] for form in transport.forms()} == {"web01"}


def test_stockouts_take_thirty_days_at_a_time() -> None:
    wdt, transport = client({"code": 0, "total_count": "1", "stockout_list": [STOCKOUT_RECORD]})
    found = list(wdt.stockouts_shipped(Window(NOW - timedelta(days=45), NOW)))
    assert len(found) == 1
    starts = [datetime.fromisoformat(form["start_time"]) for form in transport.forms()]
    assert starts[1] - starts[0] == timedelta(days=30)
    assert all("status" not in form for form in transport.forms())  # without it the window is the ship time


def test_one_bad_record_is_set_aside_and_the_others_go_on() -> None:
    rows = [TRADE_RECORD | {"trade_id": "1"}, TRADE_RECORD | {"trade_id": "2", "receivable": "x"}, "junk"]
    wdt, _ = client({"code": 0, "total_count": "3", "trades": rows})
    good, bad, junk = wdt.trades_changed(Window(NOW, NOW))
    assert not isinstance(good, UnreadableRecord)
    assert isinstance(bad, UnreadableRecord)
    assert (bad.stream, bad.key, bad.payload) == ("sales_trade_query", "2", rows[1])
    assert "receivable" in bad.reason
    assert isinstance(junk, UnreadableRecord)
    assert junk.payload == "junk"


def test_a_bad_record_of_one_order_is_an_error_not_an_empty_answer() -> None:
    wdt, _ = client({"code": 0, "total_count": "1", "trades": [TRADE_RECORD | {"trade_status": "?"}]})
    with pytest.raises(Transient, match="Field trade_status"):
        wdt.trades_of("SO-0001")


@pytest.mark.parametrize(("wanted", "sent"), [(10, "10"), (1000, "100")])
def test_shipment_notices_are_drained_within_the_limit(wanted: int, sent: str) -> None:
    rows = [
        NOTICE_RECORD,
        NOTICE_RECORD | {"rec_id": "12", "sync_status": "3"},
        NOTICE_RECORD | {"rec_id": None},
    ]
    wdt, transport = client({"code": "0", "trades": rows})
    notices = wdt.waiting_shipments(wanted)
    assert [getattr(notice, "rec_id", "unreadable") for notice in notices] == ["11", "unreadable"]
    (form,) = transport.forms()
    assert (form["limit"], form["shop_no"]) == (sent, "web01")
    assert "is_part_sync_able" not in form


def test_split_shipping_is_asked_for_only_where_the_account_says_so() -> None:
    wdt, transport = client({"code": 0}, part_sync=PartSync.YES)
    assert wdt.waiting_shipments(1) == ()
    assert transport.forms()[0]["is_part_sync_able"] == "1"


def test_acknowledging_reports_rows_that_were_not_taken() -> None:
    errors = [{"rec_id": 12, "error": "非待同步状态,不可更新"}]
    wdt, transport = client({"code": 0, "message": "", "errors": errors})
    found = wdt.acknowledge(
        [Acknowledgement("11"), Acknowledgement("12", "无此订单😀" + "x" * 300), Acknowledgement("11")]
    )
    assert found == {"12": "非待同步状态,不可更新"}
    (request,) = transport.requests
    assert request.effect is Effect.WRITE
    rows = json.loads((request.form or {})["logistics_list"])
    assert rows[0] == {"rec_id": "11", "status": 0, "message": ""}
    assert (rows[1]["status"], len(rows[1]["message"]), len(rows)) == (1, 255, 2)


def test_acknowledging_takes_fifty_rows_a_call_and_names_what_was_not_sent() -> None:
    calls: list[int] = []

    def answer(request: Request) -> object:
        calls.append(len(json.loads((request.form or {})["logistics_list"])))
        if len(calls) == 2:
            return {"code": 100, "message": "超过每分钟最大调用频率限制"}
        return ACCEPTED

    wdt, _ = client(answer)
    errors = wdt.acknowledge([Acknowledgement(str(number)) for number in range(120)])
    assert calls == [50, 50]
    assert set(errors) == {str(number) for number in range(50, 120)}
    assert "Not acknowledged" in errors["50"]


def test_a_refused_first_acknowledgement_raises() -> None:
    wdt, _ = client({"code": 100, "message": "超过每分钟最大调用频率限制"}, rest_after_rate_limit=42.0)
    with pytest.raises(RateLimited) as caught:
        wdt.acknowledge([Acknowledgement("1")])
    assert caught.value.retry_after == 42.0


def test_a_refused_query_raises_by_the_table() -> None:
    wdt, _ = client({"code": "2900", "message": "时间和单号不能同时为空"})
    with pytest.raises(Rejected, match="code 2900"):
        wdt.trades_of("")


def test_an_unserialised_error_list_is_read_as_well() -> None:
    wdt, _ = client({"code": 0, "message": [{"tid": "SO-0001", "error": "重复"}]})
    assert wdt.push_trades([pushed()]).rejected == {"SO-0001": "重复"}


def test_master_data() -> None:
    answers: dict[str, object] = {
        "shop": {
            "code": 0,
            "total_count": "1",
            "shoplist": [{"shop_no": "web01", "shop_name": "官网", "platform_id": "127"}],
        },
        "warehouse_query": {
            "code": 0,
            "total_count": "1",
            "warehouses": [{"warehouse_no": "WH01", "name": "主仓", "warehouse_type": "1", "city": None}],
        },
        "logistics": {
            "code": 0,
            "logistics_list": [
                {
                    "logistics_no": "SF",
                    "logistics_name": "顺丰",
                    "logistics_type": 8,
                    "is_support_cod": "1",
                    "is_disabled": "0",
                }
            ],
        },
    }
    wdt, transport = client(lambda request: answers[request.endpoint])
    (shop,), (warehouse,), (carrier,) = wdt.shops(), wdt.warehouses(), wdt.carriers()
    assert (shop.shop_no, shop.name, shop.platform_id) == ("web01", "官网", 127)
    assert (warehouse.warehouse_no, warehouse.type_code, warehouse.city) == ("WH01", 1, "")
    assert (carrier.logistics_code, carrier.type_code) == ("SF", 8)
    assert (carrier.supports_cash_on_delivery, carrier.is_disabled) == (True, False)
    assert "page_no" not in transport.forms()[2]  # logistics is a full list
