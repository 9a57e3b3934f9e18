"""Loosely typed records are read, odd ones are refused by field (wdt-openapi 1.3, 2.2-2.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from order_flow.integrations.wdt import codes, records
from order_flow.integrations.wdt.fields import UnreadableField, listing, time_text
from order_flow.integrations.window import SHANGHAI
from tests.unit.wdt_samples import NOTICE_RECORD, ORDERED, STOCKOUT_RECORD, TRADE_RECORD


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


def test_numbers_may_be_numbers_and_the_line_list_may_be_absent() -> None:
    record = {key: value for key, value in TRADE_RECORD.items() if key != "goods_list"}
    trade = records.sales_trade(record | {"trade_id": 35, "trade_status": 95, "receivable": 30.1})
    assert (trade.trade_id, trade.status, trade.receivable) == (
        "35",
        codes.TradeStatus.SHIPPED,
        Decimal("30.1"),
    )
    assert trade.lines == ()


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
    with pytest.raises(UnreadableField, match=f"field {field} "):
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
