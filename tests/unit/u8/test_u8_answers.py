"""What answers mean, how documents and numbers are read (u8-openapi 1.5 - 1.7, 2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from order_flow.integrations.transport import Effect
from order_flow.integrations.u8.answers import OwnCodes, Verdict, eai_text, read_answer, verdict_of
from order_flow.integrations.u8.numbers import amount_text, number_of, quantity_text
from order_flow.integrations.u8.port import RemoteLine, U8DocumentKind
from order_flow.integrations.u8.reading import remote_document

EAI = "U8 服务调用失败:key='W1';{};"


@pytest.mark.parametrize(
    ("code", "text", "verdict"),
    [
        ("0", "", Verdict.OK),
        ("", "", Verdict.OK),
        ("10001", "平台错误", Verdict.PLATFORM_FAULT),
        ("20002", "未检索到匹配的[客户档案]", Verdict.NOT_FOUND),
        ("30025", "操作正在执行", Verdict.RUNNING),
        ("20005", EAI.format("业务员不合法,(personcode)"), Verdict.REFUSED),
        ("20005", EAI.format("注册号不正确"), Verdict.NO_ACCESS),
        ("20005", EAI.format("单据日期2026-02-03所在会计期间2026.02已结账,(date)"), Verdict.CLOSED_PERIOD),
        ("20005", EAI.format("其他用户正在修改此单据"), Verdict.IN_USE),
        ("20005", EAI.format("ASP 0251 : 80004005"), Verdict.UNCLEAR),
        ("99999", "token无效或已过期", Verdict.TOKEN_REFUSED),
        ("99999", "企业ent未授权该应用", Verdict.NO_ACCESS),
        ("99999", "交易号或业务号[W1]已被使用", Verdict.UNCLEAR),
        ("99999", "其他用户正在修改", Verdict.UNCLEAR),
    ],
)
def test_verdicts(code: str, text: str, verdict: Verdict) -> None:
    assert verdict_of(code, text) is verdict


@pytest.mark.parametrize(
    ("code", "text", "of_read", "of_write"),
    [
        ("10001", "平台错误", Transient, OutcomeUnknown),
        ("30025", "操作正在执行", Transient, OutcomeUnknown),
        ("77777", "?", Transient, OutcomeUnknown),
        ("20005", EAI.format("会计期间已结账"), Rejected, Rejected),
        ("20005", EAI.format("正在被修改"), Transient, Transient),
        ("20005", EAI.format("注册号不正确"), Misconfigured, Misconfigured),
    ],
)
def test_errors_by_effect(
    code: str, text: str, of_read: type[IntegrationError], of_write: type[IntegrationError]
) -> None:
    answer = read_answer({"errcode": code, "errmsg": text})
    assert type(answer.error("x/get", Effect.READ)) is of_read
    error = answer.error("saleorder/add", Effect.WRITE)
    assert type(error) is of_write
    assert error.code == code
    assert eai_text(text) in error.message


def test_a_numeric_errcode_and_a_missing_one_are_read() -> None:
    """u8-openapi 1.6: errcode is compared as text; 1.5: an absent one counts as success."""
    assert read_answer({"errcode": 0}).verdict is Verdict.OK
    assert read_answer({"ErrCode": 20002, "ErrMsg": None}).verdict is Verdict.NOT_FOUND
    assert read_answer({"url": "u"}).verdict is Verdict.OK


def test_further_token_codes_come_from_the_account() -> None:
    own = OwnCodes(token=frozenset({"4711"}), nothing_found=frozenset({"20006"}))
    assert read_answer({"errcode": "4711"}, codes=own).verdict is Verdict.TOKEN_REFUSED
    assert read_answer({"errcode": "20006", "errmsg": "?"}, codes=own).verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    "text",
    ["没有查询到数据", "无符合条件的记录", "查询结果为空", "No data", "record not found", "未找到该单据"],
)
def test_nothing_found_in_other_words_is_an_answer_to_a_question_only(text: str) -> None:
    """F9: about a document that was sent the same words name something in it."""
    assert verdict_of("50001", text, Effect.READ) is Verdict.NOT_FOUND
    assert verdict_of("50001", text, Effect.WRITE) is Verdict.UNCLEAR
    assert verdict_of("20005", EAI.format(text), Effect.READ) is Verdict.REFUSED


@pytest.mark.parametrize(
    "text",
    [
        "无效的token",
        "access_token已失效",
        "invalid access_token",
        "token timeout",
        "会话已过期",
        "请重新登录",
        "令牌非法",
    ],
)
def test_a_token_that_ended_in_other_words(text: str) -> None:
    assert verdict_of("40001", text) is Verdict.TOKEN_REFUSED


def test_the_eai_text_is_taken_out_of_its_frame() -> None:
    assert eai_text("U8 服务调用失败:key='A';存货不存在,(inventorycode);") == "存货不存在,(inventorycode)"
    assert eai_text("平台错误") == "平台错误"


def test_numbers_in_every_form() -> None:
    assert [number_of(value) for value in ("494.0000", None, "", 3, "1,200.5")] == [
        D("494"),
        D(0),
        D(0),
        D(3),
        D("1200.5"),
    ]
    for wrong in ("abc", "NaN", "Infinity"):
        with pytest.raises(ValueError, match="is not a number"):
            number_of(wrong)
    assert (quantity_text(D("1E+3")), quantity_text(D("12.500")), quantity_text(D("0.00"))) == (
        "1000",
        "12.5",
        "0",
    )
    assert amount_text(D("5")) == "5.00"


def test_a_sale_order_is_read_in_mixed_case_and_with_string_numbers() -> None:
    document = remote_document(
        U8DocumentKind.SALE_ORDER,
        {
            "Code": "0000000001",
            "date": "2026-03-15",
            "custcode": "001",
            "Define1": None,
            "memo": "S-SO-1 x",
            "state": "审核",
            "entry": [{"inventorycode": "P1", "quantity": "2.0000", "Sum": "10.0000"}],
        },
        "define1",
    )
    assert document.number == "0000000001"
    assert document.key == "S-SO-1"
    assert document.date == date(2026, 3, 15)
    assert document.amount == D(10)
    assert document.verified
    assert document.lines == (RemoteLine("P1", D(2), D(10)),)


@pytest.mark.parametrize("absent", [{}, {"quantity": None, "sum": None}, {"quantity": "", "sum": ""}])
def test_a_figure_that_u8_leaves_out_is_unknown_and_never_zero(absent: dict[str, Any]) -> None:
    entry = [{"inventorycode": "P1", **absent}]
    document = remote_document(
        U8DocumentKind.SALE_ORDER, {"code": "1", "sum": "10.00", "entry": entry}, "define1"
    )
    assert document.amount == D(10)
    assert document.lines == (RemoteLine("P1", None, None),)
    with pytest.raises(Rejected, match="neither sum nor lines"):
        remote_document(U8DocumentKind.SALE_ORDER, {"code": "1", "entry": entry}, "define1")


@pytest.mark.parametrize(
    ("kind", "record", "amount"),
    [
        (U8DocumentKind.RECEIVABLE, {"code": "1", "amount": "5.0000", "bdebitcredit": "0"}, "-5"),
        (U8DocumentKind.RECEIVABLE, {"code": "1", "amount": "5.0000", "bdebitcredit": "1"}, "5"),
        (U8DocumentKind.RECEIPT, {"vouchcode": "1", "amount": "5.0000", "vouchtype": "49"}, "-5"),
        (U8DocumentKind.RECEIPT, {"vouchcode": "1", "amount": "5.0000", "vouchtype": 48}, "5"),
    ],
)
def test_red_documents_and_money_paid_back_count_negative(
    kind: U8DocumentKind, record: dict[str, Any], amount: str
) -> None:
    assert remote_document(kind, record, "define1").amount == D(amount)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"memo": "x"}, "without code"),
        ({"code": "1"}, "neither sum nor lines"),
        ({"code": "1", "sum": "abc"}, "is not a number"),
        ({"code": "1", "sum": "1", "date": "15.3.26"}, "cannot be read"),
    ],
)
def test_unreadable_documents_are_named(record: dict[str, Any], message: str) -> None:
    with pytest.raises(Rejected, match=message):
        remote_document(U8DocumentKind.SALE_ORDER, record, "define1")


def test_a_foreign_value_in_the_key_field_is_not_ours() -> None:
    record = {"code": "1", "sum": "1", "define1": "手工", "memo": "see S-SO-9"}
    assert remote_document(U8DocumentKind.SALE_ORDER, record, "define1").key == "S-SO-9"
    assert remote_document(U8DocumentKind.SALE_ORDER, {**record, "memo": ""}, "define1").key == ""
