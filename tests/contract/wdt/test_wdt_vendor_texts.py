"""The vendor's published refusals, spoken by the stand-in: the account's trouble is never an order's (F4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from order_flow.integrations.errors import (
    Blocked,
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    Transient,
)
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import RawTradeStatus
from order_flow.integrations.window import SHANGHAI
from tests.contract.wdt.wdt_client_fixtures import ClientMaker, pushed
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.unit.wdt.wdt_samples import line, order

TRADES = [
    pushed(order(line(number, "3", "10"), order_id=f"SO-{number:04d}"), RawTradeStatus.READY)
    for number in (1, 2, 3)
]
TIDS = {trade.tid for trade in TRADES}


@pytest.mark.parametrize(
    ("knobs", "kind", "text"),
    [
        ({"address_refused": True}, Misconfigured, "ip限制"),
        ({"password_needed": True}, Misconfigured, "需要动态口令"),
        ({"database_down": True}, Transient, "数据库错误"),
        ({"server_clock_error": 900.0}, Misconfigured, "时间戳错误"),
    ],
)
@pytest.mark.parametrize("flagship", [False, True])
def test_what_refuses_every_call_is_no_orders_fault(
    wdt: WdtCaller,
    wdt_client: WdtClient,
    knobs: dict[str, object],
    kind: type[IntegrationError],
    text: str,
    flagship: bool,
) -> None:
    wdt.set(**knobs, flagship_codes=flagship)
    with pytest.raises(kind, match=text):
        wdt_client.push_trades(TRADES)
    with pytest.raises(kind, match=text):
        wdt_client.trades_of("SO-0001")


@pytest.mark.parametrize("flagship", [False, True])
def test_a_shop_that_cannot_be_pushed_to_is_a_setting(
    wdt: WdtCaller, make_client: ClientMaker, flagship: bool
) -> None:
    wdt.set(flagship_codes=flagship)
    with pytest.raises(Misconfigured, match="店铺编号不存在或已停用"):
        make_client(shop_no="nowhere").push_trades(TRADES)


@pytest.mark.parametrize("flagship", [False, True])
def test_an_order_ahead_of_wdts_clock_waits_and_the_others_pass(
    wdt: WdtCaller, wdt_client: WdtClient, flagship: bool
) -> None:
    wdt.set(flagship_codes=flagship)
    ahead = replace(TRADES[1], trade_time=datetime.now(SHANGHAI) + timedelta(minutes=3))
    result = wdt_client.push_trades([TRADES[0], ahead, TRADES[2]])
    assert result.accepted == TIDS - {ahead.tid}
    assert type(result.failed[ahead.tid]) is Transient


@pytest.mark.parametrize(
    "knobs", [{"partial_failure_text": "部分订单推送失败"}, {"partial_failure_length": 20.0}]
)
def test_a_success_that_leaves_orders_open_is_no_success(
    wdt: WdtCaller, wdt_client: WdtClient, knobs: dict[str, object]
) -> None:
    """F5: one order was refused, two were stored, and the answer does not say which."""
    wdt.set(**knobs, partial_failure_code=0.0)
    result = wdt_client.push_trades([replace(TRADES[0], receiver_name="名" * 41), *TRADES[1:]])
    assert result.accepted == frozenset()
    assert set(result.failed) == TIDS
    assert all(type(error) is OutcomeUnknown for error in result.failed.values())


def test_a_firewall_is_told_from_a_wrong_address(
    wdt: WdtCaller, wdt_client: WdtClient, make_client: ClientMaker
) -> None:
    """F3: a call without orders shows whether every call is refused or only this content."""
    wdt.arm("firewall", endpoint="trade_push", match="SO-0002")
    with pytest.raises(Blocked):
        wdt_client.push_trades(TRADES)
    assert wdt_client.answers()
    assert not make_client(base_url=f"{wdt.url}/elsewhere").answers()
