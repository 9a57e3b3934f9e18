"""Tables of the HTML page: the newest hundred of each document."""

from simulators.core import Section
from simulators.wdt.codes import ProcessStatus, TradeStatus
from simulators.wdt.model import Stockout, Trade
from simulators.wdt.records import Records


def sections(records: Records) -> list[Section]:
    """Raw orders, trades, stockouts and waiting sync rows, newest first."""
    return [_raw_orders(records), _trades(records), _stockouts(records), _sync_rows(records)]


def _raw_orders(records: Records) -> Section:
    rows = records.store.rows("SELECT * FROM raw_order ORDER BY id DESC LIMIT 100")
    cells = [
        [
            row["tid"],
            row["shop_no"],
            _named(ProcessStatus(row["process_status"])),
            row["error"],
            row["modified"],
        ]
        for row in rows
    ]
    return Section("Raw orders 原始订单", ["tid", "shop", "process_status", "error", "modified"], cells)


def _trades(records: Records) -> Section:
    columns = ["trade_no", "src_tids", "status", "frozen", "bad", "refund", "modified"]
    found = records.trades("1 ORDER BY trade_id DESC LIMIT 100")
    return Section("Sales trades 系统订单", columns, [_trade_row(trade) for trade in found])


def _trade_row(trade: Trade) -> list[object]:
    flags = [value or "" for value in (trade.freeze_reason, int(trade.bad_reason), int(trade.refund_status))]
    return [trade.trade_no, ", ".join(trade.tids), _named(TradeStatus(trade.status)), *flags, trade.modified]


def _stockouts(records: Records) -> Section:
    columns = ["order_no", "trade_no", "status", "consign", "block", "waybill"]
    found = records.stockouts("1 ORDER BY stockout_id DESC LIMIT 100")
    return Section("Stockouts 出库单", columns, [_stockout_row(stockout) for stockout in found])


def _stockout_row(stockout: Stockout) -> list[object]:
    flags = [int(stockout.consign_status), int(stockout.block_reason)]
    status = _named(TradeStatus(stockout.status))
    return [stockout.order_no, stockout.trade_no, status, *flags, stockout.logistics_no]


def _sync_rows(records: Records) -> Section:
    waiting = records.sync_rows("sync_status = 0 ORDER BY rec_id LIMIT 100")
    cells: list[list[object]] = [[row.rec_id, row.tid, row.logistics_no, row.oids] for row in waiting]
    return Section("Waiting for the shop 物流同步", ["rec_id", "tid", "waybill", "oids"], cells)


def _named(code: TradeStatus | ProcessStatus) -> str:
    return f"{code.value} {code.name.lower().replace('_', ' ')}"
