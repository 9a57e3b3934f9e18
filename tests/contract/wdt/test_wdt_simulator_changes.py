"""What a changed raw order does, for every column of the table (wdt-openapi 2.8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.wdt.wdt_fixtures import WdtCaller, line, order, unpaid

TWO = [line("A"), line("B")]


def two(**head: Any) -> dict[str, Any]:
    """An order of two lines."""
    return order(lines=TWO, **head)


def first_line(**fields: Any) -> dict[str, Any]:
    """The order of two lines with other fields in its first line."""
    return order(lines=[line("A", **fields), line("B")])


def numbers(trade: dict[str, Any]) -> dict[str, str]:
    """actual_num by oid."""
    return {item["src_oid"]: item["actual_num"] for item in trade["goods_list"]}


# Column 10..35: not audited


def test_closed_before_payment(wdt: WdtCaller) -> None:
    """90 at trade 10 -> 5."""
    wdt.submitted(unpaid())
    trade = wdt.submitted(unpaid(trade_status=90))
    assert (trade["trade_status"], trade["refund_status"]) == ("5", "4")
    assert wdt.inside()["raw"]["process_status"] == 70
    assert not any("退款单" in text for text in wdt.inside()["log"])


@pytest.mark.parametrize("frozen", [False, True])
def test_refunded_before_audit(wdt: WdtCaller, frozen: bool) -> None:
    """80 at trade 30, also a frozen one -> 5, with a refund document."""
    wdt.submitted(two())
    if frozen:
        wdt.verb("freeze")
    trade = wdt.submitted(two(trade_status=80))
    assert (trade["trade_status"], trade["refund_status"], trade["receivable"]) == ("5", "3", "0.0000")
    assert numbers(trade) == {"A": "0.0000", "B": "0.0000"}
    assert any("退款单" in text for text in wdt.inside()["log"])
    assert wdt.inside()["raw"]["process_status"] == 70


def test_refunded_in_finance_review(wdt: WdtCaller) -> None:
    """35 is still the first column."""
    wdt.set(finance_audit_needed=True)
    wdt.submitted(order())
    wdt.verb("audit")
    assert wdt.submitted(order(trade_status=80))["trade_status"] == "5"


def test_cancelled_before_the_submit(wdt: WdtCaller) -> None:
    """A raw order that was never submitted gets no trade at all."""
    wdt.push_ok(order())
    wdt.push_ok(order(trade_status=80))
    wdt.settle()
    assert wdt.trades("W1") == []
    assert wdt.inside()["raw"]["process_status"] == 70


@pytest.mark.parametrize("change", [{"status": 80}, {"status": 90}, {"refund_status": 5}])
def test_one_line_cancelled(wdt: WdtCaller, change: dict[str, Any]) -> None:
    """That line is zeroed; the last real line -> 5."""
    wdt.submitted(two())
    trade = wdt.submitted(first_line(**change))
    assert (trade["trade_status"], trade["refund_status"]) == ("30", "2")
    assert numbers(trade) == {"A": "0.0000", "B": "2.0000"}
    trade = wdt.submitted(order(lines=[line("A", **change), line("B", **change)]))
    assert trade["trade_status"] == "5"


def test_merged_trade_loses_only_the_cancelled_tid(wdt: WdtCaller) -> None:
    """wdt-openapi 2.8, last lines."""
    wdt.submitted(order("W1"))
    wdt.submitted(order("W2"))
    wdt.verb("merge", other="W2")
    wdt.submitted(order("W1", trade_status=80))
    trade = wdt.trade("W2")
    assert trade["trade_status"] == "30"
    assert numbers(trade) == {"W1-1": "0.0000", "W2-1": "2.0000"}


@pytest.mark.parametrize("refund", [2, 3, 4])
def test_refund_applied_before_audit(wdt: WdtCaller, refund: int) -> None:
    """Line and order refund_status are set; such a trade is not audited."""
    wdt.submitted(two())
    trade = wdt.submitted(first_line(refund_status=refund))
    assert trade["refund_status"] == "1"
    assert trade["goods_list"][0]["refund_status"] == str(refund)
    assert "refund" in wdt.verb_refused("audit")
    trade = wdt.submitted(first_line(refund_status=1))
    assert trade["refund_status"] == "0"
    wdt.verb("audit")


def test_cancelled_refund_restores(wdt: WdtCaller) -> None:
    """Line refund_status 1 restores a zeroed line; 5 -> 30."""
    wdt.submitted(order(lines=[line("A")]))
    assert wdt.submitted(order(lines=[line("A", status=80)]))["trade_status"] == "5"
    trade = wdt.submitted(order(lines=[line("A", refund_status=1)]))
    assert (trade["trade_status"], trade["refund_status"]) == ("30", "0")
    assert numbers(trade) == {"A": "2.0000"}


def test_address_before_audit(wdt: WdtCaller) -> None:
    """Applied before 35."""
    wdt.submitted(order())
    assert wdt.submitted(order(receiver_address="新地址2号"))["receiver_address"] == "新地址2号"
    wdt.set(finance_audit_needed=True)
    wdt.verb("audit")
    trade = wdt.submitted(order(receiver_address="新地址3号"))
    assert (trade["receiver_address"], trade["bad_reason"]) == ("新地址2号", "2")


def test_remark_before_audit(wdt: WdtCaller) -> None:
    """Applied; 25..39: bad_reason 16 where the ERP is set so."""
    wdt.submitted(order())
    trade = wdt.submitted(order(seller_memo="请早发", seller_flag=1))
    assert (trade["cs_remark"], trade["remark_flag"], trade["bad_reason"]) == ("请早发", "1", "0")
    wdt.set(remark_flags_trade=True)
    assert wdt.submitted(order(seller_memo="请晚发"))["bad_reason"] == "16"


def test_goods_swapped_before_audit(wdt: WdtCaller) -> None:
    """bad_reason 32, or swapped with 128 where the ERP is set so."""
    wdt.submitted(order(lines=[line("A")]))
    trade = wdt.submitted(order(lines=[line("A", spec_no="SKU2")]))
    assert (trade["bad_reason"], trade["goods_list"][0]["spec_no"]) == ("32", "SKU1")
    wdt.verb("clear")
    wdt.set(auto_swap_goods=True)
    trade = wdt.submitted(order(lines=[line("A", spec_no="SKU3")]))
    assert (trade["bad_reason"], trade["goods_list"][0]["spec_no"]) == ("128", "SKU3")


def test_shop_shipped_before_audit(wdt: WdtCaller) -> None:
    """Status 50: bad_reason 256 where the ERP is set so."""
    wdt.set(shop_may_ship=True, early_shipped_flags=True)
    wdt.submitted(order())
    assert wdt.submitted(order(trade_status=50))["bad_reason"] == "256"


def test_completed_before_audit_expects_no_row(wdt: WdtCaller) -> None:
    """Status 70 too early: flag 1073741824, and no logistics row ever."""
    wdt.submitted(order())
    trade = wdt.submitted(order(trade_status=70))
    assert (trade["trade_status"], trade["consign_status"]) == ("30", "1073741824")
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship")
    assert int(wdt.stockout("W1")["consign_status"]) & 1073741824
    assert wdt.sync_rows() == []


# Column 40..94: in the warehouse


def intercepted(wdt: WdtCaller) -> None:
    """An audited order of two lines whose cancellation was pushed."""
    wdt.to_warehouse(two())
    wdt.submitted(two(trade_status=80))


def test_cancel_in_the_warehouse_is_an_interception(wdt: WdtCaller) -> None:
    """block_reason 2, bad_reason 64, lines zeroed; still 55: staff must reject the stockout."""
    intercepted(wdt)
    trade, stockout = wdt.trade("W1"), wdt.stockout("W1")
    assert (trade["trade_status"], trade["bad_reason"], stockout["block_reason"]) == ("55", "64", "2")
    assert numbers(trade) == {"A": "0.0000", "B": "0.0000"}
    assert [item["num"] for item in stockout["details_list"]] == ["2.0000", "2.0000"]
    assert "intercepted" in wdt.verb_refused("print")
    assert wdt.inside()["raw"]["process_status"] == 20


def test_interception_confirmed(wdt: WdtCaller) -> None:
    """Staff reject the stockout: stockout 5, trade 5."""
    intercepted(wdt)
    number = wdt.stockout("W1")["order_no"]
    wdt.verb("confirm_interception")
    assert wdt.trade("W1")["trade_status"] == "5"
    rows = wdt.call("stockout_order_query_trade", stockout_no=number)["stockout_list"]
    assert rows[0]["status"] == "5"
    assert wdt.inside()["raw"]["process_status"] == 70


def test_interception_refused(wdt: WdtCaller) -> None:
    """The parcel may still leave: it ships whole and the shop hears of it."""
    intercepted(wdt)
    wdt.verb("refuse_interception")
    wdt.steps("print", "pick", "scan", "weigh", "ship")
    trade = wdt.trade("W1")
    assert (trade["trade_status"], trade["bad_reason"]) == ("95", "0")
    assert numbers(trade) == {"A": "2.0000", "B": "2.0000"}
    assert len(wdt.sync_rows()) == 1


def test_one_line_cancelled_in_the_warehouse(wdt: WdtCaller) -> None:
    """Same interception; after the rejection the other line goes on under a new stockout."""
    wdt.to_warehouse(two())
    wdt.submitted(first_line(status=80))
    assert wdt.stockout("W1")["block_reason"] == "2"
    wdt.verb("confirm_interception")
    assert wdt.trade("W1")["trade_status"] == "30"
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship")
    assert [item["src_oid"] for item in wdt.stockout("W1")["details_list"]] == ["B"]


def test_auto_mode_stops_at_an_interception(wdt: WdtCaller) -> None:
    """The warehouse does not ship what is to be intercepted before somebody decided."""
    wdt.set(auto=True, auto_until="audit")
    wdt.submitted(order())
    wdt.set(auto_step_seconds=60)
    wdt.submitted(order(trade_status=80))
    wdt.set(auto_until="ship")
    wdt.turn_clock(3600)
    assert wdt.trade("W1")["trade_status"] == "55"


@pytest.mark.parametrize(
    ("knobs", "pushed", "block"),
    [
        ({}, first_line(refund_status=2), "1"),
        ({}, two(receiver_address="新地址"), "4"),
        ({}, two(seller_memo="新备注"), "0"),
        ({"remark_blocks_stockout": True}, two(seller_memo="新备注"), "64"),
        ({}, first_line(spec_no="SKU9"), "128"),
        ({}, first_line(refund_status=1), "256"),
        ({"shop_may_ship": True}, two(trade_status=50), "0"),
        ({"shop_may_ship": True, "early_shipped_flags": True}, two(trade_status=50), "4096"),
        ({}, two(trade_status=70), "0"),
    ],
)
def test_changes_in_the_warehouse_only_block(
    wdt: WdtCaller, knobs: dict[str, bool], pushed: dict[str, Any], block: str
) -> None:
    """Second column of wdt-openapi 2.8: nothing is applied while the parcel is in work."""
    wdt.set(**knobs) if knobs else None
    before = wdt.to_warehouse(two())
    after = wdt.submitted(pushed)
    assert wdt.stockout("W1")["block_reason"] == block
    for name in ("trade_status", "receiver_address", "cs_remark"):
        assert after[name] == before[name]
    assert [item["spec_no"] for item in after["goods_list"]] == ["SKU1", "SKU1"]


@pytest.mark.parametrize(
    ("pushed", "field", "value"),
    [
        (two(receiver_address="新地址"), "receiver_address", "新地址"),
        (first_line(refund_status=2), "refund_status", "1"),
    ],
)
def test_rejection_takes_the_change_over(
    wdt: WdtCaller, pushed: dict[str, Any], field: str, value: str
) -> None:
    """The purpose of an interception for address, goods or refund."""
    wdt.to_warehouse(two())
    wdt.submitted(pushed)
    wdt.verb("confirm_interception")
    assert wdt.trade("W1")[field] == value


def test_completed_in_the_warehouse_expects_no_row(wdt: WdtCaller) -> None:
    """Status 70 before the ERP shipped: flag on the stockout, no row, also after a rejection."""
    wdt.to_warehouse()
    wdt.submitted(order(trade_status=70))
    assert wdt.stockout("W1")["consign_status"] == "1073741824"
    wdt.steps("reject", "audit", "print", "pick", "scan", "weigh", "ship")
    assert wdt.sync_rows() == []


# Column >= 95: shipped


@pytest.mark.parametrize(
    "pushed",
    [
        two(trade_status=80),
        first_line(status=80),
        first_line(refund_status=2),
        first_line(refund_status=1),
        two(receiver_address="新地址"),
        two(seller_memo="新备注"),
        first_line(spec_no="SKU9"),
        two(trade_status=50),
    ],
)
def test_changes_after_shipping_are_log_lines(wdt: WdtCaller, pushed: dict[str, Any]) -> None:
    """Third column of wdt-openapi 2.8."""
    wdt.set(shop_may_ship=True)
    before = wdt.shipped(two())
    after = wdt.submitted(pushed)
    for name in (
        "trade_status",
        "bad_reason",
        "refund_status",
        "receiver_address",
        "cs_remark",
        "receivable",
    ):
        assert after[name] == before[name]
    assert numbers(after) == numbers(before)
    assert wdt.stockout("W1")["block_reason"] == "0"
    assert any("/SHIPPED" in text for text in wdt.inside()["log"])
    assert wdt.inside()["raw"]["process_status"] == 40


def test_completed_after_shipping(wdt: WdtCaller) -> None:
    """Status 70 -> trade and stockout 110."""
    wdt.shipped()
    assert wdt.submitted(order(trade_status=70))["trade_status"] == "110"
    assert wdt.stockout("W1")["status"] == "110"


def test_late_payment_is_taken_at_any_time(wdt: WdtCaller) -> None:
    """Money facts change no step of the warehouse."""
    later = {"pay_status": 0, "paid": "0"}
    wdt.submitted(order(**later))
    wdt.steps("audit", "print")
    trade = wdt.submitted(order())
    assert (trade["paid"], trade["trade_status"]) == ("93.0000", "55")
    assert wdt.stockout("W1")["block_reason"] == "0"


def test_change_is_asynchronous(wdt: WdtCaller) -> None:
    """wdt-openapi 2.1: the update reaches the sales trade later."""
    wdt.submitted(order())
    wdt.push_ok(order(trade_status=80))
    assert wdt.trade("W1")["trade_status"] == "30"
    wdt.verb("audit")
    wdt.settle()
    assert (wdt.trade("W1")["trade_status"], wdt.stockout("W1")["block_reason"]) == ("55", "2")
