"""The client against a WDT stand-in that misbehaves: nothing lost, nothing doubled, each failure by its class
(wdt-openapi 1.4, 1.5, 2.1, 6)."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.integrations.transport import AttemptRecord
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import ConsignBit, RawTradeStatus
from order_flow.integrations.wdt.port import Acknowledgement, RawTrade, ShipmentNotice
from order_flow.integrations.wdt.settings import PushSwitch
from order_flow.integrations.window import SHANGHAI, Window
from tests.contract.wdt.wdt_client_fixtures import ClientMaker, pushed
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.unit.wdt.wdt_samples import line, order

S = RawTradeStatus
ORDER = order(line(1, "3", "10"))
QUICK = {"read_timeout": 0.3}
ACCOUNT: dict[str, Any] = {
    "sid": "demo-sid",
    "appkey": "demo-appkey",
    "secret": "demo-secret-001",
    "shops": [{"shop_no": "web01", "platform_id": 127}],
    "warehouses": [],
    "carriers": [],
}

LOST_ANSWERS = [
    pytest.param("drop_after_commit", {}, True, id="commit-then-drop"),
    pytest.param("hang", {"seconds": 2, "when": "after"}, True, id="commit-then-timeout"),
    pytest.param("hang", {"seconds": 2, "when": "before"}, False, id="timeout-before"),
    pytest.param("drop_before", {}, False, id="drop-before"),
    pytest.param("http_5xx", {"status": 502, "when": "after"}, True, id="502-after"),
    pytest.param("http_5xx", {"status": 500, "when": "before"}, False, id="500-before"),
    pytest.param("garbage", {"mode": "html"}, True, id="html"),
    pytest.param("garbage", {"mode": "invalid"}, True, id="invalid-json"),
    pytest.param("garbage", {"mode": "truncated"}, True, id="truncated-json"),
]


def trade(number: int = 1, **changes: Any) -> RawTrade:
    facts = order(line(number, "3", "10"), order_id=f"SO-{number:04d}")
    return replace(pushed(facts, S.READY), **changes)


@pytest.mark.parametrize(("kind", "args", "stored"), LOST_ANSWERS)
def test_a_push_without_an_answer_is_unknown_and_may_be_repeated(
    wdt: WdtCaller, make_client: ClientMaker, kind: str, args: dict[str, Any], stored: bool
) -> None:
    """Whether it arrived or not, the same push again gives one order (wdt-openapi 2.1 idempotency)."""
    client = make_client(**QUICK)
    wdt.arm(kind, endpoint="trade_push", times=1, args=args)
    with pytest.raises(OutcomeUnknown):
        client.push_trades([trade()])
    wdt.settle()
    assert (len(client.trades_of("SO-0001")) == 1) is stored
    assert client.push_trades([trade()]).accepted == {"SO-0001"}
    wdt.settle()
    assert len(client.trades_of("SO-0001")) == 1


@pytest.mark.parametrize(("kind", "args", "stored"), LOST_ANSWERS)
def test_a_read_without_an_answer_is_transient(
    wdt: WdtCaller, make_client: ClientMaker, kind: str, args: dict[str, Any], stored: bool
) -> None:
    client = make_client(**QUICK)
    wdt.arm(kind, endpoint="sales_trade_query", times=1, args=args)
    with pytest.raises(Transient):
        client.trades_of("SO-0001")
    assert client.trades_of("SO-0001") == ()


def shipped_notice(wdt: WdtCaller, client: WdtClient) -> ShipmentNotice:
    client.push_trades([trade()])
    wdt.settle()
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship", tid="SO-0001")
    (notice,) = client.waiting_shipments(100)
    assert isinstance(notice, ShipmentNotice)
    return notice


@pytest.mark.parametrize(("kind", "args", "stored"), LOST_ANSWERS)
def test_an_acknowledgement_without_an_answer_is_unknown_and_may_be_repeated(
    wdt: WdtCaller, make_client: ClientMaker, kind: str, args: dict[str, Any], stored: bool
) -> None:
    client = make_client(**QUICK)
    notice = shipped_notice(wdt, client)
    wdt.arm(kind, endpoint="logistics_sync_ack", times=1, args=args)
    with pytest.raises(OutcomeUnknown):
        client.acknowledge([Acknowledgement(notice.rec_id)])
    assert (client.waiting_shipments(100) == ()) is stored
    errors = client.acknowledge([Acknowledgement(notice.rec_id)])
    assert (notice.rec_id in errors) is stored  # already done over there is reported, and harmless
    assert client.waiting_shipments(100) == ()


@pytest.mark.parametrize("answer", ["first", "last"])
def test_a_push_that_is_processed_twice_makes_one_order(
    wdt: WdtCaller, wdt_client: WdtClient, answer: str
) -> None:
    wdt.arm("duplicate", endpoint="trade_push", times=1, args={"answer": answer})
    assert wdt_client.push_trades([trade()]).accepted == {"SO-0001"}
    wdt.settle()
    assert len(wdt_client.trades_of("SO-0001")) == 1


def test_lists_in_any_order_give_the_same_records(wdt: WdtCaller, make_client: ClientMaker) -> None:
    client = make_client(page_size=2)
    client.push_trades([trade(number) for number in range(5)])
    wdt.settle()
    wdt.arm("reorder", endpoint="sales_trade_query", args={"mode": "reverse"})
    now = datetime.now(SHANGHAI)
    found = list(client.trades_changed(Window(now - timedelta(minutes=5), now + timedelta(seconds=30))))
    assert len(found) == 5


def test_the_vendors_rate_limit_text_rests_the_account(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    wdt.arm("rate_limit", endpoint="*", times=1)
    with pytest.raises(RateLimited) as caught:
        wdt_client.push_trades([trade()])
    assert caught.value.retry_after == 300.0
    wdt.settle()
    assert wdt_client.trades_of("SO-0001") == ()  # refused means that nothing was stored


def test_too_many_calls_a_minute(wdt: WdtCaller, make_client: ClientMaker) -> None:
    # An account of its own: the stand-in counts real minutes, and other tests call the demo account.
    wdt.admin("POST", "accounts", {**ACCOUNT, "appkey": "busy-appkey"})
    wdt.set(calls_per_minute=2)
    client = make_client(appkey="busy-appkey")
    client.trades_of("A")
    client.trades_of("A")
    with pytest.raises(RateLimited):
        client.trades_of("A")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"appsecret": "wrong-secret"}, "sign error"),
        ({"appkey": "nobody"}, "appkey"),
        ({"sid": "nobody"}, "sid is not"),
        ({"shop_no": "nowhere"}, "code 2310"),
    ],
)
def test_wrong_credentials_are_not_retried_but_reported(
    wdt: WdtCaller, make_client: ClientMaker, change: dict[str, str], text: str
) -> None:
    client = make_client(**change)
    for call in (lambda: client.push_trades([trade()]), lambda: client.waiting_shipments(1)):
        with pytest.raises(Misconfigured, match=text):
            call()


@pytest.mark.parametrize("seconds", [-400, 400])
def test_a_clock_that_is_off_is_named(wdt: WdtCaller, wdt_client: WdtClient, seconds: int) -> None:
    wdt.set(server_clock_error=seconds)
    with pytest.raises(Misconfigured, match="clock"):
        wdt_client.trades_of("SO-0001")


def test_a_missing_right_is_named(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    wdt.admin("POST", "accounts", {**ACCOUNT, "rights": ["trade_push"]})
    with pytest.raises(Misconfigured, match="grant the interface"):
        wdt_client.waiting_shipments(1)


def test_a_wrong_address_is_a_setting(wdt: WdtCaller, make_client: ClientMaker) -> None:
    client = make_client(base_url=f"{wdt.url}/openapi3")
    with pytest.raises(Misconfigured, match="address"):
        client.trades_of("SO-0001")


def test_nobody_there(make_client: ClientMaker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/openapi2"
    with pytest.raises(Transient, match="nothing was sent"):
        make_client(base_url=url).push_trades([trade()])


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("strict", [PushSwitch.TOLERANT, PushSwitch.STRICT])
@pytest.mark.parametrize("code", [0, 1, 100])
def test_refused_orders_do_not_take_their_neighbours_along(
    wdt: WdtCaller, make_client: ClientMaker, encoded: bool, strict: PushSwitch, code: int
) -> None:
    """Per-order errors, plain or URL-encoded; a batch is never atomic for us (wdt-openapi 2.1, 6, 9.3)."""
    wdt.set(
        url_encode_errors=encoded,
        strict_switch_refuses_batch=strict is PushSwitch.STRICT and code != 0,
        partial_failure_code=code,
    )
    client = make_client(push_switch=strict)
    good = [trade(number) for number in range(4)]
    bad = trade(9, receiver_province="", receiver_city="", receiver_district="")
    result = client.push_trades([*good[:2], bad, *good[2:]])
    assert result.accepted == {item.tid for item in good}
    assert set(result.rejected) == {"SO-0009"}
    assert "receiver_province" in result.rejected["SO-0009"]
    wdt.settle()
    assert all(len(client.trades_of(item.tid)) == 1 for item in good)


def test_a_batch_of_one_buyer_is_cut(wdt: WdtCaller, make_client: ClientMaker) -> None:
    orders = [trade(number) for number in range(65)]
    assert len(make_client().push_trades(orders).accepted) == 65
    # Without our cut the far side refuses the batch naming no order; it is narrowed down all the same.
    wdt.admin("POST", "reset")
    assert len(make_client(push_batch_per_buyer=50).push_trades(orders).accepted) == 65


@pytest.mark.parametrize("change", ["num", "price"])
def test_a_changed_quantity_is_refused_by_name(wdt: WdtCaller, wdt_client: WdtClient, change: str) -> None:
    first = trade()
    assert wdt_client.push_trades([first]).accepted
    lines = tuple(replace(item, **{change: getattr(item, change) + 1}) for item in first.lines)
    result = wdt_client.push_trades([replace(first, lines=lines)])
    assert change in result.rejected["SO-0001"]


def test_a_used_line_id_is_taken_but_never_becomes_a_trade(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    """The repeat is only found at submit: alert on raw orders without a sales trade (wdt-openapi 6)."""
    first = trade(1)
    second = replace(trade(2), lines=first.lines)
    assert wdt_client.push_trades([first]).accepted
    wdt.settle()
    assert wdt_client.push_trades([second]).accepted
    wdt.settle()
    assert wdt_client.trades_of("SO-0002") == ()


def test_a_longer_window_is_refused_by_the_far_side_and_cut_by_us(
    wdt: WdtCaller, make_client: ClientMaker
) -> None:
    now = datetime.now(SHANGHAI)
    day = Window(now - timedelta(days=1), now)
    assert list(make_client().trades_changed(day)) == []
    with pytest.raises(Rejected, match="2830"):
        list(make_client(trade_window=timedelta(minutes=61)).trades_changed(day))
    with pytest.raises(Rejected, match="2830"):
        list(
            make_client(stockout_window=timedelta(days=31)).stockouts_shipped(
                Window(now - timedelta(40), now)
            )
        )


def test_a_window_may_fail_in_the_middle_and_be_read_again(wdt: WdtCaller, make_client: ClientMaker) -> None:
    client = make_client(page_size=2)
    client.push_trades([trade(number) for number in range(5)])
    wdt.settle()
    now = datetime.now(SHANGHAI)
    window = Window(now - timedelta(minutes=5), now + timedelta(seconds=30))
    wdt.arm("http_5xx", endpoint="sales_trade_query", times=1, match="2", args={"status": 502})
    failures = 0
    found: list[object] = []
    while len(found) < 5 and failures < 3:
        try:
            found = list(client.trades_changed(window))
        except Transient:
            failures += 1
    assert (failures, len(found)) == (1, 5)


def test_every_call_is_recorded_without_secrets(
    wdt: WdtCaller, wdt_client: WdtClient, attempts: list[AttemptRecord]
) -> None:
    wdt.arm("http_5xx", endpoint="trade_push", times=1, args={"status": 502})
    with pytest.raises(OutcomeUnknown):
        wdt_client.push_trades([trade()])
    wdt_client.push_trades([trade()])
    wdt.settle()
    wdt_client.trades_of("SO-0001")
    assert [(item.endpoint, item.status, item.error_kind) for item in attempts] == [
        ("trade_push", 502, "OutcomeUnknown"),
        ("trade_push", 200, ""),
        ("sales_trade_query", 200, ""),
    ]
    for item in attempts:
        assert "demo-secret-001" not in item.request + item.answer
        assert "13800000000" not in item.request + item.answer
        assert json.loads(item.request)["form"]["sign"] == "***"


Call = Callable[[WdtClient], object]
ANY_CALL: list[Call] = [
    lambda client: client.push_trades([trade()]),
    lambda client: client.trades_of("SO-0001"),
    lambda client: client.stockouts_of("SO-0001"),
    lambda client: list(client.trades_changed(Window(datetime.now(SHANGHAI), datetime.now(SHANGHAI)))),
    lambda client: list(client.stockouts_shipped(Window(datetime.now(SHANGHAI), datetime.now(SHANGHAI)))),
    lambda client: client.waiting_shipments(10),
    lambda client: client.acknowledge([Acknowledgement("1")]),
    lambda client: client.shops(),
    lambda client: client.warehouses(),
    lambda client: client.carriers(),
    lambda client: list(client.stock_changed(Window(datetime.now(SHANGHAI), datetime.now(SHANGHAI)))),
    lambda client: client.stock_of("CUP"),
]


@pytest.mark.parametrize("call", ANY_CALL)
def test_any_call_into_a_far_side_that_is_down_raises_one_of_our_errors(
    wdt: WdtCaller, wdt_client: WdtClient, call: Call
) -> None:
    wdt.arm("down_until", args={"seconds": 3600, "mode": "drop"})
    with pytest.raises(IntegrationError):
        call(wdt_client)
    wdt.turn_clock(3601)
    call(wdt_client)


def test_an_early_completion_leaves_no_shipment_to_read(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    """Why 70 is pushed only after the shipment was read back (wdt-openapi 2.8, 6)."""
    wdt_client.push_trades([trade()])
    wdt.settle()
    wdt.verb("audit", "SO-0001")
    wdt_client.push_trades([pushed(ORDER, S.COMPLETED, S.READY)])
    wdt.settle()
    wdt.steps("print", "pick", "scan", "weigh", "ship", tid="SO-0001")
    (stockout,) = wdt_client.stockouts_of("SO-0001")
    assert stockout.consign & ConsignBit.RAW_ORDER_COMPLETED
    assert wdt_client.waiting_shipments(10) == ()
