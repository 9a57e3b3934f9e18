"""States of WDT and of the site (requirements 2.1-B, R-034, R-350, R-351)."""

from __future__ import annotations

import pytest

from order_flow.domain.states import OrderState, OrderStep
from order_flow.integrations.wdt import records
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.integrations.wdt.state_map import (
    SITE_MEANING,
    agrees,
    order_stage,
    site_meaning,
    stage_of,
    step_shown,
)
from tests.unit.wdt.wdt_samples import STOCKOUT_RECORD, TRADE_RECORD

S = OrderState


def test_every_stage_has_a_meaning() -> None:
    assert set(SITE_MEANING) == set(WarehouseStage)


@pytest.mark.parametrize(
    ("stage", "counterpart", "step"),
    [
        (WarehouseStage.WAITING_FOR_REVIEW, S.UNCONFIRMED, None),
        (WarehouseStage.WAITING_FOR_PRINT, S.CONFIRMED, OrderStep.CONFIRM),
        (WarehouseStage.PICKING, None, OrderStep.CONFIRM),
        (WarehouseStage.SCANNING, None, OrderStep.CONFIRM),
        (WarehouseStage.WEIGHING, None, OrderStep.CONFIRM),
        (WarehouseStage.SHIPPED, S.SHIPPED, OrderStep.SHIP),
        (WarehouseStage.COMPLETED, S.SHIPPED, OrderStep.SHIP),
        (WarehouseStage.CANCELLED, S.VOIDED, OrderStep.CANCEL),
        (WarehouseStage.UNKNOWN, None, None),
    ],
)
def test_the_table_of_the_document(
    stage: WarehouseStage, counterpart: OrderState | None, step: OrderStep | None
) -> None:
    meaning = site_meaning(stage)
    assert (meaning.counterpart, meaning.step) == (counterpart, step)


def test_a_counterpart_always_agrees_and_states_without_one_have_none() -> None:
    named = {meaning.counterpart for meaning in SITE_MEANING.values()}
    assert not named & {S.UNDER_REVIEW, S.PAID, S.RECEIVED, S.COMPLETED}
    for meaning in SITE_MEANING.values():
        assert meaning.counterpart is None or meaning.counterpart in meaning.agrees_with


def test_equal_words_are_not_equal_facts() -> None:
    """WDT's completed does not complete our order: it is shipped (R-034)."""
    meaning = site_meaning(WarehouseStage.COMPLETED)
    assert meaning.counterpart is S.SHIPPED
    assert S.PAID not in meaning.agrees_with


def test_print_flags_and_bits_come_from_the_living_stockout() -> None:
    trade = records.sales_trade(TRADE_RECORD | {"consign_status": "0"})
    printed = records.stockout(STOCKOUT_RECORD)
    dead = records.stockout(STOCKOUT_RECORD | {"stockout_id": "9", "status": "5", "consign_status": "1"})
    other = records.stockout(
        STOCKOUT_RECORD | {"stockout_id": "10", "src_order_no": "JY-other", "consign_status": "1"}
    )
    assert stage_of(trade) is WarehouseStage.WAITING_FOR_PRINT
    assert stage_of(trade, [printed]) is WarehouseStage.PICKING
    assert stage_of(trade, [printed, dead, other]) is WarehouseStage.PICKING
    newer = records.stockout(STOCKOUT_RECORD | {"stockout_id": "10", "consign_status": "1"})
    assert stage_of(trade, [newer, printed]) is WarehouseStage.WEIGHING


def test_a_split_order_stands_where_its_slowest_trade_stands() -> None:
    shipped = records.sales_trade(TRADE_RECORD | {"trade_status": "95"})
    waiting = records.sales_trade(TRADE_RECORD | {"trade_id": "36", "trade_status": "30"})
    assert order_stage([shipped, waiting]) is WarehouseStage.WAITING_FOR_REVIEW
    assert order_stage([]) is None


def test_one_accepted_trade_accepts_the_order() -> None:
    """Of a split order one trade is shipped, the other waits: nothing of it is in entry any more."""
    trades = [
        records.sales_trade(TRADE_RECORD | {"trade_status": "95"}),
        records.sales_trade(TRADE_RECORD | {"trade_id": "36", "trade_status": "30"}),
    ]
    stage = WarehouseStage.WAITING_FOR_REVIEW
    assert not agrees(S.UNCONFIRMED, stage, trades)
    assert not agrees(S.UNDER_REVIEW, stage, trades)
    assert agrees(S.CONFIRMED, stage, trades)
    assert agrees(S.UNCONFIRMED, stage, trades[1:])
    assert step_shown(stage, trades) is OrderStep.CONFIRM
    assert step_shown(stage, trades[1:]) is None
