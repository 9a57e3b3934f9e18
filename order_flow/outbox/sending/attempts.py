"""The log of outside calls: one row per call and message, secrets already masked by the transport (R-352)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import frappe

from order_flow.integrations.transport import AttemptRecord
from order_flow.outbox.clock import SQL_NOW, database_now, to_column, utc_offset
from order_flow.outbox.handler import OutboxRow
from order_flow.outbox.states import AttemptResult, Direction, ErrorKind
from order_flow.outbox.transaction import in_transaction

SUCCESS_DAYS = 30
FAILURE_DAYS = 180
DELETED_AT_ONCE = 5000

RESULT_OF_ERROR: dict[str, str] = {
    "": AttemptResult.OK,
    "Transient": ErrorKind.TRANSIENT,
    "UnreadableAnswer": ErrorKind.TRANSIENT,
    "RateLimited": ErrorKind.RATE_LIMITED,
    "NoCallLeft": ErrorKind.RATE_LIMITED,
    "Rejected": ErrorKind.REJECTED,
    "Misconfigured": ErrorKind.MISCONFIGURED,
    "OutcomeUnknown": ErrorKind.OUTCOME_UNKNOWN,
}
"""Result of a call by the class name of its failure; any other class is a defect of ours."""


class StoredAttempts:
    """Sink of the relay: stores each record at once, in a transaction of its own.

    Only for code that holds no transaction, as the relay while it sends.

    Args:
        account_type: DocType of the account.
        account: its name.
    """

    def __init__(self, account_type: str, account: str) -> None:
        self._account_type = account_type
        self._account = account
        self._rows: Sequence[OutboxRow] = ()

    def covering(self, rows: Sequence[OutboxRow]) -> None:
        """Name the messages that the next calls are made for."""
        self._rows = tuple(rows)

    def __call__(self, record: AttemptRecord) -> None:
        """Store one call for each message it covers; what was sent is kept once."""
        values = _values(record, self._account_type, self._account, Direction.OUTBOUND)
        lines = [values | _message_values(row) for row in self._rows] or [values]
        for line in lines:
            line["rows_in_call"] = len(self._rows)
        in_transaction(lambda: _insert(_with_body_in_first(lines)))


class CollectedAttempts:
    """Sink for reading back: keeps records in memory until the reader's own work is stored.

    Successful reads are kept without their answer, which is stored as documents anyway.

    Args:
        account_type: DocType of the account.
        account: its name.
    """

    def __init__(self, account_type: str, account: str) -> None:
        self._account_type = account_type
        self._account = account
        self._records: list[AttemptRecord] = []

    def __call__(self, record: AttemptRecord) -> None:
        """Keep one record."""
        self._records.append(record)

    def store(self) -> None:
        """Write what was collected, in a transaction of its own; call it with no transaction open."""
        records, self._records = self._records, []
        if not records:
            return
        lines = []
        for record in records:
            line = _values(record, self._account_type, self._account, Direction.INBOUND)
            if not record.error_kind:
                line["answer"] = None
            lines.append(line | {"name": _new_name()})
        in_transaction(lambda: _insert(lines))


def clear_old(success_days: int | None = None) -> int:
    """Delete attempts past their retention, in portions with a commit each.

    Args:
        success_days: keep successes this long; None takes the settings, as for failures always.

    Returns:
        How many rows were deleted.
    """
    keep_successes = success_days or _setting("attempt_log_days", SUCCESS_DAYS)
    keep_failures = max(keep_successes, _setting("failed_attempt_log_days", FAILURE_DAYS))
    results = (*AttemptResult, *ErrorKind)
    deleted = 0
    for result in results:
        days = keep_successes if result is AttemptResult.OK else keep_failures
        deleted += _delete_before(result, days)
    return deleted


def _delete_before(result: str, days: int) -> int:
    before = to_column(database_now() - timedelta(days=days))
    deleted = 0
    while True:
        portion = in_transaction(lambda: _delete_portion(result, before))
        deleted += portion
        if portion < DELETED_AT_ONCE:
            return deleted


def _delete_portion(result: str, before: Any) -> int:
    frappe.db.sql(
        "DELETE FROM `tabSync Attempt` WHERE result = %(result)s AND `at` < %(before)s LIMIT %(most)s",
        {"result": result, "before": before, "most": DELETED_AT_ONCE},
    )
    return int(frappe.db._cursor.rowcount)


def _setting(field: str, otherwise: int) -> int:
    return int(frappe.db.get_single_value("Order Flow Settings", field) or otherwise)


def _values(record: AttemptRecord, account_type: str, account: str, direction: Direction) -> dict[str, Any]:
    return {
        "at": to_column(record.started_at),
        "direction": direction,
        "account_type": account_type,
        "account": account,
        "outbox_row": None,
        "document_type": None,
        "document": None,
        "result": RESULT_OF_ERROR.get(record.error_kind, ErrorKind.DEFECT),
        "endpoint": record.endpoint[:140],
        "http_status": record.status or 0,
        "elapsed_ms": record.elapsed_ms,
        "error": record.error or None,
        "rows_in_call": 0,
        "body_in": None,
        "request": record.request,
        "answer": record.answer,
    }


def _message_values(row: OutboxRow) -> dict[str, Any]:
    return {"outbox_row": row.name, "document_type": row.document_type, "document": row.document}


def _with_body_in_first(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the lines; all but the first point to it instead of repeating request and answer."""
    first = lines[0] | {"name": _new_name()}
    others = [
        line | {"name": _new_name(), "body_in": first["name"], "request": None, "answer": None}
        for line in lines[1:]
    ]
    return [first, *others]


def _new_name() -> str:
    return str(frappe.generate_hash(length=16))


def _insert(lines: Sequence[dict[str, Any]]) -> None:
    columns = list(lines[0])
    values: dict[str, Any] = {"utc_offset": utc_offset(), "user": frappe.session.user}
    rows = []
    for index, line in enumerate(lines):
        values.update({f"{column}_{index}": line[column] for column in columns})
        marks = ", ".join(f"%({column}_{index})s" for column in columns)
        rows.append(f"({SQL_NOW}, {SQL_NOW}, %(user)s, %(user)s, {marks})")
    named = ", ".join(f"`{column}`" for column in columns)
    frappe.db.sql(
        f"INSERT INTO `tabSync Attempt` (creation, modified, owner, modified_by, {named}) VALUES "
        + ", ".join(rows),
        values,
    )
