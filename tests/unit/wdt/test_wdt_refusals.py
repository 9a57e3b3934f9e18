"""Refusals of WDT and what they mean for the caller (wdt-openapi 1.4, 2.1)."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.integrations.wdt.refusals import errors_by_order, named_in, refusal


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("100", "超过每分钟最大调用频率限制", RateLimited),
        ("1", "超过每分钟最大并发次数限制，请稍后", RateLimited),
        ("2030", "", Misconfigured),
        ("2060", "x", Misconfigured),
        ("2100", "时间戳过期", Misconfigured),
        ("100", "签名验证失败", Misconfigured),
        ("1", "Sign Error", Misconfigured),
        ("100", "权限不足", Misconfigured),
        ("100", "无仓库访问权限", Misconfigured),
        ("1007", "appkey disabled", Misconfigured),
        ("1060", "余额不足", Misconfigured),
        ("2310", "店铺不存在", Misconfigured),
        ("1020", "请勿重复操作", Transient),
        ("1610", "?", Transient),
        ("99", "同一批订单的买家不能相同", Rejected),
        ("2830", "无效的值", Rejected),
        ("8", "", Rejected),
        # What the vendor publishes for its flagship edition (F4).
        ("7", "时间戳错误", Misconfigured),
        ("6", "ip限制", Misconfigured),
        ("4", "数据库错误", Transient),
        ("5", "数据库错误", Transient),
        ("3", "需要动态口令", Misconfigured),
        ("100", "店铺编号不存在或已停用", Misconfigured),
        ("100", "店铺平台不是自有平台", Misconfigured),
        ("100", "传入店铺编号全部错误", Misconfigured),
        ("100", "下单时间非法,原始单号为：SO-1", Transient),
        # An order's own words.
        ("100", "货品 签名笔 不存在", Rejected),
    ],
)
def test_table(code: str, message: str, kind: type[IntegrationError]) -> None:
    error = refusal("trade_push", code, message, 300.0)
    assert type(error) is kind
    assert error.code == code
    assert message in error.message
    assert error.retry_after == (300.0 if kind is RateLimited else None)


def test_an_encoded_message_is_decoded_before_it_is_judged() -> None:
    error = refusal("trade_push", "100", quote("权限不足"), 300.0)
    assert isinstance(error, Misconfigured)
    assert "权限不足" in error.message


LISTED = [{"tid": "A", "error": "地址错误"}, {"tid": "B", "error": ""}, {"tid": "Z", "error": "x"}, 5]
EXPECTED = {"A": "地址错误", "B": "WDT gave no reason"}


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(json.dumps(LISTED), id="json"),
        pytest.param(json.dumps(LISTED, ensure_ascii=False), id="json-not-escaped"),
        pytest.param(quote(json.dumps(LISTED)), id="url-encoded-json"),
        pytest.param(
            json.dumps([{"tid": "A", "error": quote("地址错误")}, {"tid": "B"}]), id="encoded-errors"
        ),
    ],
)
def test_errors_by_order_are_found_in_every_form(message: str) -> None:
    assert errors_by_order(message, ["A", "B", "C"]) == EXPECTED


@pytest.mark.parametrize(
    ("message", "named"),
    [("原始单号为:A", "A"), ("A地址错误", "A"), ("A-1 错误", ""), ("AB", ""), ("订单(A)、C", "AC")],
)
def test_a_text_names_orders_by_their_whole_number(message: str, named: str) -> None:
    assert set(named_in(message, ["A", "B", "C"])) == set(named)
    assert errors_by_order(message, ["A", "B", "C"]) == {}


@pytest.mark.parametrize("message", ["", "签名错误", "[1", "{}", '[{"error": "no tid"}]', "100% wrong"])
def test_other_messages_name_no_order(message: str) -> None:
    assert errors_by_order(message, ["A"]) == {}
