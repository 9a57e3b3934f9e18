"""Loosely typed records are read, odd ones are refused by field (wdt-openapi 1.3, 2.2-2.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from order_flow.integrations.wdt import codes, records
from order_flow.integrations.wdt.fields import UnreadableField, listing, time_text
from order_flow.integrations.window import SHANGHAI
from tests.unit.wdt.wdt_samples import NOTICE_RECORD, ORDERED, STOCKOUT_RECORD, TRADE_RECORD


def test_a_trade_is_read_from_strings_and_nulls() -> None:
    trade = records.sales_trade(TRADE_RECORD)
    assert (trade.trade_id, trade.status, trade.status_code) == ("35", codes.TradeStatus.REVIEWED, 55)
    assert trade.consign == codes.ConsignBit.EXAMINED
    assert trade.src_tids == ("SO-0001", "SO-0002")
    assert trade.trade_time == ORDERED
    assert trade.pay_time is None
    assert trade.receivable == Decimal("30")
    assert trade.logistics_name == ""
    assert not trade.is_frozen
    assert [item.src_oid for item in trade.lines_of("SO-0001")] == ["L0001"]
    assert trade.lines[0].quantity == Decimal("3.0000")


def test_numbers_may_be_numbers() -> None:
    trade = records.sales_trade(TRADE_RECORD | {"trade_id": 35, "trade_status": 95, "receivable": 30.1})
    assert (trade.trade_id, trade.status, trade.receivable) == (
        "35",
        codes.TradeStatus.SHIPPED,
        Decimal("30.1"),
    )


def changed_line(record: dict[str, Any], key: str, **change: Any) -> dict[str, Any]:
    """The record with its first line changed; a change to ``ABSENT`` takes the field out."""
    first, *others = record[key]
    line = {name: value for name, value in {**first, **change}.items() if value is not ABSENT}
    return {**record, key: [line, *others]}


ABSENT = object()


@pytest.mark.parametrize("missing", [None, "", ABSENT])
@pytest.mark.parametrize("field", ["num", "actual_num"])
def test_a_quantity_that_is_absent_is_not_zero(field: str, missing: object) -> None:
    """A line without its quantity would count as cancelled, and the order with it."""
    with pytest.raises(UnreadableField, match=f"Field {field} "):
        records.sales_trade(changed_line(TRADE_RECORD, "goods_list", **{field: missing}))


def test_a_line_of_nobody_needs_no_quantity() -> None:
    """Gifts added over there belong to no order of ours."""
    trade = records.sales_trade(
        changed_line(TRADE_RECORD, "goods_list", src_oid=None, num=None, actual_num=None)
    )
    assert trade.lines_of("SO-0001") == ()


@pytest.mark.parametrize("missing", [None, "", ABSENT])
def test_a_shipped_quantity_that_is_absent_is_not_zero(missing: object) -> None:
    with pytest.raises(UnreadableField, match="Field num "):
        records.stockout(changed_line(STOCKOUT_RECORD, "details_list", num=missing))


@pytest.mark.parametrize("missing", [None, "", []])
def test_a_trade_or_a_shipment_without_lines_says_nothing_of_them(missing: object) -> None:
    """Read as "no line of ours lives", it would cancel the order; a cancelled trade may be empty."""
    with pytest.raises(UnreadableField, match="goods_list"):
        records.sales_trade(TRADE_RECORD | {"goods_list": missing})
    assert records.sales_trade(TRADE_RECORD | {"goods_list": missing, "trade_status": "5"}).lines == ()
    with pytest.raises(UnreadableField, match="details_list"):
        records.stockout(STOCKOUT_RECORD | {"details_list": missing, "status": "95"})


@pytest.mark.parametrize("field", ["receivable", "paid", "goods_amount", "post_amount", "cod_amount"])
def test_an_amount_that_is_absent_is_unknown(field: str) -> None:
    assert getattr(records.sales_trade(TRADE_RECORD | {field: None}), field) is None
    assert getattr(records.sales_trade(TRADE_RECORD | {field: "0"}), field) == 0


def test_stock_figures_are_read_by_either_spelling_and_never_guessed() -> None:
    """wdt-openapi 3: WDT writes ``avaliable_num``; absent, nothing is known of the stock."""
    known = {"spec_no": "CUP", "warehouse_no": "WH01", "stock_num": "5"}
    assert records.stock_figure(known | {"avaliable_num": "3"}).available == 3
    assert records.stock_figure(known | {"available_num": "4"}).available == 4
    for record in (known, known | {"avaliable_num": None}, {**known, "stock_num": "", "avaliable_num": "3"}):
        with pytest.raises(UnreadableField):
            records.stock_figure(record)


def test_a_notice_without_its_state_is_not_taken_as_waiting() -> None:
    with pytest.raises(UnreadableField, match="sync_status"):
        records.shipment_notice(NOTICE_RECORD | {"sync_status": None})


def test_an_unknown_status_is_kept_as_a_number_and_not_guessed() -> None:
    trade = records.sales_trade(TRADE_RECORD | {"trade_status": "115"})
    assert (trade.status, trade.status_code) == (None, 115)


def test_freezing_is_a_flag_beside_the_status() -> None:
    trade = records.sales_trade(TRADE_RECORD | {"freeze_reason": "3"})
    assert trade.is_frozen
    assert trade.status is codes.TradeStatus.REVIEWED


def test_a_stockout_is_read() -> None:
    stockout = records.stockout(STOCKOUT_RECORD)
    assert stockout.status is codes.StockoutStatus.REVIEWED
    assert stockout.block_reason == codes.BlockReason.REFUNDED
    assert stockout.consign_time is None
    assert (stockout.slip_print, stockout.pick_list_print) == (codes.PrintStatus.DONE, codes.PrintStatus.NO)
    assert stockout.weight == Decimal("1.25")
    assert [item.quantity for item in stockout.lines_of("SO-0001")] == [Decimal(3)]


def test_a_shipment_notice_is_read() -> None:
    notice = records.shipment_notice(NOTICE_RECORD)
    assert notice.oids == ("L0001", "L0002")
    assert notice.is_part
    assert notice.logistics_code == "SF"
    assert notice.sync_status is codes.SyncStatus.WAITING
    assert notice.shipped_at == datetime(2025, 1, 1, 12, tzinfo=SHANGHAI)


def test_an_unsplit_notice_names_no_lines() -> None:
    notice = records.shipment_notice(NOTICE_RECORD | {"oids": None, "is_part_sync": 0})
    assert (notice.oids, notice.is_part) == ((), False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"trade_id": None}, "trade_id"),
        ({"trade_status": ""}, "trade_status"),
        ({"trade_status": "5x"}, "trade_status"),
        ({"trade_status": "5.5"}, "trade_status"),
        ({"receivable": "NaN"}, "receivable"),
        ({"modified": "01.01.2025"}, "modified"),
        ({"goods_list": "none"}, "goods_list"),
        ({"goods_list": [1]}, "goods_list"),
        ({"shop_no": ["web01"]}, "shop_no"),
    ],
)
def test_what_cannot_be_understood_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(UnreadableField, match=f"Field {field} "):
        records.sales_trade(TRADE_RECORD | change)


def test_an_empty_result_may_leave_its_list_out() -> None:
    assert (
        listing({}, "trades")
        == listing({"trades": None}, "trades")
        == listing({"trades": ""}, "trades")
        == []
    )


def test_times_need_a_timezone_and_go_out_in_china_time() -> None:
    assert time_text(datetime.fromisoformat("2025-01-01T00:30:00+00:00")) == "2025-01-01 08:30:00"
    assert time_text(None) == "0000-00-00 00:00:00"
    with pytest.raises(ValueError, match="timezone"):
        time_text(datetime(2025, 1, 1))
