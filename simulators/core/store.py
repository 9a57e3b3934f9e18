"""SQLite store: one connection, one lock, state that survives a restart when a file is given."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Value = str | int | float | bytes | None


class Store:
    """A small SQLite database shared by all threads of one simulator.

    Args:
        path: database file, or ``:memory:``.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        # WAL with NORMAL loses nothing when the process is killed, only when the machine is.
        self._connection.execute("PRAGMA synchronous=NORMAL")

    def script(self, sql: str) -> None:
        """Run several statements of schema SQL."""
        with self._lock:
            self._connection.executescript(sql)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock; commit at the end of the outermost block, roll back on any error."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def execute(self, sql: str, *values: Value) -> int:
        """Run one statement.

        Returns:
            The last inserted row id (meaningful after an INSERT).
        """
        with self._lock:
            return int(self._connection.execute(sql, values).lastrowid or 0)

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """First row of a query, or None."""
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def close(self) -> None:
        """Close the database; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()
