"""Adds under way: idempotency keys, asynchronous results and replays (u8-openapi 1.4, 1.5)."""

import json
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from simulators.core import Store
from simulators.u8.contract import KeyScope
from simulators.u8.knobs import Knobs
from simulators.u8.refusal import no_match

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS u8_work (
    requestid TEXT PRIMARY KEY, ledger INTEGER NOT NULL, resource TEXT NOT NULL, key TEXT NOT NULL,
    tradeid TEXT NOT NULL, body TEXT NOT NULL, polls INTEGER NOT NULL DEFAULT 0, started REAL NOT NULL,
    finished REAL, succeeded INTEGER NOT NULL DEFAULT 0, answer TEXT);
CREATE INDEX IF NOT EXISTS u8_work_key ON u8_work (ledger, key);
CREATE TABLE IF NOT EXISTS u8_trade (id TEXT PRIMARY KEY, from_account TEXT NOT NULL, app_key TEXT NOT NULL);
"""
TABLES: Final = ("u8_work", "u8_trade")


@dataclass(frozen=True)
class Work:
    """One accepted add.

    Args:
        requestid: name of its result.
        ledger: internal number of the ledger.
        resource: resource name.
        key: tradeid or biz_id of the caller.
        tradeid: platform's id, shown in answers.
        body: content under the wrapper key.
        polls: how often the result was asked for.
        started: simulated epoch seconds.
        finished: simulated epoch seconds, None while running.
        succeeded: whether a record was made.
        answer: final envelope, None while running.
    """

    requestid: str
    ledger: int
    resource: str
    key: str
    tradeid: str
    body: dict[str, Any]
    polls: int
    started: float
    finished: float | None
    succeeded: bool
    answer: dict[str, Any] | None


class WorkBook:
    """All accepted adds.

    Args:
        store: the simulator's database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue_trade(self, from_account: str, app_key: str) -> str:
        """New tradeid of an app (u8-openapi 1.2)."""
        trade = secrets.token_hex(16)
        self._store.execute("INSERT INTO u8_trade VALUES (?, ?, ?)", trade, from_account, app_key)
        return trade

    def is_issued(self, trade: str, from_account: str, app_key: str) -> bool:
        """Whether the platform gave this tradeid to this app."""
        row = self._store.row(
            "SELECT 1 FROM u8_trade WHERE id = ? AND from_account = ? AND app_key = ?",
            trade, from_account, app_key,
        )  # fmt: skip
        return row is not None

    def last_with_key(self, ledger: int, resource: str, key: str, scope: KeyScope) -> Work | None:
        """Latest add that used the key and did not fail; a failed add gives its key free again."""
        anywhere = scope is KeyScope.LEDGER
        row = self._store.row(
            "SELECT * FROM u8_work WHERE ledger = ? AND key = ? AND (? OR resource = ?)"
            " AND (finished IS NULL OR succeeded) ORDER BY rowid DESC LIMIT 1",
            ledger, key, anywhere, resource,
        )  # fmt: skip
        return None if row is None else _work(row)

    def start(
        self, ledger: int, resource: str, key: str, tradeid: str, body: dict[str, Any], now: float
    ) -> Work:
        """Register an accepted add; its request id is the tradeid unless that is taken."""
        taken = self.find(tradeid) is not None
        requestid = secrets.token_hex(16) if taken else tradeid
        self._store.execute(
            "INSERT INTO u8_work (requestid, ledger, resource, key, tradeid, body, started)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            requestid, ledger, resource, key, tradeid, json.dumps(body, default=str), now,
        )  # fmt: skip
        return Work(requestid, ledger, resource, key, tradeid, body, 0, now, None, False, None)

    def finish(self, work: Work, answer: dict[str, Any], now: float, *, succeeded: bool) -> None:
        """Store the final envelope."""
        self._store.execute(
            "UPDATE u8_work SET finished = ?, succeeded = ?, answer = ? WHERE requestid = ?",
            now, succeeded, json.dumps(answer, ensure_ascii=False), work.requestid,
        )  # fmt: skip

    def find(self, requestid: str) -> Work | None:
        """An add by its request id, or None."""
        row = self._store.row("SELECT * FROM u8_work WHERE requestid = ?", requestid)
        return None if row is None else _work(row)

    def poll(self, requestid: str, knobs: Knobs, now: float) -> tuple[Work, bool]:
        """Ask for a result.

        Returns:
            The add and whether its final answer may be shown already.

        Raises:
            Refusal: 20002 for an unknown or expired request; the real answer is unknown (u8-openapi 7.4).
        """
        work = self.find(requestid)
        if work is None or (work.finished is not None and now >= work.finished + knobs.result_life_seconds):
            raise no_match("请求结果")
        self._store.execute("UPDATE u8_work SET polls = polls + 1 WHERE requestid = ?", requestid)
        return work, work.finished is not None and work.polls >= knobs.pending_polls

    def revive(self, work: Work, now: float) -> None:
        """Make a finished result fetchable again, as a replay that answers with the same id does."""
        self._store.execute("UPDATE u8_work SET finished = ? WHERE requestid = ?", now, work.requestid)

    def forget_results(self) -> None:
        """Lose the result addresses; documents and used keys stay."""
        self._store.execute("UPDATE u8_work SET requestid = 'lost-' || requestid WHERE finished IS NOT NULL")

    def all(self) -> list[Work]:
        """Every add, oldest first."""
        return [_work(row) for row in self._store.rows("SELECT * FROM u8_work ORDER BY rowid")]


def _work(row: sqlite3.Row) -> Work:
    return Work(
        row["requestid"], row["ledger"], row["resource"], row["key"], row["tradeid"],
        json.loads(row["body"]), row["polls"], row["started"], row["finished"], bool(row["succeeded"]),
        None if row["answer"] is None else json.loads(row["answer"]),
    )  # fmt: skip
