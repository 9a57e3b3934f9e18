"""How far each stream has been read, and what to do with a record that cannot be read (design 5).

A position moves only after the work it covers is stored; windows overlap, so that nothing falls between
two runs; one bad record is set aside with its payload and the others go on (model-codebases 1.7, 6.1, 6.3).
Within a window the place moves page by page (``places``), so that a run which may not call any more
has lost nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

import frappe

from order_flow.domain.message import Message
from order_flow.integrations.window import Changes, Window
from order_flow.outbox.accounts import discrepancies
from order_flow.outbox.clock import SQL_NOW, from_column, to_column
from order_flow.outbox.language import in_site_language
from order_flow.outbox.reading import places
from order_flow.outbox.reading.places import COLUMNS, VALUES, Stream, key_of, row_values
from order_flow.outbox.states import DiscrepancyKind
from order_flow.outbox.transaction import end_reading, in_transaction, is_connection_lost

RecordT = TypeVar("RecordT")


class UnknownStream(LookupError):
    """No reader is registered for a stream."""


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
    "order_flow.sync.compare.repairs.read_record_again",
) | {
    "stock": "order_flow.sync.wdt.stock.read_record_again",
    "goods": "order_flow.sync.wdt.goods.read_record_again",
    "products": "order_flow.sync.wdt.products.read_record_again",
    "carriers": "order_flow.sync.wdt.carriers.read_record_again",
    "tracking": "order_flow.sync.services.tracking.read_record_again",
    "documents": "order_flow.sync.compare.repairs.read_document_again",
}
"""Dotted path of ``function(account: str, payload: dict) -> str`` per stream name: stores one record that
was set aside, from the payload it was set aside with, and says what it stored."""

READ_ORDER_AGAIN = "order_flow.sync.compare.repairs.read_again"
"""Repair of an order whose figures over there could not be compared."""


def register_reader(stream: str, path: str) -> None:
    """Say how a record of a stream that was set aside is read again."""
    READERS[stream] = path


def position_of(stream: Stream) -> datetime | None:
    """The stored position (aware), None where the stream was never read."""
    stored = frappe.db.get_value("Sync Position", key_of(stream), "position")
    return from_column(stored) if stored else None


def windows(stream: Stream, plan: ReadPlan, now: datetime) -> list[Window]:
    """Return what is to be read now.

    Args:
        stream: which stream.
        plan: how it is read.
        now: aware time.

    Returns:
        Windows, oldest first, each at most ``plan.longest``; none where there is nothing new to look at. A
        window that an earlier run could not finish comes first, as it was.
    """
    begun = places.unfinished_of(stream)
    position = position_of(stream)
    if begun is not None:
        start = begun.window.end
    else:
        start = now - plan.first_look_back if position is None else position - plan.overlap
    end = now - plan.lag
    fresh = list(Window(start, end).pieces(plan.longest)) if end > start else []
    return [begun.window, *fresh] if begun is not None else fresh


def read_pages(
    stream: Stream,
    plan: ReadPlan,
    now: datetime,
    fetch: Callable[[Window], Changes[RecordT]],
    store: Callable[[tuple[RecordT, ...]], object],
) -> int:
    """Read what changed, page by page; each page is stored before the next one is asked for.

    Args:
        stream: which stream.
        plan: how it is read.
        now: aware time.
        fetch: opens a window for reading.
        store: stores the records of one page, in transactions of its own; safe to repeat.

    Returns:
        How many records were read.

    Raises:
        IntegrationError: reading failed or there is no call left; what was read before is stored, and the
            next run goes on at the page that is missing.
    """
    begun = places.unfinished_of(stream)
    count = 0
    for window in windows(stream, plan, now):
        place = begun.place if begun is not None and begun.window == window else None
        end_reading()
        for page in fetch(window).pages(place):
            end_reading()
            store(page.records)
            count += len(page.records)
            if page.following is None:
                move = partial(advance, stream, window.end, len(page.records))
            else:
                move = partial(places.keep_place, stream, window, page.following, len(page.records))
            in_transaction(move)
    return count


def advance(stream: Stream, to: datetime, records: int) -> None:
    """Move a position, in the transaction that stores the last of the work it covers; never backwards.

    Args:
        stream: which stream.
        to: everything up to here (aware) is stored.
        records: how many records this window had.
    """
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({COLUMNS}, position, last_success_at, records_read, last_records)
        VALUES ({VALUES}, %(to)s, {SQL_NOW}, %(records)s, %(records)s)
        ON DUPLICATE KEY UPDATE position = GREATEST(COALESCE(position, VALUES(position)), VALUES(position)),
            last_run_at = VALUES(last_run_at), last_success_at = VALUES(last_success_at), last_error = NULL,
            unfinished_window = NULL, interrupted = 0,
            records_read = records_read + VALUES(records_read), last_records = VALUES(last_records),
            modified = VALUES(modified)""",
        row_values(stream) | {"to": to_column(to), "records": records},
    )


def note_failure(stream: Stream, reason: str) -> None:
    """Note that a run failed; the position stays, so that the next run reads the same again.

    Args:
        stream: which stream.
        reason: what happened, in an operator's words.
    """
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({COLUMNS}, last_error) VALUES ({VALUES}, %(reason)s)
        ON DUPLICATE KEY UPDATE last_run_at = VALUES(last_run_at), last_error = VALUES(last_error),
            interrupted = 0, modified = VALUES(modified)""",
        row_values(stream) | {"reason": in_site_language(reason)},
    )


def work_through(
    stream: Stream,
    records: Iterable[RecordT],
    store: Callable[[RecordT], object],
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
        Exception: the database is gone (an error of its driver).
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


def store_together(
    stream: Stream,
    records: Sequence[RecordT],
    store: Callable[[Sequence[RecordT]], object],
    identify: Callable[[RecordT], str],
    payload_of: Callable[[RecordT], Any],
) -> Tally:
    """Store records in one transaction; where one of them spoils it, one by one, and that one is set aside.

    Args:
        stream: where they come from.
        records: what was read.
        store: stores any number of records.
        identify, payload_of: as for ``work_through``.
    """
    try:
        in_transaction(partial(store, records))
    except Exception as error:
        if is_connection_lost(error):
            raise
        return work_through(stream, records, lambda record: store([record]), identify, payload_of)
    return Tally(len(records), 0)


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
            aspect=aspect_of(stream.name, record_id),
            summary=Message(
                "A record of {0} could not be stored and was set aside: {1}", Message(stream.name), reason
            ),
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
    if not discrepancy.payload:
        # Found by a comparison: there is no record to store, the order is read as it is now.
        return str(_function_at(READ_ORDER_AGAIN)(discrepancy))
    kept = json.loads(discrepancy.payload)
    path = READERS.get(kept["stream"])
    if path is None:
        raise UnknownStream(
            f"No reader is registered for the stream {kept['stream']!r}; register one with register_reader()."
        )
    done = str(_function_at(path)(discrepancy.account, kept["record"]))
    discrepancies.close_resolved(
        DiscrepancyKind.UNREADABLE_RECORD,
        discrepancy.account_type,
        discrepancy.account,
        "",
        "",
        aspect_of(kept["stream"], kept["record_id"]),
    )
    return done


def _function_at(path: str) -> Callable[..., Any]:
    module_name, _, attribute = path.rpartition(".")
    function: Callable[..., Any] = getattr(import_module(module_name), attribute)
    return function


def aspect_of(stream: str, record_id: str) -> str:
    """Return what tells the discrepancy of one record that was set aside from those of others."""
    return f"{stream}:{record_id}"[:140]
