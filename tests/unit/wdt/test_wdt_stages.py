"""Warehouse stages out of codes, bits and print flags (wdt-openapi 5)."""

from __future__ import annotations

import pytest

from order_flow.integrations.wdt.codes import ConsignBit, PrintStatus, TradeStatus
from order_flow.integrations.wdt.stages import (
    STAGE_OF_STATUS,
    WarehouseStage,
    least_advanced,
    warehouse_stage,
)

NONE = ConsignBit(0)
REVIEWED = TradeStatus.REVIEWED
PRINTED = PrintStatus.DONE
NOT_PRINTED = PrintStatus.NO


def test_every_status_has_a_stage() -> None:
    assert set(STAGE_OF_STATUS) | {REVIEWED} == set(TradeStatus)


@pytest.mark.parametrize(
    ("consign", "slip", "pick_list", "stage"),
    [
        (NONE, NOT_PRINTED, NOT_PRINTED, WarehouseStage.WAITING_FOR_PRINT),
        (NONE, PrintStatus.PRINTING, NOT_PRINTED, WarehouseStage.WAITING_FOR_PRINT),
        (NONE, PRINTED, NOT_PRINTED, WarehouseStage.PICKING),
        (NONE, PrintStatus.NOT_NEEDED, PrintStatus.PRINTING, WarehouseStage.PICKING),
        (NONE, PRINTED, PRINTED, WarehouseStage.SCANNING),
        (ConsignBit.PICKED, PRINTED, NOT_PRINTED, WarehouseStage.SCANNING),
        (ConsignBit.EXAMINED | ConsignBit.PICKED, PRINTED, PRINTED, WarehouseStage.WEIGHING),
        (ConsignBit.EXAMINED, NOT_PRINTED, NOT_PRINTED, WarehouseStage.WEIGHING),
        (ConsignBit.EXAMINED | ConsignBit.WEIGHED, PRINTED, PRINTED, WarehouseStage.DISPATCHING),
        (ConsignBit(7), PRINTED, PRINTED, WarehouseStage.SHIPPED),
    ],
)
def test_steps_inside_code_55(
    consign: ConsignBit, slip: PrintStatus, pick_list: PrintStatus, stage: WarehouseStage
) -> None:
    assert warehouse_stage(REVIEWED, consign, slip, pick_list) is stage


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (TradeStatus.CANCELLED, WarehouseStage.CANCELLED),
        (TradeStatus.WAITING_FOR_PAYMENT, WarehouseStage.BEFORE_REVIEW),
        (TradeStatus.CUSTOMER_REVIEW, WarehouseStage.WAITING_FOR_REVIEW),
        (TradeStatus.FINANCE_REVIEW, WarehouseStage.WAITING_FOR_REVIEW),
        (TradeStatus.HANDED_OVER, WarehouseStage.WAITING_FOR_PRINT),
        (TradeStatus.SHIPPED, WarehouseStage.SHIPPED),
        (TradeStatus.SHIPPED_ABNORMALLY, WarehouseStage.SHIPPED),
        (TradeStatus.COMPLETED, WarehouseStage.COMPLETED),
        (None, WarehouseStage.UNKNOWN),
    ],
)
def test_codes_that_name_the_stage(status: TradeStatus | None, stage: WarehouseStage) -> None:
    """The bits of a shipped or cancelled trade change nothing; an unknown code is never guessed (R-350)."""
    assert warehouse_stage(status, ConsignBit(3), PRINTED, PRINTED) is stage


@pytest.mark.parametrize(
    ("stages", "found"),
    [
        ([], None),
        ([WarehouseStage.CANCELLED], WarehouseStage.CANCELLED),
        ([WarehouseStage.SHIPPED, WarehouseStage.PICKING], WarehouseStage.PICKING),
        ([WarehouseStage.CANCELLED, WarehouseStage.SHIPPED], WarehouseStage.SHIPPED),
        ([WarehouseStage.UNKNOWN, WarehouseStage.SHIPPED], WarehouseStage.UNKNOWN),
    ],
)
def test_split_orders_stand_where_their_slowest_part_stands(
    stages: list[WarehouseStage], found: WarehouseStage | None
) -> None:
    assert least_advanced(stages) is found
