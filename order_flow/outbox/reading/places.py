"""Where a stream goes on inside an unfinished window, and what it asks about first (``Sync Position``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from order_flow.integrations.window import Place, Window
from order_flow.outbox.clock import SQL_NOW, utc_offset

COLUMNS = "name, creation, modified, owner, modified_by, account_type, account, stream, last_run_at"
VALUES = (
    f"%(name)s, {SQL_NOW}, {SQL_NOW}, %(user)s, %(user)s, "
    f"%(account_type)s, %(account)s, %(stream)s, {SQL_NOW}"
)


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of changes of one account, e.g. the shipped stockouts."""

    account_type: str
    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A window that a run began, and the place where the next run goes on."""

    window: Window
    place: Place


def key_of(stream: Stream) -> dict[str, str]:
    """Filters that find the stream's Sync Position."""
    return {"account_type": stream.account_type, "account": stream.account, "stream": stream.name}


def row_values(stream: Stream) -> dict[str, Any]:
    """Parameters of ``COLUMNS`` and ``VALUES``."""
    name = str(frappe.generate_hash(length=16))
    return key_of(stream) | {"name": name, "user": frappe.session.user, "utc_offset": utc_offset()}


def unfinished_of(stream: Stream) -> Unfinished | None:
    """The window of which pages are still to be read; None where there is none."""
    stored = frappe.db.get_value("Sync Position", key_of(stream), "unfinished_window")
    if not stored:
        return None
    kept = json.loads(stored)
    return Unfinished(
        Window(datetime.fromisoformat(kept["from"]), datetime.fromisoformat(kept["to"])),
        Place(datetime.fromisoformat(kept["piece"]), kept["page"], kept["page_size"], kept["query"]),
    )


def keep_place(stream: Stream, window: Window, place: Place, records: int) -> None:
    """Note how far a window is read, after that much of it was stored (in the caller's transaction).

    Args:
        stream: which stream.
        window: what is being read.
        place: where the next run goes on.
        records: how many records were stored since the last note.
    """
    kept = {
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "piece": place.start.isoformat(),
        "page": place.page,
        "page_size": place.page_size,
        "query": place.query,
    }
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({COLUMNS}, unfinished_window, records_read, last_records)
        VALUES ({VALUES}, %(kept)s, %(records)s, %(records)s)
        ON DUPLICATE KEY UPDATE unfinished_window = VALUES(unfinished_window),
            last_run_at = VALUES(last_run_at), last_error = NULL,
            records_read = records_read + VALUES(records_read), last_records = VALUES(last_records),
            modified = VALUES(modified)""",
        row_values(stream) | {"kept": json.dumps(kept), "records": records},
    )


def interrupt(stream: Stream) -> None:
    """Note that the account's calls are used up: no failure, the next minute goes on."""
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({COLUMNS}, interrupted) VALUES ({VALUES}, 1)
        ON DUPLICATE KEY UPDATE interrupted = 1, last_run_at = VALUES(last_run_at),
            modified = VALUES(modified)""",
        row_values(stream),
    )


def interrupted_streams(account_type: str, account: str) -> frozenset[str]:
    """Names of an account's streams that had no call left."""
    filters = {"account_type": account_type, "account": account, "interrupted": 1}
    return frozenset(frappe.get_all("Sync Position", filters=filters, pluck="stream"))


def waiting_of(stream: Stream) -> tuple[str, ...]:
    """Return what the stream asks about first next time."""
    stored = frappe.db.get_value("Sync Position", key_of(stream), "waiting")
    return tuple(json.loads(stored)) if stored else ()


def add_waiting(stream: Stream, names: Iterable[str]) -> None:
    """Ask about these next time as well (in the caller's transaction)."""
    _change_waiting(stream, lambda waiting: list(dict.fromkeys([*waiting, *names])))


def end_waiting(stream: Stream, names: Iterable[str]) -> None:
    """Do not ask about these any more: they were asked about (in the caller's transaction)."""
    done = set(names)
    _change_waiting(stream, lambda waiting: [name for name in waiting if name not in done])


def _change_waiting(stream: Stream, change: Callable[[Sequence[str]], list[str]]) -> None:
    # The row is there and locked before it is read: another run may add to it at the same time.
    frappe.db.sql(
        f"""INSERT INTO `tabSync Position` ({COLUMNS}) VALUES ({VALUES})
        ON DUPLICATE KEY UPDATE modified = VALUES(modified)""",
        row_values(stream),
    )
    stored = frappe.db.get_value("Sync Position", key_of(stream), "waiting", for_update=True)
    waiting = change(json.loads(stored) if stored else [])
    text = json.dumps(waiting, ensure_ascii=False) if waiting else None
    frappe.db.set_value("Sync Position", key_of(stream), "waiting", text, update_modified=False)
