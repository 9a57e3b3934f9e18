"""One ledger (账套): its master data, periods, documents and number series (u8-openapi 1.1, 3.9, 4)."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from simulators.core import Store
from simulators.u8.contract import Archive, DocumentState, Module
from simulators.u8.records import Record
from simulators.u8.resources import Resource

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS u8_ledger (
    id INTEGER PRIMARY KEY, from_account TEXT NOT NULL, to_account TEXT NOT NULL, app_key TEXT NOT NULL,
    app_secret TEXT NOT NULL, ds_sequence INTEGER NOT NULL, name TEXT NOT NULL,
    price_decimals INTEGER NOT NULL, UNIQUE (from_account, app_key, to_account, ds_sequence));
CREATE TABLE IF NOT EXISTS u8_archive (
    ledger INTEGER NOT NULL, resource TEXT NOT NULL, code TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (ledger, resource, code));
CREATE TABLE IF NOT EXISTS u8_document (
    id INTEGER PRIMARY KEY, ledger INTEGER NOT NULL, resource TEXT NOT NULL, code TEXT NOT NULL,
    state TEXT NOT NULL, key TEXT NOT NULL, head TEXT NOT NULL, lines TEXT NOT NULL,
    UNIQUE (ledger, resource, code));
CREATE TABLE IF NOT EXISTS u8_closed (
    ledger INTEGER NOT NULL, module TEXT NOT NULL, year INTEGER NOT NULL, month INTEGER NOT NULL,
    PRIMARY KEY (ledger, module, year, month));
CREATE TABLE IF NOT EXISTS u8_series (
    ledger INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (ledger, name));
"""
TABLES: Final = ("u8_ledger", "u8_archive", "u8_document", "u8_closed", "u8_series")

_NUMBER_WIDTH: Final = 10
_TIMESTAMPS: Final = "timestamp"


@dataclass(frozen=True)
class Document:
    """One stored document.

    Args:
        id: internal number.
        code: document number.
        state: review state.
        key: tradeid or biz_id it was made with.
        head: head fields.
        lines: line fields, in order.
    """

    id: int
    code: str
    state: DocumentState
    key: str
    head: Record
    lines: list[Record]


class Ledger:
    """Access to the data of one ledger.

    Args:
        store: the simulator's database.
        row: its row in ``u8_ledger``.
        lenient: archives whose codes are not checked.
    """

    def __init__(self, store: Store, row: sqlite3.Row, lenient: Collection[Archive] = ()) -> None:
        self._store = store
        self._lenient = frozenset(lenient)
        self.id = int(row["id"])
        self.price_decimals = int(row["price_decimals"])
        self.label = f"{row['to_account']}/{row['ds_sequence']}"

    def refuses(self, archive: Archive, code: str) -> bool:
        """Whether a document that names this code is turned away: unknown, and the archive is strict."""
        return archive not in self._lenient and self.archive_row(archive, code) is None

    def archive_row(self, archive: Archive, code: str) -> Record | None:
        """Master data record, or None."""
        row = self._store.row(
            "SELECT data FROM u8_archive WHERE ledger = ? AND resource = ? AND code = ?",
            self.id, archive.value, code,
        )  # fmt: skip
        return None if row is None else dict(json.loads(row["data"]))

    def archive_rows(self, archive: Archive) -> list[Record]:
        """All records of an archive, by code."""
        rows = self._store.rows(
            "SELECT data FROM u8_archive WHERE ledger = ? AND resource = ? ORDER BY code",
            self.id, archive.value,
        )  # fmt: skip
        return [json.loads(row["data"]) for row in rows]

    def put_archive(self, archive: Archive, code: str, record: Record) -> None:
        """Store a master data record; an earlier one with the code is replaced."""
        self._store.execute(
            "REPLACE INTO u8_archive VALUES (?, ?, ?, ?)",
            self.id, archive.value, code, _encoded(record),
        )  # fmt: skip

    def remove_archive(self, archive: Archive, code: str) -> None:
        """Forget a master data record."""
        self._store.execute(
            "DELETE FROM u8_archive WHERE ledger = ? AND resource = ? AND code = ?",
            self.id, archive.value, code,
        )  # fmt: skip

    def period_of(self, day: date) -> Record | None:
        """Accounting period the day falls into, or None when the ledger has none."""
        row = self._store.row(
            "SELECT data FROM u8_archive WHERE ledger = ? AND resource = ?"
            " AND json_extract(data, '$.dbegin') <= ? AND json_extract(data, '$.dend') >= ?",
            self.id, Archive.PERIOD.value, day.isoformat(), day.isoformat(),
        )  # fmt: skip
        return None if row is None else dict(json.loads(row["data"]))

    def is_closed(self, module: Module, year: int, month: int) -> bool:
        """Whether the month is closed in this sub-ledger."""
        row = self._store.row(
            "SELECT 1 FROM u8_closed WHERE ledger = ? AND module = ? AND year = ? AND month = ?",
            self.id, module.value, year, month,
        )  # fmt: skip
        return row is not None

    def set_closed(self, module: Module, year: int, months: Collection[int]) -> None:
        """Make exactly these months of the year the closed ones of the sub-ledger."""
        self._store.execute(
            "DELETE FROM u8_closed WHERE ledger = ? AND module = ? AND year = ?", self.id, module.value, year
        )
        for month in months:
            self._store.execute(
                "INSERT INTO u8_closed VALUES (?, ?, ?, ?)", self.id, module.value, year, month
            )

    def closed_months(self) -> list[tuple[str, int, int]]:
        """All closed months as (module, year, month)."""
        rows = self._store.rows(
            "SELECT module, year, month FROM u8_closed WHERE ledger = ? ORDER BY 1, 2, 3", self.id
        )
        return [(row["module"], row["year"], row["month"]) for row in rows]

    def next_number(self, resource: Resource) -> str:
        """Next document number of U8's own series that no document has yet."""
        while True:
            code = str(self._next(resource.name)).zfill(_NUMBER_WIDTH)
            if self.document(resource, code) is None:
                return code

    def next_timestamp(self) -> str:
        """Row version of the database, for ``timestamp`` filters."""
        return str(self._next(_TIMESTAMPS))

    def _next(self, name: str) -> int:
        self._store.execute(
            "INSERT INTO u8_series VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET value = value + 1",
            self.id, name,
        )  # fmt: skip
        row = self._store.row("SELECT value FROM u8_series WHERE ledger = ? AND name = ?", self.id, name)
        if row is None:
            raise LookupError(f"series {name} of ledger {self.id} vanished")
        return int(row["value"])

    def document(self, resource: Resource, code: str) -> Document | None:
        """Document by number, or None."""
        row = self._store.row(
            "SELECT * FROM u8_document WHERE ledger = ? AND resource = ? AND code = ?",
            self.id, resource.name, code,
        )  # fmt: skip
        return None if row is None else _document(row)

    def documents(self, resource: Resource, containing: Sequence[str] = ()) -> list[Document]:
        """Documents of a resource, oldest first, without their lines.

        Args:
            resource: which ones.
            containing: texts that must occur somewhere in the head; spares reading every head.
        """
        rows = self._store.rows(
            "SELECT id, code, state, key, head, '[]' AS lines FROM u8_document"
            f" WHERE ledger = ? AND resource = ?{' AND instr(head, ?)' * len(containing)} ORDER BY id",
            self.id, resource.name, *(_encoded(text)[1:-1] for text in containing),
        )  # fmt: skip
        return [_document(row) for row in rows]

    def document_count(self, resource: Resource) -> int:
        """How many documents of a resource there are."""
        row = self._store.row(
            "SELECT COUNT(*) AS n FROM u8_document WHERE ledger = ? AND resource = ?", self.id, resource.name
        )
        return 0 if row is None else int(row["n"])

    def add_document(self, resource: Resource, code: str, key: str, head: Record, lines: list[Record]) -> int:
        """Store a new document in state 开立 and return its internal number."""
        return self._store.execute(
            "INSERT INTO u8_document (ledger, resource, code, state, key, head, lines)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self.id, resource.name, code, DocumentState.OPENING.value, key,
            _encoded(head), _encoded(lines),
        )  # fmt: skip

    def change_document(self, document: Document, state: DocumentState, head: Record) -> None:
        """Store a new review state and head."""
        self._store.execute(
            "UPDATE u8_document SET state = ?, head = ? WHERE id = ?",
            state.value, _encoded(head), document.id,
        )  # fmt: skip


def _encoded(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _document(row: sqlite3.Row) -> Document:
    return Document(
        row["id"], row["code"], DocumentState(row["state"]), row["key"],
        json.loads(row["head"]), json.loads(row["lines"]),
    )  # fmt: skip
