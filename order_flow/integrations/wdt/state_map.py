"""What a state of WDT means for our order, as a table (requirements 2.1-B, R-034, R-350, R-351).

Equal words are not equal facts: WDT says 已完成 where we say shipped. Nothing here compares words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from order_flow.domain.states import ENTRY_STATES, OrderState, OrderStep
from order_flow.integrations.wdt.codes import StockoutStatus, TradeStatus
from order_flow.integrations.wdt.port import SalesTrade, Stockout
from order_flow.integrations.wdt.stages import WarehouseStage, least_advanced, warehouse_stage

_STATE = OrderState


@dataclass(frozen=True, slots=True)
class SiteMeaning:
    """How one warehouse stage reads on our side."""

    counterpart: OrderState | None
    """The state the table of the V1.0 document names; None where it has no counterpart."""
    step: OrderStep | None
    """What the far side did if our order is not there yet; None where nothing follows from it."""
    agrees_with: frozenset[OrderState]
    """States of ours that do not contradict it, counterparts and honest delays included."""


OPEN_STATES = frozenset({_STATE.UNCONFIRMED, _STATE.UNDER_REVIEW, _STATE.CONFIRMED, _STATE.PAID})
RELEASED_STATES = frozenset({_STATE.CONFIRMED, _STATE.PAID})
GONE_STATES = frozenset({_STATE.SHIPPED, _STATE.RECEIVED, _STATE.COMPLETED})
CALLED_OFF_STATES = frozenset({_STATE.VOIDED, _STATE.CANCELLED})

_IN_WAREHOUSE = SiteMeaning(None, OrderStep.CONFIRM, RELEASED_STATES)
_GONE = SiteMeaning(_STATE.SHIPPED, OrderStep.SHIP, GONE_STATES)

SITE_MEANING: Mapping[WarehouseStage, SiteMeaning] = {
    WarehouseStage.BEFORE_REVIEW: SiteMeaning(_STATE.UNCONFIRMED, None, OPEN_STATES),
    # A confirmed order may wait here for WDT's own reviewers: no outside call can review for them.
    WarehouseStage.WAITING_FOR_REVIEW: SiteMeaning(_STATE.UNCONFIRMED, None, OPEN_STATES),
    WarehouseStage.WAITING_FOR_PRINT: SiteMeaning(_STATE.CONFIRMED, OrderStep.CONFIRM, RELEASED_STATES),
    WarehouseStage.PICKING: _IN_WAREHOUSE,
    WarehouseStage.SCANNING: _IN_WAREHOUSE,
    WarehouseStage.WEIGHING: _IN_WAREHOUSE,
    WarehouseStage.DISPATCHING: _IN_WAREHOUSE,
    WarehouseStage.SHIPPED: _GONE,
    WarehouseStage.COMPLETED: _GONE,
    WarehouseStage.CANCELLED: SiteMeaning(_STATE.VOIDED, OrderStep.CANCEL, CALLED_OFF_STATES),
    WarehouseStage.UNKNOWN: SiteMeaning(None, None, frozenset()),
}

_GONE_STAGES = frozenset({WarehouseStage.SHIPPED, WarehouseStage.COMPLETED})


def stage_of(trade: SalesTrade, stockouts: Iterable[Stockout] = ()) -> WarehouseStage:
    """Warehouse stage of one trade; print flags and bits come from its living stockout if it is known.

    Args:
        trade: the sales trade.
        stockouts: stockouts of the order; those of other trades and cancelled ones are passed over.
    """
    living = [
        stockout
        for stockout in stockouts
        if stockout.trade_no == trade.trade_no and stockout.status is not StockoutStatus.CANCELLED
    ]
    if not living:
        return warehouse_stage(trade.status, trade.consign)
    latest = max(
        living, key=lambda stockout: int(stockout.stockout_id) if stockout.stockout_id.isdigit() else 0
    )
    return warehouse_stage(
        trade.status, trade.consign | latest.consign, latest.slip_print, latest.pick_list_print
    )


def order_stage(trades: Iterable[SalesTrade], stockouts: Iterable[Stockout] = ()) -> WarehouseStage | None:
    """Warehouse stage of an order: the least advanced of its trades; None while WDT has not submitted it."""
    known = tuple(stockouts)
    return least_advanced(stage_of(trade, known) for trade in trades)


def as_ours(trade: SalesTrade, tid: str) -> SalesTrade:
    """Read a trade with the eyes of one order.

    A trade that lives on without any line of ours counts as cancelled for us (wdt-openapi 2.8). Not between
    review and shipping: there zeroed lines are a request to stop the parcel, not the answer.

    Args:
        trade: the sales trade, perhaps merged with other orders.
        tid: our order's number over there.
    """
    in_warehouse = TradeStatus.WAITING_FOR_HANDOVER <= trade.status_code < TradeStatus.SHIPPED
    if trade.status is None or in_warehouse or any(line.actual_quantity for line in trade.lines_of(tid)):
        return trade
    return replace(trade, status=TradeStatus.CANCELLED, status_code=int(TradeStatus.CANCELLED))


def quantities_in(trades: Iterable[SalesTrade], tid: str) -> dict[str, Decimal]:
    """What the lines of an order still hold in some trades, by ``src_oid``; zeroed lines are left out."""
    found: dict[str, Decimal] = {}
    for trade in trades:
        for line in trade.lines_of(tid):
            if line.actual_quantity:
                found[line.src_oid] = found.get(line.src_oid, Decimal(0)) + line.actual_quantity
    return found


def left_without_rest(
    trades: Sequence[SalesTrade], tid: str, ordered: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Return what has left of an order whose rest was cancelled over there; empty where that is not the case.

    Every piece of the order must be accounted for, shipped or cancelled: a trade that was not read may still
    be on its way.

    Args:
        trades: all trades of the order, read with its eyes.
        tid: its number over there.
        ordered: ordered quantity by ``src_oid``.
    """
    alive = [trade for trade in trades if trade.status is not TradeStatus.CANCELLED]
    if not alive or any(stage_of(trade) not in _GONE_STAGES for trade in alive):
        return {}
    left = quantities_in(alive, tid)
    off: dict[str, Decimal] = {}
    for trade in trades:
        dead = trade.status is TradeStatus.CANCELLED
        for line in trade.lines_of(tid):
            part = line.quantity if dead else line.quantity - line.actual_quantity
            off[line.src_oid] = off.get(line.src_oid, Decimal(0)) + part
    none = Decimal(0)
    known = all(left.get(oid, none) + off.get(oid, none) >= wanted for oid, wanted in ordered.items())
    parted = any(left.get(oid, none) < wanted for oid, wanted in ordered.items())
    return left if known and parted else {}


def cancelled_beside(
    trades: Sequence[SalesTrade], tid: str, ordered: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """What was cancelled over there of an order whose other goods still wait to leave; empty otherwise.

    Only what cancelled trades account for counts: goods of a trade that was not read are on no side.

    Args:
        trades: all trades of the order, read with its eyes.
        tid: its number over there.
        ordered: ordered quantity by ``src_oid``.
    """
    alive = [trade for trade in trades if trade.status is not TradeStatus.CANCELLED]
    if not alive or all(stage_of(trade) in _GONE_STAGES for trade in alive):
        return {}
    there, none = quantities_in(alive, tid), Decimal(0)
    off: dict[str, Decimal] = {}
    for trade in trades:
        if trade.status is TradeStatus.CANCELLED:
            for line in trade.lines_of(tid):
                off[line.src_oid] = off.get(line.src_oid, none) + line.quantity
    missing = {oid: min(wanted - there.get(oid, none), off.get(oid, none)) for oid, wanted in ordered.items()}
    return {oid: part for oid, part in missing.items() if part > none}


def step_shown(stage: WarehouseStage, trades: Iterable[SalesTrade]) -> OrderStep | None:
    """The step that WDT has taken on an order, None where nothing follows from what it shows.

    Args:
        stage: the order's, see ``order_stage``.
        trades: all trades of the order; one that is accepted accepts the order, while another still waits.
    """
    step = site_meaning(stage).step
    return OrderStep.CONFIRM if step is None and is_accepted(trades) else step


def agrees(state: OrderState, stage: WarehouseStage, trades: Iterable[SalesTrade]) -> bool:
    """Tell whether a state of ours does not contradict what WDT shows, honest delays included.

    Args:
        state: the order's.
        stage: the order's over there, see ``order_stage``.
        trades: all trades of the order; none of an order in entry is accepted already.
    """
    if state in ENTRY_STATES and is_accepted(trades):
        return False
    return state in site_meaning(stage).agrees_with


def is_accepted(trades: Iterable[SalesTrade]) -> bool:
    """Tell whether WDT has reviewed a trade of an order; of several one is enough to take the order."""
    return any(site_meaning(stage_of(trade)).step in (OrderStep.CONFIRM, OrderStep.SHIP) for trade in trades)


def site_meaning(stage: WarehouseStage) -> SiteMeaning:
    """Return what a warehouse stage means on our side (requirements 2.1-B)."""
    return SITE_MEANING[stage]
