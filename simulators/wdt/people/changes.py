"""What a changed raw order does to its sales trades, by their state (table wdt-openapi 2.8)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from simulators.wdt.codes import (
    CANCELLING,
    LAST_IN_WAREHOUSE,
    LAST_UNAUDITED,
    REFUND_RUNNING,
    BadReason,
    BlockReason,
    Consign,
    LineRefund,
    OrderRefund,
    ProcessStatus,
    PushStatus,
    TradeStatus,
)
from simulators.wdt.model import ZERO, Line, RawOrder, Stockout, Trade
from simulators.wdt.people.flow import plan_auto
from simulators.wdt.people.submission import (
    START_STATUS,
    amounts_agree,
    goods_of,
    head_of,
    known_province,
    pay_time_of,
    receiver_of,
)
from simulators.wdt.records import Records

REMARK_FIELDS = ("buyer_message", "seller_memo", "seller_flag")
REMARK_FLAG_FROM = 25
RESTORED_BY_SHOP = "平台取消"


class Column(Enum):
    """Columns of the table: the state of the sales trade."""

    UNAUDITED = auto()
    IN_WAREHOUSE = auto()
    SHIPPED = auto()


class Kind(Enum):
    """Rows of the table: what the shop changed."""

    CANCEL = auto()
    LINE_CANCEL = auto()
    LINE_REFUND = auto()
    LINE_RESTORE = auto()
    ADDRESS = auto()
    REMARK = auto()
    GOODS = auto()
    SHOP_SHIPPED = auto()
    SHOP_COMPLETED = auto()
    PROGRESS = auto()


@dataclass(frozen=True)
class Change:
    """One difference between the pushed order and what the trade knows.

    Args:
        kind: what changed.
        tid: the pushed order.
        order: the order as pushed now.
        lines: pushed lines it concerns, by oid.
    """

    kind: Kind
    tid: str
    order: dict[str, Any]
    lines: dict[str, dict[str, Any]]


@dataclass
class Place:
    """Where a change lands.

    Args:
        records: the ERP's documents.
        trade: the trade.
        stockout: its living stockout, if any.
    """

    records: Records
    trade: Trade
    stockout: Stockout | None

    def lines(self, change: Change) -> list[Line]:
        """Lines of the trade that the change concerns."""
        return [line for line in self.trade.lines_of(change.tid) if line.src_oid in change.lines]

    def block(self, reason: BlockReason, bad: BadReason | None = None) -> None:
        """Mark the parcel for interception."""
        if self.stockout is not None:
            self.stockout.block_reason |= reason
        if bad is not None:
            self.trade.bad_reason |= bad


Rule = Callable[[Place, Change], None]


def apply_changes(records: Records, raw: RawOrder) -> None:
    """Let the trades of a raw order follow what was pushed since they last did.

    Args:
        records: the ERP's documents.
        raw: a submitted raw order.
    """
    if raw.applied is None:
        raise ValueError(f"raw order {raw.tid} has no trade yet; submit it first")
    found = differences(raw.applied, raw.pushed)
    for trade in records.trades_of(raw.sid, raw.tid):
        place = Place(records, trade, records.stockout_of(trade))
        for change in found:
            _apply(place, change)
        records.save_trade(trade)
        if place.stockout is not None:
            records.save_stockout(place.stockout)
        plan_auto(records, trade)
    raw.applied = raw.pushed
    raw.process_status = process_status_of(records, raw)
    records.save_raw(raw)


def _apply(place: Place, change: Change) -> None:
    """Run one rule; a cancelled trade only hears of a refund that was cancelled."""
    if not place.trade.is_active() and change.kind is not Kind.LINE_RESTORE:
        return
    column = column_of(place.trade)
    RULES[change.kind][column](place, change)
    place.records.log(
        place.trade.sid, change.tid, f"订单变更{change.kind.name}/{column.name}:{place.trade.trade_no}"
    )


def column_of(trade: Trade) -> Column:
    """Column of the table for a trade."""
    if trade.status <= LAST_UNAUDITED:
        return Column.UNAUDITED
    return Column.IN_WAREHOUSE if trade.status <= LAST_IN_WAREHOUSE else Column.SHIPPED


def process_status_of(records: Records, raw: RawOrder) -> int:
    """process_status of a submitted raw order, from its trades (wdt-openapi 2.1)."""
    living = [t for t in records.trades_of(raw.sid, raw.tid) if t.is_active() and _has_goods(t, raw.tid)]
    if not living:
        return ProcessStatus.CANCELLED
    shipped = [t for t in living if t.status >= TradeStatus.SHIPPED]
    if len(shipped) < len(living):
        return ProcessStatus.PART_SHIPPED if shipped else ProcessStatus.SUBMITTED
    done = all(t.status == TradeStatus.COMPLETED for t in living)
    return ProcessStatus.COMPLETED if done else ProcessStatus.SHIPPED


def _has_goods(trade: Trade, tid: str) -> bool:
    """Whether anything of the order leaves; an open interception has not stopped its parcel yet."""
    in_warehouse = trade.status == TradeStatus.AUDITED
    return in_warehouse or any(line.actual_num > 0 for line in trade.lines_of(tid))


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Changes between two states of a pushed order, in the order they are applied."""
    before = {line["oid"]: line for line in old["order_list"]}
    pairs = {line["oid"]: (before[line["oid"]], line) for line in new["order_list"]}
    moved = old["trade_status"] != new["trade_status"]
    whole = moved and new["trade_status"] in CANCELLING
    tests: list[tuple[Kind, bool | dict[str, dict[str, Any]]]] = [
        (Kind.PROGRESS, not whole),
        (Kind.ADDRESS, receiver_of(old) != receiver_of(new)),
        (Kind.REMARK, any(old[name] != new[name] for name in REMARK_FIELDS)),
        (Kind.GOODS, {oid: b for oid, (a, b) in pairs.items() if goods_of(a) != goods_of(b)}),
        (Kind.LINE_RESTORE, _refunds(pairs, frozenset({LineRefund.CANCELLED}))),
        (Kind.LINE_REFUND, {} if whole else _refunds(pairs, REFUND_RUNNING)),
        (Kind.CANCEL, whole),
        (Kind.LINE_CANCEL, {} if whole else _cancelled_lines(pairs)),
        (Kind.SHOP_SHIPPED, moved and new["trade_status"] == PushStatus.SHIPPED),
        (Kind.SHOP_COMPLETED, moved and new["trade_status"] == PushStatus.COMPLETED),
    ]
    every = {line["oid"]: line for line in new["order_list"]}
    return [
        Change(kind, new["tid"], new, hit if isinstance(hit, dict) else every) for kind, hit in tests if hit
    ]


Pairs = dict[str, tuple[dict[str, Any], dict[str, Any]]]


def _refunds(pairs: Pairs, states: frozenset[LineRefund]) -> dict[str, dict[str, Any]]:
    return {
        oid: new
        for oid, (old, new) in pairs.items()
        if new["refund_status"] != old["refund_status"] and new["refund_status"] in states
    }


def _cancelled_lines(pairs: Pairs) -> dict[str, dict[str, Any]]:
    return {oid: new for oid, (old, new) in pairs.items() if _line_is_off(new) and not _line_is_off(old)}


def _line_is_off(line: dict[str, Any]) -> bool:
    return line["status"] in CANCELLING or line["refund_status"] == LineRefund.REFUNDED


# Column 10..35: not audited yet


def _cancel_unaudited(place: Place, change: Change) -> None:
    refunded = change.order["trade_status"] != PushStatus.CLOSED
    zero_lines(place.trade, place.lines(change), LineRefund.REFUNDED if refunded else LineRefund.NONE)
    if not place.trade.has_goods():
        close_trade(place.trade, OrderRefund.FULL if refunded else OrderRefund.CLOSED)
    else:
        place.trade.refund_status = OrderRefund.PART
    if refunded:
        place.records.log(place.trade.sid, change.tid, "生成退款单")


def zero_lines(trade: Trade, lines: list[Line], refund: LineRefund) -> None:
    """Nothing of these lines is sent any more; gifts of the order go with its last real line."""
    tids = {line.src_tid for line in lines}
    for line in lines:
        line.actual_num = ZERO
        line.refund_status = refund
    for tid in tids:
        if not any(line.actual_num > 0 and not line.gift_type for line in trade.lines_of(tid)):
            for gift in trade.lines_of(tid):
                gift.actual_num = ZERO


def close_trade(trade: Trade, refund: OrderRefund) -> None:
    """The trade is cancelled (5)."""
    trade.status = TradeStatus.CANCELLED
    trade.refund_status = refund
    trade.cancel_reason = RESTORED_BY_SHOP
    trade.bad_reason &= ~BadReason.REFUND
    trade.freeze_reason = 0


def _refund_unaudited(place: Place, change: Change) -> None:
    for line in place.lines(change):
        line.refund_status = change.lines[line.src_oid]["refund_status"]
    parted = any(line.refund_status == LineRefund.REFUNDED for line in place.trade.lines)
    place.trade.refund_status = OrderRefund.PART if parted else OrderRefund.APPLIED


def _restore_unaudited(place: Place, change: Change) -> None:
    restore_lines(place.trade, place.lines(change))
    if place.trade.status == TradeStatus.CANCELLED:
        place.trade.status = TradeStatus.REVIEW
        place.trade.cancel_reason = ""


def restore_lines(trade: Trade, lines: list[Line]) -> None:
    """The refund of these lines was cancelled: they are sent after all."""
    for line in lines:
        line.actual_num = line.num
        line.refund_status = LineRefund.CANCELLED
    if not any(line.refund_status in REFUND_RUNNING or line.actual_num == 0 for line in trade.lines):
        trade.refund_status = OrderRefund.NONE


def _address_unaudited(place: Place, change: Change) -> None:
    if place.trade.status >= TradeStatus.FINANCE_REVIEW:
        place.trade.bad_reason |= BadReason.ADDRESS
        return
    place.trade.receiver = receiver_of(change.order)
    if known_province(change.order["receiver_province"]):
        place.trade.bad_reason &= ~BadReason.ADDRESS
    elif place.records.settings.flag("check_regions"):
        place.trade.bad_reason |= BadReason.ADDRESS


def _take_remark(place: Place, change: Change) -> None:
    place.trade.buyer_message = change.order["buyer_message"]
    place.trade.cs_remark = change.order["seller_memo"]
    place.trade.remark_flag = change.order["seller_flag"]


def _remark_unaudited(place: Place, change: Change) -> None:
    _take_remark(place, change)
    if place.trade.status >= REMARK_FLAG_FROM and place.records.settings.flag("remark_flags_trade"):
        place.trade.bad_reason |= BadReason.REMARK


def _goods_unaudited(place: Place, change: Change) -> None:
    if not place.records.settings.flag("auto_swap_goods"):
        place.trade.bad_reason |= BadReason.GOODS_SWAPPED
        return
    for line in place.lines(change):
        line.goods = goods_of(change.lines[line.src_oid])
    place.trade.bad_reason |= BadReason.GOODS_AUTO_SWAPPED


def _shipped_unaudited(place: Place, change: Change) -> None:
    if place.records.settings.flag("early_shipped_flags"):
        place.trade.bad_reason |= BadReason.SHOP_SHIPPED


def _completed_early(place: Place, change: Change) -> None:
    """No logistics row is expected any more; kept on the trade until a stockout exists."""
    place.trade.consign_status |= Consign.RAW_COMPLETED
    if place.stockout is not None:
        place.stockout.consign_status |= Consign.RAW_COMPLETED


def _progress_unaudited(place: Place, change: Change) -> None:
    _take_money(place, change)
    start = START_STATUS.get(PushStatus(change.order["trade_status"]))
    if start is not None and place.trade.status < TradeStatus.REVIEW:
        place.trade.status = start


def _take_money(place: Place, change: Change) -> None:
    """Payments change no step of the warehouse; a split trade keeps its own share."""
    trade = place.trade
    if len(place.records.trades_of(trade.sid, change.tid)) == 1:
        trade.heads[change.tid] = head_of(change.order)
    trade.pay_time = pay_time_of(change.order)
    if amounts_agree(change.order):
        trade.bad_reason &= ~BadReason.AMOUNTS
    elif place.records.settings.flag("check_amounts"):
        trade.bad_reason |= BadReason.AMOUNTS


# Column 40..94: in the warehouse, only an interception is possible


def _cancel_in_warehouse(place: Place, change: Change) -> None:
    zero_lines(place.trade, place.lines(change), LineRefund.REFUNDED)
    place.block(BlockReason.REFUNDED, BadReason.REFUND)
    place.trade.refund_status = OrderRefund.PART if place.trade.has_goods() else OrderRefund.FULL


def _refund_in_warehouse(place: Place, change: Change) -> None:
    place.block(BlockReason.REFUND_APPLIED)


def _restore_in_warehouse(place: Place, change: Change) -> None:
    place.block(BlockReason.REFUND_CANCELLED)


def _address_in_warehouse(place: Place, change: Change) -> None:
    place.block(BlockReason.ADDRESS)


def _remark_in_warehouse(place: Place, change: Change) -> None:
    if place.records.settings.flag("remark_blocks_stockout"):
        place.block(BlockReason.REMARK)


def _goods_in_warehouse(place: Place, change: Change) -> None:
    place.block(BlockReason.GOODS_SWAPPED)


def _shipped_in_warehouse(place: Place, change: Change) -> None:
    if place.records.settings.flag("early_shipped_flags"):
        place.block(BlockReason.SHOP_SHIPPED)


# Column >= 95: shipped


def _log_only(place: Place, change: Change) -> None:
    """The log line is written for every change; nothing else happens."""


def _completed(place: Place, change: Change) -> None:
    place.trade.status = TradeStatus.COMPLETED
    if place.stockout is not None:
        place.stockout.status = TradeStatus.COMPLETED


def _rules(unaudited: Rule, in_warehouse: Rule, shipped: Rule = _log_only) -> dict[Column, Rule]:
    return {Column.UNAUDITED: unaudited, Column.IN_WAREHOUSE: in_warehouse, Column.SHIPPED: shipped}


RULES: dict[Kind, dict[Column, Rule]] = {
    Kind.PROGRESS: _rules(_progress_unaudited, _take_money, _take_money),
    Kind.ADDRESS: _rules(_address_unaudited, _address_in_warehouse),
    Kind.REMARK: _rules(_remark_unaudited, _remark_in_warehouse),
    Kind.GOODS: _rules(_goods_unaudited, _goods_in_warehouse),
    Kind.LINE_RESTORE: _rules(_restore_unaudited, _restore_in_warehouse),
    Kind.LINE_REFUND: _rules(_refund_unaudited, _refund_in_warehouse),
    Kind.CANCEL: _rules(_cancel_unaudited, _cancel_in_warehouse),
    Kind.LINE_CANCEL: _rules(_cancel_unaudited, _cancel_in_warehouse),
    Kind.SHOP_SHIPPED: _rules(_shipped_unaudited, _shipped_in_warehouse),
    Kind.SHOP_COMPLETED: _rules(_completed_early, _completed_early, _completed),
}
