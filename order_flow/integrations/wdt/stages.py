"""Which warehouse step an order is in, read from codes, print flags and bits (wdt-openapi 5, tags C/D)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from order_flow.integrations.wdt.codes import ConsignBit, PrintStatus, TradeStatus


class WarehouseStage(StrEnum):
    """The V1.0 document's stage names, from early to late, plus the edges it does not name."""

    BEFORE_REVIEW = "Before Review"
    """Unpaid, pre-order or in automatic preparation: nobody over there can review it yet."""
    WAITING_FOR_REVIEW = "Waiting for Review"
    WAITING_FOR_PRINT = "Waiting for Print"
    PICKING = "Picking"
    SCANNING = "Scanning"
    WEIGHING = "Weighing"
    DISPATCHING = "Dispatching"
    """Weighed, stock-out not posted yet."""
    SHIPPED = "Shipped"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"
    UNKNOWN = "Unknown"
    """A code that nobody told us about: a person decides (R-034, R-350)."""


STAGE_OF_STATUS: dict[TradeStatus, WarehouseStage] = {
    TradeStatus.CANCELLED: WarehouseStage.CANCELLED,
    TradeStatus.WAITING_FOR_PAYMENT: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.WAITING_FOR_BALANCE: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.WAITING_FOR_WAREHOUSE: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.WAITING_UNPAID: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.DELAYED_REVIEW: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.PREORDER_PREPARATION: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.PREPARATION: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.OUTSOURCING_PREPARATION: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.GRAB_PREPARATION: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.PREORDER: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.WAITING_FOR_GRAB: WarehouseStage.BEFORE_REVIEW,
    TradeStatus.CUSTOMER_REVIEW: WarehouseStage.WAITING_FOR_REVIEW,
    TradeStatus.FINANCE_REVIEW: WarehouseStage.WAITING_FOR_REVIEW,
    TradeStatus.WAITING_FOR_HANDOVER: WarehouseStage.WAITING_FOR_PRINT,
    TradeStatus.HANDING_OVER: WarehouseStage.WAITING_FOR_PRINT,
    TradeStatus.HANDED_OVER: WarehouseStage.WAITING_FOR_PRINT,
    TradeStatus.UNCONFIRMED_BY_WAREHOUSE: WarehouseStage.WAITING_FOR_PRINT,
    TradeStatus.DISPATCHING: WarehouseStage.DISPATCHING,
    TradeStatus.SHIPPED: WarehouseStage.SHIPPED,
    TradeStatus.SHIPPED_ABNORMALLY: WarehouseStage.SHIPPED,
    TradeStatus.SIGNED: WarehouseStage.COMPLETED,
    TradeStatus.PARTLY_SETTLED: WarehouseStage.COMPLETED,
    TradeStatus.COMPLETED: WarehouseStage.COMPLETED,
}
"""Every status that names the stage by itself; REVIEWED (55) needs bits and print flags."""

PRINTED = frozenset({PrintStatus.DONE, PrintStatus.NOT_NEEDED})

_PROGRESS = tuple(WarehouseStage)
_NOTHING_DONE = ConsignBit(0)


def warehouse_stage(
    status: TradeStatus | None,
    consign: ConsignBit = _NOTHING_DONE,
    slip: PrintStatus = PrintStatus.NO,
    pick_list: PrintStatus = PrintStatus.NO,
) -> WarehouseStage:
    """Find the warehouse stage of one trade. Freezing is a flag of its own, not a stage.

    Args:
        status: the trade's status; None where the number is not in ``TradeStatus``.
        consign: finished steps, from the trade or its stockout.
        slip: print state of the waybill slip, known only from the stockout.
        pick_list: print state of the pick list, known only from the stockout.

    Returns:
        The stage; UNKNOWN for an unknown status, never a guess.
    """
    if status is None:
        return WarehouseStage.UNKNOWN
    if status is not TradeStatus.REVIEWED:
        return STAGE_OF_STATUS[status]
    if consign & ConsignBit.OUT_OF_STOCK_POSTED:
        return WarehouseStage.SHIPPED
    if consign & ConsignBit.EXAMINED:
        return WarehouseStage.DISPATCHING if consign & ConsignBit.WEIGHED else WarehouseStage.WEIGHING
    if consign & ConsignBit.PICKED:
        return WarehouseStage.SCANNING
    if slip not in PRINTED:
        return WarehouseStage.WAITING_FOR_PRINT
    return WarehouseStage.SCANNING if pick_list in PRINTED else WarehouseStage.PICKING


def least_advanced(stages: Iterable[WarehouseStage]) -> WarehouseStage | None:
    """The stage of an order that became several trades: the least advanced of those still alive.

    Args:
        stages: one stage a trade.

    Returns:
        UNKNOWN if any trade is unknown, CANCELLED if all are cancelled, None where there is no trade.
    """
    found = tuple(stages)
    if WarehouseStage.UNKNOWN in found:
        return WarehouseStage.UNKNOWN
    alive = [stage for stage in found if stage is not WarehouseStage.CANCELLED]
    if alive:
        return min(alive, key=_PROGRESS.index)
    return WarehouseStage.CANCELLED if found else None
