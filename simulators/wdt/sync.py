"""Logistics sync: rows made at shipping, drained and acknowledged by the shop (wdt-openapi 2.4, 2.5)."""

from collections.abc import Mapping
from typing import Any

from simulators.wdt.accounts import Account
from simulators.wdt.codes import Code, Consign, SyncStatus, TradeStatus
from simulators.wdt.model import Stockout, SyncRow, Trade
from simulators.wdt.parameters import integer, json_list, required
from simulators.wdt.records import Records
from simulators.wdt.refusal import Refusal

LIMIT = 100
NOT_WAITING = "非待同步状态,不可更新"


def make_rows(records: Records, trade: Trade, stockout: Stockout) -> None:
    """Write the rows of a trade that was just shipped.

    One waybill per tid, or, where split shipping is switched on, one per oid. A trade whose raw order
    was completed before (bit 1073741824) expects no row.
    """
    if stockout.consign_status & Consign.RAW_COMPLETED:
        return
    for tid in trade.tids:
        living = [t for t in records.trades_of(trade.sid, tid) if t.is_active() and t.has_goods()]
        is_split = len(living) > 1
        oids = _unsynced_oids(records, trade, tid)
        if is_split and not records.settings.flag("split_shipping"):
            oids = oids if not _rows_of(records, trade.sid, tid) else []
        if not oids:
            records.log(trade.sid, tid, f"{trade.trade_no}无需物流同步")
            continue
        is_part = is_split and records.settings.flag("split_shipping")
        is_last = all(t.status >= TradeStatus.SHIPPED for t in living)
        _save_row(records, trade, stockout, tid, oids if is_part else [], is_part, is_last)


def _save_row(
    records: Records,
    trade: Trade,
    stockout: Stockout,
    tid: str,
    oids: list[str],
    is_part: bool,
    is_last: bool,
) -> None:
    carrier = records.accounts.by_sid(trade.sid).carrier(stockout.logistics_code)
    row = SyncRow(
        rec_id=records.next_number("sync_row"),
        sid=trade.sid,
        shop_no=trade.shop_no,
        tid=tid,
        trade_id=trade.trade_id,
        stockout_id=stockout.stockout_id,
        logistics_no=stockout.logistics_no,
        logistics_type=stockout.logistics_type,
        logistics_name=str(carrier["logistics_name"]),
        logistics_code_erp=stockout.logistics_code,
        delivery_term=trade.delivery_term,
        consign_time=stockout.consign_time,
        is_part_sync=int(is_part),
        oids=",".join(oids),
        is_last=int(is_last),
    )
    records.save_sync(row)
    records.log(trade.sid, tid, f"物流待同步{row.logistics_no}")


def _rows_of(records: Records, sid: str, tid: str) -> list[SyncRow]:
    """Rows that still count: recalled ones do not."""
    rows = records.sync_rows("sid = ? AND tid = ?", sid, tid)
    return [row for row in rows if row.error_msg != RECALLED]


def _unsynced_oids(records: Records, trade: Trade, tid: str) -> list[str]:
    """Sub-orders of this trade that no row carried yet; one oid is synced once, gifts have none."""
    done = {oid for row in _rows_of(records, trade.sid, tid) for oid in row.oids.split(",")}
    lines = trade.lines_of(tid)
    return [
        line.src_oid
        for line in lines
        if line.actual_num > 0 and not line.gift_type and line.src_oid not in done
    ]


RECALLED = "撤销发货"


def recall_rows(records: Records, trade: Trade) -> None:
    """A recalled waybill: its rows become done without the shop (wdt-openapi 2.4, sync_status 3)."""
    for row in records.sync_rows("trade_id = ? AND sid = ?", trade.trade_id, trade.sid):
        row.sync_status, row.error_msg = SyncStatus.DONE, RECALLED
        records.save_sync(row)


def logistics_sync_query(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """Rows that wait for the shop, oldest first; no paging, the caller drains a pool.

    Args:
        records: the ERP's documents.
        account: the caller.
        form: limit (required; more than 100 is taken as 100), shop_no, is_part_sync_able.
    """
    required(form, "limit")
    limit = min(integer(form, "limit", LIMIT, 1, 10**6), LIMIT)
    integer(form, "is_part_sync_able", 0, 0, 1)
    shops = (
        [str(account.shop(form["shop_no"])["shop_no"])] if form.get("shop_no") else account.own_shop_numbers()
    )
    marks = ",".join("?" * len(shops))
    rows = records.sync_rows(
        f"sid = ? AND sync_status = ? AND shop_no IN ({marks}) ORDER BY rec_id LIMIT ?",
        account.sid, int(SyncStatus.WAITING), *shops, limit,
    )  # fmt: skip
    return {"code": 0, "message": "", "trades": [_shown(row) for row in rows]}


def _shown(row: SyncRow) -> dict[str, Any]:
    shown = {name: value for name, value in row.dump().items() if name != "sid"}
    return {
        **shown,
        "logistics_name_erp": row.logistics_name,
        "platform_id": 127,
        "is_need_sync": 1,
        "error_code": None,
        "description": "",
        "contact": "",
        "mobile": "",
        "telno": "",
        "address": "",
    }


def logistics_sync_ack(records: Records, account: Account, form: Mapping[str, str]) -> dict[str, Any]:
    """Take the shop's answer for each row; code 0 does not mean that every row was accepted.

    Args:
        records: the ERP's documents.
        account: the caller.
        form: logistics_list, JSON of {rec_id, status 0 ok | 1 failed, message}.

    Raises:
        Refusal: the list as a whole is malformed or too long.
    """
    items = json_list(form, "logistics_list")
    limit = int(records.settings.number("ack_limit"))
    if not items or len(items) > limit:
        raise Refusal(Code.BAD_INPUT, f"logistics_list应为1到{limit}条")
    errors = [error for item in items if (error := _ack_one(records, account, item))]
    answer: dict[str, Any] = {"code": 0, "message": ""}
    return {**answer, "errors": errors} if errors else answer


def _ack_one(records: Records, account: Account, item: object) -> dict[str, Any] | None:
    if not isinstance(item, dict) or not str(item.get("rec_id", "")).isdigit():
        return {"rec_id": str(item), "error": "rec_id无效"}
    rec_id, status = int(item["rec_id"]), str(item.get("status", ""))
    if status not in ("0", "1"):
        return {"rec_id": rec_id, "error": "status无效,应为0或1"}
    message = str(item.get("message") or "")
    if len(message) > 255:
        return {"rec_id": rec_id, "error": "message长度超过255"}
    rows = records.sync_rows("rec_id = ? AND sid = ?", rec_id, account.sid)
    if not rows:
        return {"rec_id": rec_id, "error": "同步记录不存在"}
    if rows[0].sync_status != SyncStatus.WAITING:
        return {"rec_id": rec_id, "error": NOT_WAITING}
    _settle(records, rows[0], status == "0", message)
    return None


def _settle(records: Records, row: SyncRow, accepted: bool, message: str) -> None:
    row.try_times += 1
    row.error_msg, row.sync_time = message, records.stamp()
    if accepted:
        row.sync_status = SyncStatus.DONE
        _mark_synced(records, row)
    elif not records.settings.flag("failed_ack_returns"):
        row.sync_status = SyncStatus.FAILED
    records.save_sync(row)
    records.log(row.sid, row.tid, f"物流同步{'成功' if accepted else '失败:' + message}")


def _mark_synced(records: Records, row: SyncRow) -> None:
    """Set consign bit 8 on trade and stockout once every row of the trade is done."""
    others = records.sync_rows("trade_id = ? AND sid = ? AND rec_id <> ?", row.trade_id, row.sid, row.rec_id)
    if any(other.sync_status != SyncStatus.DONE for other in others):
        return
    for trade in records.trades("trade_id = ?", row.trade_id):
        trade.consign_status |= Consign.SYNCED
        records.save_trade(trade)
        stockout = records.stockout_of(trade)
        if stockout is not None:
            stockout.consign_status |= Consign.SYNCED
            records.save_stockout(stockout)
