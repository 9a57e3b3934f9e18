"""Batches of a push and the fate of each order (wdt-openapi 1.5, 2.1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
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
from order_flow.integrations.wdt.codes import RawTradeStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import PushResult, RawTrade
from order_flow.integrations.wdt.pushing import UNCLEAR_ANSWER, Batch, Push, PushAnswer, batches
from order_flow.integrations.wdt.refusals import refusal
from tests.unit.wdt.wdt_samples import NOW, line, order, settings

SAMPLE = raw_trade(order(line(1, "1", "5")), RawTradeStatus.READY, settings().trade, NOW)
Answer = Callable[[Batch], tuple[Any, ...]]


def trade(tid: str, buyer: str = "") -> RawTrade:
    return replace(SAMPLE, tid=tid, buyer_nick=buyer or tid)


def push(answer: Answer, *calls: Batch) -> tuple[PushResult, list[list[str]]]:
    sent: list[list[str]] = []

    def send(batch: Batch) -> PushAnswer:
        sent.append([item.tid for item in batch])
        code, message, *stored = answer(batch)
        return PushAnswer(code, message, *stored)

    result = Push(send, lambda code, text: refusal("trade_push", code, text, 300)).run(calls)
    return result, sent


ABCD = tuple(trade(tid) for tid in "ABCD")


def test_batches_keep_both_limits_and_every_order() -> None:
    many = [trade(f"X{number:02d}", "one buyer") for number in range(7)] + [trade(f"Y{n}") for n in range(4)]
    calls = list(batches(many, size=5, per_buyer=3))
    assert [len(call) for call in calls] == [5, 5, 1]
    assert all(sum(item.buyer_nick == "one buyer" for item in call) <= 3 for call in calls)
    assert sorted(item.tid for call in calls for item in call) == sorted(item.tid for item in many)


def test_a_batch_that_succeeds() -> None:
    result, sent = push(lambda batch: ("0", ""), ABCD)
    assert result == PushResult(frozenset("ABCD"), {})
    assert sent == [["A", "B", "C", "D"]]


def test_code_0_does_not_mean_that_every_order_was_taken() -> None:
    result, _ = push(lambda batch: ("0", json.dumps([{"tid": "B", "error": "重复"}])), ABCD)
    assert result == PushResult(frozenset("ACD"), {"B": "重复"})


@pytest.mark.parametrize(
    ("message", "rejected"),
    [
        ("部分订单推送失败", {}),
        ('[{"tid": "B", "error": "重复"}, {"tid": "C", "err', {"B": "重复"}),
        ("订单B已更新, 其余见日志", {}),
        ("[", {}),
    ],
)
def test_a_success_with_words_counts_only_where_it_leaves_nothing_open(
    message: str, rejected: dict[str, str]
) -> None:
    """F5: a plain text or a list that was cut off."""
    result, sent = push(lambda batch: ("0", message), ABCD)
    assert result.accepted == frozenset()
    assert result.rejected == rejected
    assert set(result.failed) == set("ABCD") - set(rejected)
    assert all(type(error) is OutcomeUnknown for error in result.failed.values())
    assert {error.code for error in result.failed.values()} == {UNCLEAR_ANSWER}
    assert len(sent) == 1


@pytest.mark.parametrize("message", ["", "OK", "success", "操作成功。", "[]"])
def test_words_of_success_leave_nothing_open(message: str) -> None:
    result, _ = push(lambda batch: ("0", message), ABCD)
    assert result == PushResult(frozenset("ABCD"), {})


@pytest.mark.parametrize(("stored", "sure"), [(4, True), (3, False), (None, False)])
def test_figures_that_cover_everything_leave_nothing_open(stored: int | None, sure: bool) -> None:
    result, _ = push(lambda batch: ("0", "见日志", stored), ABCD)
    assert result.accepted == (frozenset("ABCD") if sure else frozenset())


def test_a_refusal_that_names_an_order_in_its_text_hits_that_order_alone() -> None:
    def answer(batch: Batch) -> tuple[str, str]:
        named = any(item.tid == "C" for item in batch)
        return ("100", "地址错误,原始单号为:C") if named else ("0", "")

    result, sent = push(answer, ABCD)
    assert result.accepted == frozenset("ABD")
    assert set(result.rejected) == {"C"}
    assert sent == [["A", "B", "C", "D"], ["A", "B", "D"]]


@pytest.mark.parametrize("text", ["店铺编号不存在或已停用", "权限不足"])
def test_the_accounts_trouble_told_order_by_order_stays_the_accounts(text: str) -> None:
    listed = json.dumps([{"tid": tid, "error": text} for tid in "ABCD"])
    with pytest.raises(Misconfigured):
        push(lambda batch: ("100", listed), ABCD)


def test_an_order_that_lies_ahead_of_wdts_clock_waits_alone() -> None:
    listed = json.dumps([{"tid": "B", "error": "下单时间非法"}])
    result, _ = push(lambda batch: ("0", listed), ABCD)
    assert (result.accepted, result.rejected) == (frozenset("ACD"), {})
    assert type(result.failed["B"]) is Transient


def test_a_refusal_that_names_orders_leaves_the_others_to_be_sent_again() -> None:
    def answer(batch: Batch) -> tuple[str, str]:
        bad = [{"tid": item.tid, "error": "字段缺失"} for item in batch if item.tid in "BD"]
        return ("1", json.dumps(bad)) if bad else ("0", "")

    result, sent = push(answer, ABCD)
    assert result == PushResult(frozenset("AC"), {"B": "字段缺失", "D": "字段缺失"})
    assert sent == [["A", "B", "C", "D"], ["A", "C"]]


def test_a_refusal_that_names_none_is_narrowed_down_to_the_guilty_order() -> None:
    def answer(batch: Batch) -> tuple[str, str]:
        return ("1", "无效的值") if any(item.tid == "C" for item in batch) else ("0", "")

    result, sent = push(answer, ABCD)
    assert result.accepted == frozenset("ABD")
    assert set(result.rejected) == {"C"}
    assert "无效的值" in result.rejected["C"]
    assert sent == [["A", "B", "C", "D"], ["A", "B"], ["C", "D"], ["C"], ["D"]]


@pytest.mark.parametrize(
    "error", [OutcomeUnknown("lost"), RateLimited("rest", retry_after=3), Transient("no")]
)
def test_a_failed_first_call_raises(error: IntegrationError) -> None:
    def answer(batch: Batch) -> tuple[str, str]:
        raise error

    with pytest.raises(type(error)):
        push(answer, ABCD)


def test_a_rate_limit_is_not_taken_for_a_refusal_of_the_orders() -> None:
    with pytest.raises(RateLimited):
        push(lambda batch: ("100", "超过每分钟最大调用频率限制"), ABCD)


def test_a_later_failure_keeps_what_is_known_and_says_what_to_do_with_the_rest() -> None:
    def answer(batch: Batch) -> tuple[str, str]:
        if batch[0].tid == "B":
            raise OutcomeUnknown("no answer in time")
        return "0", ""

    result, sent = push(answer, ABCD[:1], ABCD[1:3], ABCD[3:])
    assert result.accepted == frozenset("A")
    assert {tid: type(error) for tid, error in result.failed.items()} == {
        "B": OutcomeUnknown,
        "C": OutcomeUnknown,
        "D": Transient,  # never sent: no need to look it up
    }
    assert sent == [["A"], ["B", "C"]]


def test_a_single_refused_order() -> None:
    result, _ = push(lambda batch: ("1", ""), ABCD[:1])
    assert "gave no reason" in result.rejected["A"]
    assert not isinstance(result.rejected["A"], Rejected)
