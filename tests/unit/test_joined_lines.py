"""Lines of several orders that WDT shows as one (wdt-openapi 2.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import pytest

from order_flow.integrations.wdt import records
from order_flow.integrations.wdt.fields import UnreadableField
from order_flow.integrations.wdt.joined_lines import OwnLine, divided
from tests.unit.wdt.wdt_samples import STOCKOUT_RECORD, TRADE_RECORD

OURS = {
    "A1": OwnLine("SO1", Decimal(2), Decimal("20.00")),
    "B1": OwnLine("SO2", Decimal(3), Decimal("30.00")),
}


def own_lines(oids: Collection[str]) -> Mapping[str, OwnLine]:
    return {oid: line for oid, line in OURS.items() if oid in oids}


def nobody(_oids: Collection[str]) -> Mapping[str, OwnLine]:
    raise AssertionError("nothing is asked where nothing is joined")


def trade(**line: Any) -> Any:
    row = {**TRADE_RECORD["goods_list"][0], "num": "5.0000", "actual_num": "5.0000", **line}
    return {**TRADE_RECORD, "goods_list": [row]}


def lines(record: Any) -> list[tuple[str, str, Decimal, Decimal, Decimal | None]]:
    found = records.sales_trade(divided(record, "goods_list", own_lines))
    return [
        (one.src_tid, one.src_oid, one.quantity, one.actual_quantity, one.share_amount) for one in found.lines
    ]


JOINED = {"src_tid": "SO1,SO2", "src_oid": "A1,B1", "share_amount": "50.0000"}


def test_each_order_gets_what_it_was_told_with() -> None:
    assert lines(trade(**JOINED)) == [
        ("SO1", "A1", Decimal(2), Decimal(2), Decimal(20)),
        ("SO2", "B1", Decimal(3), Decimal(3), Decimal(30)),
    ]


def test_all_of_a_joined_line_may_be_taken_out() -> None:
    assert [line[3] for line in lines(trade(**JOINED, actual_num="0.0000"))] == [0, 0]


def test_an_amount_that_is_not_the_sum_of_ours_stays_unknown() -> None:
    assert [line[4] for line in lines(trade(**JOINED | {"share_amount": "49.0000"}))] == [None, None]


def test_one_line_with_the_sources_of_the_whole_trade_belongs_to_its_owner() -> None:
    (found,) = lines(trade(src_tid="SO1,SO2", src_oid="B1", num="3", actual_num="1"))
    assert found[:4] == ("SO2", "B1", Decimal(3), Decimal(1))


@pytest.mark.parametrize(
    "change",
    [
        {"num": "4.0000", "actual_num": "4.0000"},
        {"actual_num": "3.0000"},
        {"src_oid": "A1,X9", "src_tid": "SO1,OTHER"},
    ],
    ids=["other sum", "a part taken out", "a line of others"],
)
def test_what_cannot_be_told_apart_is_set_aside(change: Any) -> None:
    with pytest.raises(UnreadableField):
        lines(trade(**JOINED | change))


def test_lines_of_others_and_gifts_stay_as_they_are() -> None:
    assert [line[:2] for line in lines(trade(src_tid="X1,X2", src_oid="Y1,Y2"))] == [("X1,X2", "Y1,Y2")]
    assert [line[:2] for line in lines(trade(src_tid="SO1,SO2", src_oid=""))] == [("SO1,SO2", "")]


def test_nobody_is_asked_about_ordinary_lines() -> None:
    assert divided(TRADE_RECORD, "goods_list", nobody) is TRADE_RECORD


def test_a_stockout_is_divided_as_well() -> None:
    row = {**STOCKOUT_RECORD["details_list"][0], **JOINED, "num": "5"}
    found = records.stockout(divided({**STOCKOUT_RECORD, "details_list": [row]}, "details_list", own_lines))
    assert [(one.src_tid, one.quantity) for one in found.lines] == [("SO1", 2), ("SO2", 3)]
