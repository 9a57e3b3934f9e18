"""One order that breaks its calls does not stop the others, and is named (F3, F5, R-352)."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import frappe
import pytest

from order_flow.flow.desk.why import why
from order_flow.integrations.errors import OutcomeUnknown
from order_flow.integrations.wdt.codes import RawTradeStatus
from order_flow.integrations.wdt.port import PushResult
from order_flow.integrations.wdt.pushing import UNCLEAR_ANSWER
from order_flow.outbox.handler import Done, Failed
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import RowState
from order_flow.sync.wdt.push import Push, PushWork, WdtTradePush
from tests.site.support.builders import WDT_ACCOUNT
from tests.site.support.sync_lab import Lab
from tests.unit.wdt.test_wdt_pushing import SAMPLE


def account() -> Any:
    frappe.db.rollback()
    return frappe.db.get_value("WDT Account", WDT_ACCOUNT, ["paused", "pause_reason"], as_dict=True)


def states(lab: Lab, orders: list[Any]) -> list[str]:
    return [lab.rows(order)[0][2] for order in orders]


def last_error(order: Any) -> str:
    return str(frappe.db.get_value("Sync Outbox", {"document": order.name}, "last_error"))


@pytest.fixture
def five(lab: Lab) -> list[Any]:
    return [lab.order() for _ in range(5)]


@pytest.mark.parametrize("status", [403, 405])
def test_a_firewall_that_dislikes_one_order_stops_only_that_one(
    lab: Lab, five: list[Any], status: int
) -> None:
    lab.wdt.arm("firewall", endpoint="trade_push", match=five[2].name, args={"status": status})
    lab.tell_wdt()
    assert states(lab, five) == [RowState.DONE, RowState.DONE, RowState.DEAD, RowState.DONE, RowState.DONE]
    assert account().paused == 0
    assert five[2].name in last_error(five[2])
    assert str(status) in last_error(five[2])


def test_two_orders_that_a_firewall_dislikes(lab: Lab, five: list[Any]) -> None:
    for order in (five[0], five[4]):
        lab.wdt.arm("firewall", endpoint="trade_push", match=order.name)
    lab.tell_wdt()
    assert states(lab, five) == [RowState.DEAD, RowState.DONE, RowState.DONE, RowState.DONE, RowState.DEAD]
    assert account().paused == 0


def test_an_order_alone_that_a_firewall_dislikes(lab: Lab) -> None:
    order = lab.order()
    lab.wdt.arm("firewall", endpoint="trade_push", match=order.name)
    lab.tell_wdt()
    assert states(lab, [order]) == [RowState.DEAD]
    assert account().paused == 0


def test_a_firewall_that_refuses_every_call_pauses_the_account_and_kills_no_order(
    lab: Lab, five: list[Any]
) -> None:
    lab.wdt.arm("firewall", endpoint="trade_push")
    lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    assert set(states(lab, five)) == {RowState.WAITING}
    assert account().paused == 1
    assert "405" in account().pause_reason


def test_a_firewall_that_refuses_every_order_is_the_accounts_trouble_after_a_few(lab: Lab) -> None:
    """It lets the call without orders pass, so a few orders pay for the finding."""
    orders = [lab.order() for _ in range(8)]
    lab.wdt.arm("firewall", endpoint="trade_push", match="SO")
    lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    assert states(lab, orders).count(RowState.DEAD) == 3
    assert states(lab, orders).count(RowState.WAITING) == 5
    assert account().paused == 1


@pytest.mark.parametrize("kind", ["drop_before", "http_5xx", "garbage"])
def test_an_order_that_breaks_every_call_it_is_in_soon_stands_alone(
    lab: Lab, five: list[Any], kind: str
) -> None:
    """A connection cut off, an error 500, a page with HTTP 200: none of them names the order."""
    lab.wdt.arm(kind, endpoint="trade_push", match=five[2].name)
    lab.tell_wdt()
    assert states(lab, five) == [RowState.DONE, RowState.DONE, RowState.DEAD, RowState.DONE, RowState.DONE]


class TellingNothing:
    """A port whose successes leave every order open."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known
        self.calls: list[list[str]] = []

    def push_trades(self, trades: Any) -> PushResult:
        self.calls.append([trade.tid for trade in trades])
        doubt = OutcomeUnknown("?", code=UNCLEAR_ANSWER)
        return PushResult(frozenset(), {}, {trade.tid: doubt for trade in trades})

    def trades_of(self, tid: str) -> Any:
        return [SimpleNamespace(status_code=self.known[tid])] if tid in self.known else []


@pytest.mark.parametrize(
    ("status", "reached", "arrived"),
    [
        (RawTradeStatus.UNPAID, 10, True),
        (RawTradeStatus.READY, 10, False),
        (RawTradeStatus.READY, 30, True),
        (RawTradeStatus.COMPLETED, 95, False),
        (RawTradeStatus.COMPLETED, 110, True),
    ],
)
def test_a_success_that_leaves_an_order_open_is_looked_up_before_it_is_told_again(
    status: RawTradeStatus, reached: int, arrived: bool
) -> None:
    """F5: asked what it has; only what WDT does not have yet is pushed once more."""
    row: Any = SimpleNamespace(name=1, progress={})
    trade = replace(SAMPLE, tid="A", trade_status=status)
    port: Any = TellingNothing({"A": reached})
    first = WdtTradePush().send(PushWork((Push(row, trade, status),)), port)[1]
    assert isinstance(first, Failed)
    assert type(first.error) is OutcomeUnknown
    row.progress = first.progress
    second = WdtTradePush().send(PushWork((Push(row, trade, status),)), port)[1]
    assert isinstance(second, Done) is arrived
    assert len(port.calls) == (1 if arrived else 2)


def test_reasons_are_stored_in_the_language_of_the_site(lab: Lab, chinese: None) -> None:
    """C6: the relay runs in a job that has no reader; its words are read by people of the site."""
    order = lab.order()
    lab.wdt.arm("firewall", endpoint="trade_push", match=order.name)
    lab.tell_wdt()
    dead = last_error(order)
    lab.wdt.set(address_refused=True)
    lab.order()
    lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    assert dead.startswith(f"中途的防火墙拦截了 {order.name} 的内容")
    assert account().pause_reason == (
        "trade_push:旺店通拒绝(代码 6):ip限制。 请把本站点服务器的 IP 加入旺店通的 IP 白名单。(代码 6)"
        "账户已暂停。"
    )


def test_who_corrects_an_order_frees_it(lab: Lab) -> None:
    """WDT refused an address without its district; the desk that fills it in needs no operator."""
    order = lab.order(district="")
    lab.tell_wdt()
    assert [row[2] for row in lab.rows(order)] == [RowState.DEAD]
    stored = lab.reload(order)
    stored.district = "香洲区"
    stored.save()
    frappe.db.commit()
    lab.tell_wdt()
    assert [row[2] for row in lab.rows(order)] == [RowState.SUPERSEDED, RowState.DONE]
    assert why(lab.reload(order)).reasons == ()


def test_a_correction_that_does_not_help_is_told_once(lab: Lab) -> None:
    order = lab.order(district="")
    lab.tell_wdt()
    stored = lab.reload(order)
    stored.address_line = "情侣中路2号"
    stored.save()
    frappe.db.commit()
    lab.tell_wdt()
    assert [row[2] for row in lab.rows(order)] == [RowState.SUPERSEDED, RowState.DEAD]
