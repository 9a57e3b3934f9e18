"""Where the ERP's documents are kept; every save stamps ``modified``."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from simulators.core import Agenda, Settings, SimulatedClock, Store
from simulators.wdt.accounts import Accounts
from simulators.wdt.codes import TradeStatus
from simulators.wdt.model import RawOrder, Stockout, SyncRow, Trade
from simulators.wdt.parameters import time_text

SCHEMA = """
CREATE TABLE IF NOT EXISTS sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS raw_order (
    id INTEGER PRIMARY KEY, sid TEXT NOT NULL, shop_no TEXT NOT NULL, tid TEXT NOT NULL,
    process_status INTEGER NOT NULL, bad_reason INTEGER NOT NULL, error TEXT NOT NULL,
    modified TEXT NOT NULL, created TEXT NOT NULL, pushed TEXT NOT NULL, applied TEXT,
    UNIQUE (sid, tid));
CREATE TABLE IF NOT EXISTS raw_oid (sid TEXT, oid TEXT, raw_id INTEGER, PRIMARY KEY (sid, oid));
CREATE TABLE IF NOT EXISTS trade (
    trade_id INTEGER PRIMARY KEY, trade_no TEXT UNIQUE, sid TEXT NOT NULL, shop_no TEXT NOT NULL,
    status INTEGER NOT NULL, modified TEXT NOT NULL, logistics_no TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS trade_modified ON trade (sid, modified);
CREATE INDEX IF NOT EXISTS trade_logistics ON trade (sid, logistics_no);
CREATE TABLE IF NOT EXISTS trade_source (
    sid TEXT, tid TEXT, trade_id INTEGER, PRIMARY KEY (sid, tid, trade_id));
CREATE INDEX IF NOT EXISTS trade_source_trade ON trade_source (trade_id);
CREATE TABLE IF NOT EXISTS stockout (
    stockout_id INTEGER PRIMARY KEY, order_no TEXT UNIQUE, trade_id INTEGER NOT NULL, sid TEXT NOT NULL,
    shop_no TEXT NOT NULL, status INTEGER NOT NULL, modified TEXT NOT NULL, consign_time TEXT NOT NULL,
    doc TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS stockout_trade ON stockout (trade_id);
CREATE INDEX IF NOT EXISTS stockout_modified ON stockout (sid, modified);
CREATE INDEX IF NOT EXISTS stockout_consign ON stockout (sid, consign_time);
CREATE TABLE IF NOT EXISTS sync_row (
    rec_id INTEGER PRIMARY KEY, sid TEXT NOT NULL, shop_no TEXT NOT NULL, tid TEXT NOT NULL,
    trade_id INTEGER NOT NULL, sync_status INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sync_row_status ON sync_row (sid, sync_status);
CREATE INDEX IF NOT EXISTS sync_row_tid ON sync_row (sid, tid);
CREATE TABLE IF NOT EXISTS spec (
    sid TEXT, spec_no TEXT, modified TEXT, doc TEXT NOT NULL, PRIMARY KEY (sid, spec_no));
CREATE TABLE IF NOT EXISTS erp_log (id INTEGER PRIMARY KEY, at TEXT, sid TEXT, tid TEXT, text TEXT);
CREATE INDEX IF NOT EXISTS erp_log_tid ON erp_log (sid, tid);
"""
TABLES = (
    "sequence",
    "raw_order",
    "raw_oid",
    "trade",
    "trade_source",
    "stockout",
    "sync_row",
    "spec",
    "erp_log",
)


class Records:
    """Reads and writes the ERP's documents; also carries what the rules need beside them.

    Args:
        store: the database.
        clock: stamps.
        agenda: asynchronous work.
        settings: knobs.
        accounts: sellers.
    """

    def __init__(
        self, store: Store, clock: SimulatedClock, agenda: Agenda, settings: Settings, accounts: Accounts
    ) -> None:
        self.store, self.clock, self.agenda = store, clock, agenda
        self.settings, self.accounts = settings, accounts

    def stamp(self) -> str:
        """Now, as it is written into records."""
        return time_text(self.clock.stamp())

    def next_number(self, name: str) -> int:
        """Next value of a sequence, from 1."""
        row = self.store.row(
            "INSERT INTO sequence VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            name,
        )
        if row is None:
            raise RuntimeError(f"sequence {name} gave no value")
        return int(row["value"])

    def log(self, sid: str, tid: str, text: str) -> None:
        """Write a line into the ERP's log of an order."""
        self.store.execute(
            "INSERT INTO erp_log (at, sid, tid, text) VALUES (?, ?, ?, ?)", self.stamp(), sid, tid, text
        )

    def log_lines(self, sid: str, tid: str) -> list[str]:
        """The ERP's log of an order, oldest first."""
        rows = self.store.rows("SELECT at, text FROM erp_log WHERE sid = ? AND tid = ? ORDER BY id", sid, tid)
        return [f"{row['at']} {row['text']}" for row in rows]

    # raw orders

    def raw(self, sid: str, tid: str) -> RawOrder | None:
        """Raw order by its number."""
        row = self.store.row("SELECT * FROM raw_order WHERE sid = ? AND tid = ?", sid, tid)
        return _raw(row) if row else None

    def raw_by_id(self, raw_id: int) -> RawOrder | None:
        """Raw order by row id."""
        row = self.store.row("SELECT * FROM raw_order WHERE id = ?", raw_id)
        return _raw(row) if row else None

    def save_raw(self, raw: RawOrder) -> None:
        """Store a raw order; a new one (id 0) gets its id."""
        raw.modified = self.stamp()
        raw.created = raw.created if raw.id else raw.modified
        raw.id = raw.id or self.next_number("raw_order")
        applied = None if raw.applied is None else json.dumps(raw.applied)
        self.store.execute(
            "REPLACE INTO raw_order (id, sid, shop_no, tid, process_status, bad_reason, error, modified,"
            " created, pushed, applied) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            raw.id, raw.sid, raw.shop_no, raw.tid, int(raw.process_status), raw.bad_reason, raw.error,
            raw.modified, raw.created, json.dumps(raw.pushed), applied,
        )  # fmt: skip

    # trades

    def trades(self, where: str, *values: str | int) -> list[Trade]:
        """Trades by an SQL condition over the columns of ``trade``."""
        rows = self.store.rows(f"SELECT doc FROM trade WHERE {where}", *values)
        return [Trade.load(json.loads(row["doc"])) for row in rows]

    def trades_of(self, sid: str, tid: str) -> list[Trade]:
        """Trades that hold lines of a pushed order, oldest first."""
        condition = (
            "trade_id IN (SELECT trade_id FROM trade_source WHERE sid = ? AND tid = ?) ORDER BY trade_id"
        )
        return self.trades(condition, sid, tid)

    def trade_by_no(self, trade_no: str) -> Trade | None:
        """Trade by its JY number."""
        found = self.trades("trade_no = ?", trade_no)
        return found[0] if found else None

    def save_trade(self, trade: Trade) -> None:
        """Store a trade."""
        trade.modified = self.stamp()
        trade.created = trade.modified if trade.created.startswith("0000") else trade.created
        self.store.execute(
            "REPLACE INTO trade VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            trade.trade_id, trade.trade_no, trade.sid, trade.shop_no, int(trade.status), trade.modified,
            trade.logistics_no, json.dumps(trade.dump()),
        )  # fmt: skip
        self.store.execute("DELETE FROM trade_source WHERE trade_id = ?", trade.trade_id)
        for tid in trade.heads:
            self.store.execute("INSERT INTO trade_source VALUES (?, ?, ?)", trade.sid, tid, trade.trade_id)

    # stockouts

    def stockouts(self, where: str, *values: str | int) -> list[Stockout]:
        """Stockouts by an SQL condition over the columns of ``stockout``."""
        rows = self.store.rows(f"SELECT doc FROM stockout WHERE {where}", *values)
        return [Stockout(**json.loads(row["doc"])) for row in rows]

    def stockout_of(self, trade: Trade) -> Stockout | None:
        """The living stockout of a trade."""
        found = self.stockouts("trade_id = ? AND status <> ?", trade.trade_id, int(TradeStatus.CANCELLED))
        return found[-1] if found else None

    def save_stockout(self, stockout: Stockout) -> None:
        """Store a stockout."""
        stockout.modified = self.stamp()
        stockout.created = stockout.modified if stockout.created.startswith("0000") else stockout.created
        self.store.execute(
            "REPLACE INTO stockout VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            stockout.stockout_id, stockout.order_no, stockout.trade_id, stockout.sid, stockout.shop_no,
            int(stockout.status), stockout.modified, stockout.consign_time, json.dumps(stockout.dump()),
        )  # fmt: skip

    # logistics sync rows

    def sync_rows(self, where: str, *values: str | int) -> list[SyncRow]:
        """Sync rows by an SQL condition over the columns of ``sync_row``."""
        rows = self.store.rows(f"SELECT doc FROM sync_row WHERE {where}", *values)
        return [SyncRow(**json.loads(row["doc"])) for row in rows]

    def save_sync(self, row: SyncRow) -> None:
        """Store a sync row."""
        row.modified = self.stamp()
        row.created = row.modified if row.created.startswith("0000") else row.created
        self.store.execute(
            "REPLACE INTO sync_row VALUES (?, ?, ?, ?, ?, ?, ?)",
            row.rec_id, row.sid, row.shop_no, row.tid, row.trade_id, int(row.sync_status),
            json.dumps(row.dump()),
        )  # fmt: skip

    # goods

    def spec(self, sid: str, spec_no: str) -> dict[str, Any] | None:
        """A known article of the ERP."""
        row = self.store.row("SELECT doc FROM spec WHERE sid = ? AND spec_no = ?", sid, spec_no)
        if row is None:
            return None
        doc: dict[str, Any] = json.loads(row["doc"])
        return doc

    def specs(self, sid: str, start: str, end: str) -> list[dict[str, Any]]:
        """Known articles changed within a closed interval of interface times."""
        rows = self.store.rows(
            "SELECT modified, doc FROM spec WHERE sid = ? AND modified BETWEEN ? AND ? ORDER BY spec_no",
            sid,
            start,
            end,
        )
        return [{**json.loads(row["doc"]), "modified": row["modified"]} for row in rows]

    def save_specs(self, sid: str, specs: Iterable[dict[str, Any]]) -> None:
        """Store articles; each needs spec_no."""
        for spec in specs:
            self.store.execute(
                "REPLACE INTO spec VALUES (?, ?, ?, ?)", sid, spec["spec_no"], self.stamp(), json.dumps(spec)
            )


def _raw(row: sqlite3.Row) -> RawOrder:
    doc = dict(row)
    doc["pushed"] = json.loads(doc["pushed"])
    doc["applied"] = json.loads(doc["applied"]) if doc["applied"] else None
    return RawOrder(**doc)
