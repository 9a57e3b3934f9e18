"""How far each stream has been read, and what to do with a record that cannot be read (design 5).

A position moves only after the work it covers is stored; windows overlap, so that nothing falls between
two runs; one bad record is set aside with its payload and the others go on (model-codebases 1.7, 6.1, 6.3).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

import frappe

from order_flow.integrations.window import Window
from order_flow.outbox import discrepancies
from order_flow.outbox.clock import SQL_NOW, from_column, to_column, utc_offset
from order_flow.outbox.states import DiscrepancyKind
from order_flow.outbox.transaction import in_transaction, is_connection_lost

RecordT = TypeVar("RecordT")


class UnknownStream(LookupError):
    """No reader is registered for a stream."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of changes of one account, e.g. the shipped stockouts."""

    account_type: str
    account: str
    name: str


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How a stream is read.

    Args:
        longest: longest window of one query (the far side's limit).
        overlap: how far each run looks back behind the stored position.
        lag: how long before now a run ends, because the far side's newest changes may still move.
        first_look_back: where the very first run starts before now.
    """

    longest: timedelta
    overlap: timedelta
    lag: timedelta
    first_look_back: timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a run's records."""

    stored: int
    set_aside: int


READERS: dict[str, str] = dict.fromkeys(
    ("trades", "stockouts", "stockouts in the house", "shipment notices"),
    "order_flow.sync.repairs.read_record_again",
) | {
    "stock": "order_flow.sync.wdt_stock.read_record_again",
    "goods": "order_flow.sync.wdt_goods.read_record_again",
}
"""Dotted path of ``function(account: str, payload: dict) -> str`` per stream name: stores one record that
was set aside, from the payload it was set aside with, and says what it stored."""


def register_reader(stream: str, path: str) -> None:
    """Say how a record of a stream that was set aside is read again."""
    READERS[stream] = path


def position_of(stream: Stream) -> datetime | None:
    """The stored position (aware), None where the stream was never read."""
    stored = frappe.db.get_value("Sync Position", _key(stream), "position")
    return from_column(stored) if stored else None


def windows(stream: Stream, plan: ReadPlan, now: datetime) -> list[Window]:
    """What is to be read now.

    Args:
        stream: which stream.
        plan: how it is read.
        now: aware time.

    Returns:
        Windows, oldest first, each at most ``plan.longest``; none where there is nothing new to look at.
    """
    position = position_of(stream)
    start = now - plan.first_look_back if position is None else position - plan.overlap
    end = now - plan.lag
    return list(Window(start, end).pieces(plan.longest)) if end > start else []


def advance(stream: Stream, to: datetime, records: int) -> None:
    """Move a position, in the transaction that stores the last of the work it covers; never backwards.

    Args:
        stream: which stream.
        to: everything up to here (aware) is stored.
        records: how many records this window had.
    """
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({_COLUMNS}, position, last_success_at, records_read, last_records)
        VALUES ({_VALUES}, %(to)s, {SQL_NOW}, %(records)s, %(records)s)
        ON DUPLICATE KEY UPDATE position = GREATEST(COALESCE(position, VALUES(position)), VALUES(position)),
            last_run_at = VALUES(last_run_at), last_success_at = VALUES(last_success_at), last_error = NULL,
            records_read = records_read + VALUES(records_read), last_records = VALUES(last_records),
            modified = VALUES(modified)""",
        _row_values(stream) | {"to": to_column(to), "records": records},
    )


def note_failure(stream: Stream, reason: str) -> None:
    """Note that a run failed; the position stays, so that the next run reads the same again.

    Args:
        stream: which stream.
        reason: what happened, in an operator's words.
    """
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({_COLUMNS}, last_error) VALUES ({_VALUES}, %(reason)s)
        ON DUPLICATE KEY UPDATE last_run_at = VALUES(last_run_at), last_error = VALUES(last_error),
            modified = VALUES(modified)""",
        _row_values(stream) | {"reason": reason},
    )


def work_through(
    stream: Stream,
    records: Iterable[RecordT],
    store: Callable[[RecordT], None],
    identify: Callable[[RecordT], str],
    payload_of: Callable[[RecordT], Any],
) -> Tally:
    """Store records one by one, each in a transaction of its own; a bad one is set aside.

    Args:
        stream: where they come from.
        records: what was read; a failure while reading ends the run.
        store: stores one record.
        identify: the record's id over there.
        payload_of: the record as JSON, for a person and for reading it again.

    Returns:
        How many were stored and how many set aside.

    Raises:
        IntegrationError: reading failed.
        pymysql.err.Error: the database is gone.
    """
    stored = set_aside_count = 0
    for record in records:
        try:
            in_transaction(partial(store, record))
            stored += 1
        except Exception as error:
            if is_connection_lost(error):
                raise
            text = f"{type(error).__name__}: {error}"
            in_transaction(partial(set_aside, stream, identify(record), payload_of(record), text))
            set_aside_count += 1
    return Tally(stored, set_aside_count)


def set_aside(stream: Stream, record_id: str, payload: Any, reason: str) -> int:
    """Keep a record that could not be stored, for a person (in the caller's transaction).

    Args:
        stream: where it comes from.
        record_id: its id over there.
        payload: the record as JSON values.
        reason: what is wrong with it.

    Returns:
        Name of the Sync Discrepancy.
    """
    return discrepancies.raise_discrepancy(
        discrepancies.Finding(
            kind=DiscrepancyKind.UNREADABLE_RECORD,
            account_type=stream.account_type,
            account=stream.account,
            document_type="",
            document="",
            aspect=_aspect(stream.name, record_id),
            summary=f"A record of {stream.name} could not be stored and was set aside: {reason}",
            payload={"stream": stream.name, "record_id": record_id, "record": payload},
        )
    )


def read_record_again(discrepancy: Any) -> str:
    """Repair of a record that was set aside: store it now and close the discrepancy.

    Returns:
        What was stored.

    Raises:
        UnknownStream: nothing is registered that could read it.
    """
    kept = json.loads(discrepancy.payload)
    path = READERS.get(kept["stream"])
    if path is None:
        raise UnknownStream(
            f"No reader is registered for the stream {kept['stream']!r}; register one with register_reader()."
        )
    module_name, _, attribute = path.rpartition(".")
    done = str(getattr(import_module(module_name), attribute)(discrepancy.account, kept["record"]))
    discrepancies.close_resolved(
        DiscrepancyKind.UNREADABLE_RECORD,
        discrepancy.account_type,
        discrepancy.account,
        "",
        "",
        _aspect(kept["stream"], kept["record_id"]),
    )
    return done


def _aspect(stream: str, record_id: str) -> str:
    return f"{stream}:{record_id}"[:140]


def _key(stream: Stream) -> dict[str, str]:
    return {"account_type": stream.account_type, "account": stream.account, "stream": stream.name}


def _row_values(stream: Stream) -> dict[str, Any]:
    name = str(frappe.generate_hash(length=16))
    return _key(stream) | {"name": name, "user": frappe.session.user, "utc_offset": utc_offset()}


_COLUMNS = "name, creation, modified, owner, modified_by, account_type, account, stream, last_run_at"
_VALUES = (
    f"%(name)s, {SQL_NOW}, {SQL_NOW}, %(user)s, %(user)s, "
    f"%(account_type)s, %(account)s, %(stream)s, {SQL_NOW}"
)
