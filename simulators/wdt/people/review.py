"""What reviewers do to a trade: audit, reject, freeze, cancel (wdt-openapi 2.2, 2.3, 6)."""

from decimal import Decimal
from typing import Any, NamedTuple

from simulators.core import AdminError
from simulators.wdt.codes import (
    BadReason,
    BlockReason,
    Consign,
    LineRefund,
    OrderRefund,
    TradeStatus,
)
from simulators.wdt.model import Stockout, Trade
from simulators.wdt.people.changes import close_trade, process_status_of, restore_lines, zero_lines
from simulators.wdt.people.flow import plan_auto
from simulators.wdt.people.submission import goods_of, receiver_of
from simulators.wdt.records import Records

UNAUDITED = frozenset(
    {TradeStatus.WAITING_PAYMENT, TradeStatus.WAITING_BALANCE, TradeStatus.REVIEW, TradeStatus.FINANCE_REVIEW}
)
BY_STAFF = "客服取消"


class Case(NamedTuple):
    """What a verb works on."""

    records: Records
    trade: Trade
    options: dict[str, Any]


def wrong_state(trade: Trade, wanted: str) -> AdminError:
    """The error for a step in the wrong state."""
    return AdminError(f"{trade.trade_no} is at status {int(trade.status)}; {wanted}", 409)


def require_free(trade: Trade) -> None:
    """A frozen trade takes no step.

    Raises:
        AdminError: it is frozen.
    """
    if trade.freeze_reason:
        raise AdminError(
            f"{trade.trade_no} is frozen (freeze_reason {trade.freeze_reason}); unfreeze it first", 409
        )


def audit(case: Case) -> None:
    """客审: to finance review, or straight on to the warehouse."""
    trade = case.trade
    if trade.status != TradeStatus.REVIEW:
        raise wrong_state(trade, "only 30 (待客审) can be audited")
    _require_auditable(trade)
    if case.options.get("warehouse_no"):
        trade.warehouse_no = str(case.options["warehouse_no"])
    if case.records.settings.flag("finance_audit_needed"):
        trade.status = TradeStatus.FINANCE_REVIEW
        _save(case, "客审通过,待财审")
        return
    _to_warehouse(case)


def release(case: Case) -> None:
    """Staff take an unpaid trade into review by hand, e.g. for a customer they trust (tag D).

    The raw order keeps its status: the shop's own word about the money may follow later.
    """
    trade = case.trade
    if trade.status not in (TradeStatus.WAITING_PAYMENT, TradeStatus.WAITING_BALANCE):
        raise wrong_state(trade, "only 10 and 12 (waiting for money) can be released by hand")
    require_free(trade)
    trade.status = TradeStatus.REVIEW
    _save(case, "手工转待客审")


def finance_audit(case: Case) -> None:
    """财审: on to the warehouse."""
    if case.trade.status != TradeStatus.FINANCE_REVIEW:
        raise wrong_state(case.trade, "only 35 (待财审) can be audited by finance")
    _require_auditable(case.trade)
    _to_warehouse(case)


def _require_auditable(trade: Trade) -> None:
    require_free(trade)
    if trade.bad_reason:
        names = BadReason(trade.bad_reason)
        raise AdminError(f"{trade.trade_no} is marked bad ({names!r}); use the verb clear first", 409)
    if trade.refund_status == OrderRefund.APPLIED:
        raise AdminError(f"{trade.trade_no} has a refund applied for; it cannot be audited", 409)


def _to_warehouse(case: Case) -> None:
    records, trade = case.records, case.trade
    stockout_id = records.next_number("stockout")
    trade.status = TradeStatus.AUDITED
    trade.stockout_no = f"CK{records.clock.stamp():%Y%m%d}{stockout_id:05d}"
    stockout = Stockout(
        stockout_id=stockout_id,
        order_no=trade.stockout_no,
        trade_id=trade.trade_id,
        trade_no=trade.trade_no,
        sid=trade.sid,
        shop_no=trade.shop_no,
        warehouse_no=trade.warehouse_no,
        status=TradeStatus.AUDITED,
        quantities={str(line.rec_id): str(line.actual_num) for line in trade.lines if line.actual_num > 0},
        tids=trade.tids,
        consign_status=trade.consign_status,
    )
    records.save_stockout(stockout)
    _save(case, f"审核通过,生成出库单{stockout.order_no}")


def reject(case: Case) -> None:
    """驳回: the parcel is taken apart, the trade goes back to review; the next audit gives a new stockout."""
    stockout = case.records.stockout_of(case.trade)
    if case.trade.status != TradeStatus.AUDITED or stockout is None:
        raise wrong_state(case.trade, "only an audited trade that is not shipped can be rejected")
    take_back(case, stockout)
    _save(case, f"驳回出库单{stockout.order_no}")


def take_back(case: Case, stockout: Stockout) -> None:
    """Cancel the stockout; the trade goes to review with what was changed meanwhile, or ends."""
    records, trade = case.records, case.trade
    stockout.status = TradeStatus.CANCELLED
    records.save_stockout(stockout)
    trade.stockout_no, trade.revert_reason = "", 1
    trade.consign_status &= Consign.RAW_COMPLETED
    trade.bad_reason &= ~BadReason.REFUND
    for tid in trade.tids:
        _catch_up(records, trade, tid, BlockReason(stockout.block_reason))
    if trade.has_goods():
        trade.status = TradeStatus.REVIEW
    else:
        close_trade(trade, OrderRefund.FULL)


def _catch_up(records: Records, trade: Trade, tid: str, blocked: BlockReason) -> None:
    """Take over what the interception asked for: address, goods, cancelled refunds."""
    raw = records.raw(trade.sid, tid)
    if raw is None:
        raise RuntimeError(f"trade {trade.trade_no} has lines of {tid}, which has no raw order")
    pushed = {line["oid"]: line for line in raw.pushed["order_list"]}
    if blocked & BlockReason.ADDRESS:
        trade.receiver = receiver_of(raw.pushed)
    for line in trade.lines_of(tid):
        if line.gift_type:
            continue
        now = pushed[line.src_oid]
        if blocked & BlockReason.GOODS_SWAPPED:
            line.goods = goods_of(now)
        if blocked & BlockReason.REFUND_APPLIED:
            line.refund_status = now["refund_status"]
            trade.refund_status = OrderRefund.APPLIED
        if blocked & BlockReason.REFUND_CANCELLED and now["refund_status"] == LineRefund.CANCELLED:
            restore_lines(trade, [line])


def confirm_interception(case: Case) -> None:
    """Staff stop the parcel: the stockout is cancelled (wdt-openapi 2.8)."""
    stockout = _intercepted(case)
    take_back(case, stockout)
    _save(case, f"截停成功,出库单{stockout.order_no}已取消")


def refuse_interception(case: Case) -> None:
    """The parcel leaves all the same: what the interception had zeroed is sent."""
    stockout, trade = _intercepted(case), case.trade
    stockout.block_reason = 0
    trade.bad_reason &= ~BadReason.REFUND
    for line in trade.lines:
        line.actual_num = Decimal(stockout.quantities.get(str(line.rec_id), "0"))
    case.records.save_stockout(stockout)
    _save(case, f"拒绝截停,出库单{stockout.order_no}继续发货")


def _intercepted(case: Case) -> Stockout:
    stockout = case.records.stockout_of(case.trade)
    if case.trade.status != TradeStatus.AUDITED or stockout is None or not stockout.block_reason:
        raise wrong_state(case.trade, "only a parcel with a block_reason can be intercepted or let go")
    return stockout


def freeze(case: Case) -> None:
    """冻结: the status stays, freeze_reason becomes > 0."""
    trade = case.trade
    if trade.status not in UNAUDITED | {TradeStatus.AUDITED}:
        raise wrong_state(trade, "only a trade that is not shipped can be frozen")
    _set_freeze(case, int(case.options.get("reason", 1)), "冻结")


def unfreeze(case: Case) -> None:
    """解冻."""
    if not case.trade.freeze_reason:
        raise wrong_state(case.trade, "it is not frozen")
    _set_freeze(case, 0, "解冻")


def _set_freeze(case: Case, reason: int, text: str) -> None:
    case.trade.freeze_reason = reason
    stockout = case.records.stockout_of(case.trade)
    if stockout is not None:
        stockout.freeze_reason = reason
        case.records.save_stockout(stockout)
    _save(case, text)


def clear(case: Case) -> None:
    """清除异常: staff looked at what marked the trade bad."""
    case.trade.bad_reason = 0
    _save(case, "清除异常标记")


def cancel(case: Case) -> None:
    """Staff cancel a trade that is not audited."""
    trade = case.trade
    if trade.status not in UNAUDITED:
        raise wrong_state(trade, "only a trade that is not audited can be cancelled")
    zero_lines(trade, trade.lines, LineRefund.NONE)
    close_trade(trade, OrderRefund.CLOSED)
    trade.cancel_reason = BY_STAFF
    _save(case, BY_STAFF)


def _save(case: Case, text: str) -> None:
    save_and_follow(case.records, case.trade, text)


def save_and_follow(records: Records, trade: Trade, text: str) -> None:
    """Store the trade, log, let its raw orders follow, plan the next automatic step."""
    records.save_trade(trade)
    for tid in trade.tids:
        records.log(trade.sid, tid, f"{trade.trade_no} {text}")
        raw = records.raw(trade.sid, tid)
        if raw is not None:
            status = process_status_of(records, raw)
            if status != raw.process_status:
                raw.process_status = status
                records.save_raw(raw)
    plan_auto(records, trade)
