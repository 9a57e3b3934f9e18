"""trade_push is strict: what the real side would refuse is refused (wdt-openapi 2.1)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from simulators.wdt.accounts import DEMO_ACCOUNT
from tests.contract.wdt.wdt_fixtures import CHINA, ZERO_TIME, WdtCaller, line, order, unpaid

HEAD_REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"tid": "T" * 41}, "tid:长度超过40"),
    ({"trade_status": None}, "trade_status不可为空"),
    ({"trade_status": 35}, "trade_status:无效的值"),
    ({"trade_status": 60}, "无效的状态60"),
    ({"trade_status": True}, "trade_status:应为整数"),
    ({"pay_status": 3}, "pay_status:无效的值"),
    ({"delivery_term": 0}, "delivery_term:无效的值"),
    ({"trade_time": ZERO_TIME}, "trade_time不可为空"),
    ({"trade_time": "2025-1-1 10:00:00"}, "trade_time:无效的时间格式"),
    ({"pay_time": "2025-01-01T10:00:00"}, "pay_time:无效的时间格式"),
    ({"pay_time": None}, "pay_time不可为空"),
    ({"buyer_nick": ""}, "buyer_nick不可为空"),
    ({"buyer_nick": "n" * 101}, "buyer_nick:长度超过100"),
    ({"buyer_nick": "买家😀"}, "非法字符"),
    ({"receiver_name": "收" * 41}, "receiver_name:长度超过40"),
    ({"receiver_mobile": None}, "receiver_mobile不可为空"),
    ({"receiver_city": None}, "receiver_city不可为空"),
    ({"receiver_address": "a" * 257}, "receiver_address:长度超过256"),
    ({"seller_memo": "m" * 1025}, "seller_memo:长度超过1024"),
    ({"seller_flag": 6}, "seller_flag:无效的值"),
    ({"invoice_kind": 5}, "invoice_kind:无效的值"),
    ({"post_amount": None}, "post_amount不可为空"),
    ({"post_amount": "1.00001"}, "post_amount:超出decimal(19,4)"),
    ({"post_amount": "-1"}, "post_amount:不可小于0"),
    ({"paid": "1e2"}, "paid:超出decimal(19,4)"),
    ({"paid": "1" * 16}, "paid:超出decimal(19,4)"),
    ({"paid": []}, "paid:应为数字"),
    ({"other_amount": "abc"}, "other_amount:超出decimal(19,4)"),
]
LINE_REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"oid": None}, "order_list.oid不可为空"),
    ({"oid": "o" * 41}, "order_list.oid:长度超过40"),
    ({"num": "0"}, "num必须大于0"),
    ({"num": 1.23456}, "num:超出decimal(19,4)"),
    ({"price": "-0.01"}, "price:不可小于0"),
    ({"status": 31}, "status:无效的值"),
    ({"refund_status": 6}, "refund_status:无效的值"),
    ({"refund_status": None}, "refund_status不可为空"),
    ({"goods_id": None}, "goods_id不可为空"),
    ({"goods_name": None}, "goods_name不可为空"),
    ({"goods_no": None, "spec_no": ""}, "goods_no和spec_no不可同时为空"),
    ({"adjust_amount": None}, "adjust_amount不可为空"),
    ({"discount": None}, "discount不可为空"),
    ({"share_discount": None}, "share_discount不可为空"),
]


@pytest.mark.parametrize(("change", "text"), HEAD_REFUSALS)
def test_head_field_rules(wdt: WdtCaller, change: dict[str, Any], text: str) -> None:
    """wdt-openapi 2.1, trade_list[]."""
    wdt.refused(order(**change), text)
    assert wdt.admin("GET", "state")["raw_orders"] == {}


@pytest.mark.parametrize(("change", "text"), LINE_REFUSALS)
def test_line_field_rules(wdt: WdtCaller, change: dict[str, Any], text: str) -> None:
    """wdt-openapi 2.1, order_list[]."""
    wdt.refused(order(lines=[line(**{"oid": "L1", **change})]), text)


def test_regions_may_stand_in_the_address(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: parsed from a space-separated address only when all three are left out."""
    regions: dict[str, None] = dict.fromkeys(("receiver_province", "receiver_city", "receiver_district"))
    wdt.refused(order(**regions), "receiver_province不可为空")
    trade = wdt.submitted(order(**regions, receiver_address="北京 北京市 海淀区 中关村1号"))
    assert (trade["receiver_province"], trade["receiver_district"]) == ("北京", "海淀区")


def test_unknown_province_marks_the_trade(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1, 2.2: names must match the region table; bad_reason 2."""
    assert wdt.submitted(order(receiver_province="Zhejiang"))["bad_reason"] == "2"
    assert "marked bad" in wdt.verb_refused("audit")


def test_trade_time_in_the_future(wdt: WdtCaller) -> None:
    """wdt-openapi 6: trade_time later than server time."""
    later = (datetime.now(CHINA) + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    wdt.refused(order(trade_time=later), "下单时间非法")


def test_upsert_by_shop_and_tid(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1, idempotency."""
    assert wdt.push_ok(order("W1"), order("W2"))["new_count"] == "2"
    again = wdt.push_ok(order("W1"), order("W3"))
    assert (again["new_count"], again["chg_count"]) == ("1", "1")
    wdt.settle()
    assert len(wdt.trades("W1")) == 1
    assert wdt.push_ok(order("W1"))["chg_count"] == "1"
    wdt.settle()
    assert len(wdt.trades("W1")) == 1


@pytest.mark.parametrize(("name", "value"), [("num", "3"), ("price", "51")])
def test_num_and_price_are_fixed(wdt: WdtCaller, name: str, value: str) -> None:
    """wdt-openapi 2.1: cannot change after a successful push."""
    wdt.push_ok(order(lines=[line("L1")]))
    wdt.refused(order(lines=[line("L1", **{name: value})]), "L1", name, "不可修改")
    wdt.push_ok(order(lines=[line("L1", num="2.0000", price=50)]))
    wdt.set(ignore_changed_num_price=True)
    wdt.push_ok(order(lines=[line("L1", **{name: value})]))
    assert wdt.inside()["raw"]["pushed"]["order_list"][0][name] in ("2.0000", "50.0000")


def test_no_new_lines_after_the_submit(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: the count of an order does not change once it is a trade."""
    wdt.submitted(order(lines=[line("L1")]))
    wdt.refused(order(lines=[line("L1"), line("L2")]), "L2", "不可增加")


def test_repeated_oid_is_found_at_submit(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: accepted by the push, the submit fails, no trade ever."""
    wdt.submitted(order("W1", lines=[line("SAME")]))
    wdt.push_ok(order("W2", lines=[line("SAME")]))
    wdt.push_ok(order("W3", lines=[line("A"), line("A")]))
    wdt.settle()
    for tid in ("W2", "W3"):
        raw = wdt.inside(tid)["raw"]
        assert (raw["process_status"], raw["bad_reason"]) == (10, 2)
        assert "订单货品数量不一致" in raw["error"]
        assert wdt.trades(tid) == []


def test_order_without_lines_is_never_submitted(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: bad_reason 8."""
    wdt.push_ok(order(lines=[]))
    wdt.settle()
    assert wdt.inside()["raw"]["bad_reason"] == 8
    assert wdt.trades("W1") == []


def test_account_without_warehouse(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: raw bad_reason 4."""
    wdt.admin("POST", "accounts", {**DEMO_ACCOUNT, "warehouses": []})
    wdt.push_ok(order())
    wdt.settle()
    assert wdt.inside()["raw"]["bad_reason"] == 4


def test_unmatched_goods_wait(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: unknown goods do not fail the push; the order stays unsubmitted until matched."""
    wdt.set(auto_match_goods=False)
    wdt.push_ok(order(lines=[line("L1", spec_no="NEW")]))
    wdt.settle()
    assert "未匹配" in wdt.inside()["raw"]["error"]
    wdt.admin("POST", "wdt/specs", {"specs": [{"spec_no": "NEW"}]})
    wdt.verb("resubmit")
    assert wdt.trade("W1")["trade_status"] == "30"


@pytest.mark.parametrize("status", [40, 50, 70, 80, 90])
def test_first_push_from_40_on_never_becomes_a_trade(wdt: WdtCaller, status: int) -> None:
    """wdt-openapi 2.1."""
    wdt.push_ok(order(trade_status=status))
    wdt.settle()
    assert wdt.inside()["raw"]["process_status"] == 70
    assert wdt.trades("W1") == []


@pytest.mark.parametrize(
    ("before", "after", "fine"),
    [
        (10, 20, True), (10, 30, True), (10, 90, True), (10, 80, False), (10, 70, False), (10, 50, False),
        (20, 30, True), (20, 80, True), (20, 90, True), (20, 10, False), (20, 70, False),
        (30, 70, True), (30, 80, True), (30, 90, False), (30, 10, False), (30, 20, False), (30, 40, False),
        (30, 50, False),
    ],
)  # fmt: skip
def test_which_status_may_follow(wdt: WdtCaller, before: int, after: int, fine: bool) -> None:
    """wdt-openapi 2.1, trade_status to push: from 30 only 70 or 80."""
    wdt.push_ok(order(trade_status=before))
    if fine:
        wdt.push_ok(order(trade_status=after))
    else:
        wdt.refused(order(trade_status=after), f"{before}", f"{after}")


def test_closed_orders_stay_closed(wdt: WdtCaller) -> None:
    """wdt-openapi 6: after a cancellation a shop pushes under another tid."""
    wdt.push_ok(order("W1"))
    wdt.push_ok(order("W1", trade_status=80))
    wdt.refused(order("W1"), "80", "30")
    wdt.push_ok(order("W1", trade_status=80))


def test_batch_is_not_atomic_and_names_each_tid(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: message is a JSON list; the valid orders are stored."""
    answer = wdt.push(order("W1"), order("W2", paid="x"), order("W3"))
    assert (answer["code"], answer["new_count"]) == (1, "2")
    assert [error["tid"] for error in json.loads(answer["message"])] == ["W2"]
    wdt.set(url_encode_errors=True, partial_failure_code=0)
    answer = wdt.push(order("W1"), order("W2", paid="x"))
    assert answer["code"] == 0
    encoded = json.loads(answer["message"])[0]["error"]
    assert encoded.isascii()
    assert "paid" in unquote(encoded)


def test_strict_switch_knob(wdt: WdtCaller) -> None:
    """wdt-openapi 9.3: what ``switch`` does is unknown; a knob lets it refuse the batch."""
    wdt.set(strict_switch_refuses_batch=True)
    assert wdt.push(order("W1"), order("W2", paid="x"), switch=1)["new_count"] == "0"
    assert wdt.push(order("W1"), order("W2", paid="x"), switch=0)["new_count"] == "1"


def test_whole_batch_refusals(wdt: WdtCaller) -> None:
    """wdt-openapi 1.4, 1.5, 2.1."""
    assert wdt.push(order(), shop_no="nowhere")["code"] == 2310
    assert wdt.push()["code"] != 0
    assert "json" in wdt.push(order(), trade_list="{not json")["message"]
    assert wdt.push(*[order(f"W{n}") for n in range(31)])["code"] == 99
    wdt.push_ok(*[order(f"W{n}", buyer_nick=f"b{n}") for n in range(50)])


def test_shop_must_be_own_platform(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: platform_id 127 only; 1.5: a tid belongs to one shop."""
    shops = [{"shop_no": "web01"}, {"shop_no": "web02"}, {"shop_no": "tmall", "platform_id": 1}]
    wdt.admin("POST", "accounts", {**DEMO_ACCOUNT, "shops": shops})
    assert "自有" in wdt.push(order(), shop_no="tmall")["message"]
    wdt.push_ok(order())
    assert wdt.push(order(), shop_no="web02")["code"] != 0


def test_amounts(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: num*price + adjust - discount - share_discount; + post + other; 4 decimals."""
    lines = [
        line("L1"),
        line("L2", num="3", price="0.3333", adjust_amount="-0.0999", discount="0", share_discount="0"),
    ]
    trade = wdt.submitted(order(lines=lines, other_amount="1", post_amount="7.5", paid="94.4"))
    assert trade["bad_reason"] == "0"
    assert (trade["receivable"], trade["paid"]) == ("94.4000", "94.4000")
    assert [item["share_amount"] for item in trade["goods_list"]] == ["85.0000", "0.9000"]
    assert sum(float(item["share_post"]) for item in trade["goods_list"]) == 7.5


@pytest.mark.parametrize(
    "head",
    [
        {"paid": "92.99"},
        {"pay_status": 1, "paid": "93"},
        {"pay_status": 0, "paid": "1"},
        {"cod_amount": "1"},
        {"delivery_term": 2, "pay_status": 0, "paid": "0", "cod_amount": "90"},
    ],
)
def test_amounts_that_do_not_add_up_mark_the_trade(wdt: WdtCaller, head: dict[str, Any]) -> None:
    """wdt-openapi 2.1 and 6: receivable != sum; such a trade cannot be audited."""
    assert wdt.submitted(order(**head))["bad_reason"] == "1024"
    assert "AMOUNTS" in wdt.verb_refused("audit")
    wdt.verb("clear")
    wdt.verb("audit")


@pytest.mark.parametrize(
    "head",
    [
        {"delivery_term": 2, "pay_status": 0, "paid": "0", "cod_amount": "93"},
        {"delivery_term": 2, "pay_status": 1, "paid": "50", "cod_amount": "43"},
        {"delivery_term": 2, "pay_status": 0, "paid": "0", "cod_amount": "95", "ext_cod_fee": "2"},
        {"delivery_term": 3, "pay_status": 1, "paid": "10"},
        {"delivery_term": 1, "pay_status": 0, "paid": "0"},
    ],
)
def test_amounts_that_add_up(wdt: WdtCaller, head: dict[str, Any]) -> None:
    """wdt-openapi 2.1: COD part = lines + freight - paid."""
    trade = wdt.submitted(order(**head))
    assert trade["bad_reason"] == "0"
    assert trade["is_sealed"] == ("0" if head["delivery_term"] == 1 else "1")


def test_paid_without_time_uses_trade_time(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1, pay_time."""
    assert wdt.submitted(order(pay_time=ZERO_TIME))["pay_time"] == "2025-01-01 10:00:00"


def test_submit_is_asynchronous(wdt: WdtCaller) -> None:
    """wdt-openapi 4.1: the trade appears after the submit delay, by the simulated clock."""
    wdt.push_ok(order())
    assert wdt.trades("W1") == []
    wdt.turn_clock(4)
    assert wdt.trades("W1") == []
    wdt.turn_clock(2)
    assert wdt.trade("W1")["trade_no"].startswith("JY")


def test_release(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1, 5: 10 waits at 10, 20 at 12, 30 moves on to 30 待客审."""
    assert wdt.submitted(unpaid())["trade_status"] == "10"
    assert wdt.submitted(order(trade_status=20, pay_status=1, paid="20"))["trade_status"] == "12"
    trade = wdt.submitted(order())
    assert (trade["trade_status"], trade["paid"], trade["bad_reason"]) == ("30", "93.0000", "0")


def test_big_order(wdt: WdtCaller) -> None:
    """The largest real order of the sample data has 591 lines; the vendor only advises at most 200."""
    trade = wdt.shipped(order(lines=[line(f"L{n}") for n in range(591)]))
    assert len(trade["goods_list"]) == 591
    assert trade["receivable"] == trade["paid"]
