"""Taking due rows: one short transaction that no other worker can get into the way of.

Two statements instead of one. The first finds candidates without locking anything; what it decides cannot
become wrong, because a row that nothing precedes never gets a predecessor. The second locks a few of them
by primary key and skips what another worker holds. A single locking statement would lock every row it
looks at and leave nothing for the other workers (design 5).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.clock import to_column
from order_flow.outbox.handler import OutboxRow
from order_flow.outbox.states import CLAIMABLE_STATES, UNFINISHED_STATES, ErrorKind, RowState
from order_flow.outbox.transaction import in_transaction

CANDIDATES_PER_ROW = 4
"""How many candidates are looked at for each row wanted, so that racing workers find different ones."""
FEWEST_CANDIDATES = 20
RACES = 3
"""How often a worker that others beat to every candidate looks again."""
ALONE = frozenset({ErrorKind.DEFECT, ErrorKind.REJECTED, ErrorKind.WORKER_LOST})
"""After such a failure, or when its last worker was lost, a row is sent alone: what is wrong with it must
not fail its neighbours again."""

ROW_COLUMNS = """name, account_type, account, action, document_type, document, revision, payload, progress,
    attempts, polls, state, outcome_unknown"""


@dataclass(frozen=True, slots=True)
class Appetite:
    """What one claim may take: rows of one action, and for how long (seconds)."""

    rows: int
    lease_seconds: int


def claim(
    account_type: str, account: str, appetite_of: Callable[[str], Appetite], now: datetime
) -> list[OutboxRow]:
    """Lease due rows of one account and one action to this worker, and commit.

    Of each document only the first unfinished row is taken, so that its messages go out in order.

    Args:
        account_type: DocType of the account.
        account: its name.
        appetite_of: how much of an action is taken at once.
        now: aware time that decides what is due.

    Returns:
        The rows, oldest first; none where nothing is due or the account may not be called.
    """
    for _race in range(RACES):
        found = in_transaction(lambda: _claim_once(account_type, account, appetite_of, now))
        if found is not None:
            return found
    return []


def _claim_once(
    account_type: str, account: str, appetite_of: Callable[[str], Appetite], now: datetime
) -> list[OutboxRow] | None:
    """Try once; None where candidates were there and other workers took them all."""
    if accounts.state_of(account_type, account).obstacle(now):
        return []
    candidates = _candidates(account_type, account, now, FEWEST_CANDIDATES)
    if not candidates:
        return []
    action = candidates[0].action
    appetite = appetite_of(action)
    if appetite.rows > 1:
        pool = _candidates(account_type, account, now, appetite.rows * CANDIDATES_PER_ROW)
        candidates = [row for row in pool if row.action == action] or candidates
    first_alone = _goes_alone(candidates[0])
    names = [row.name for row in candidates if first_alone or not _goes_alone(row)]
    locked = _lock(names, 1 if first_alone else appetite.rows, now)
    if not locked:
        return None
    return _lease(locked, appetite, now)


def _goes_alone(candidate: Any) -> bool:
    return candidate.last_error_kind in ALONE or candidate.state == RowState.LEASED.value


def _candidates(account_type: str, account: str, now: datetime, most: int) -> list[Any]:
    values: dict[str, Any] = {
        "account_type": account_type,
        "account": account,
        "now": to_column(now),
        "unfinished": UNFINISHED_STATES,
        "most": most,
    }
    parts = []
    for index, state in enumerate(CLAIMABLE_STATES):
        values[f"state_{index}"] = state
        parts.append(_CANDIDATES_IN_STATE.format(index=index))
    found: list[Any] = frappe.db.sql(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) due ORDER BY next_attempt_at, name LIMIT %(most)s",
        values,
        as_dict=True,
    )
    return found


def _lock(names: Sequence[int], most: int, now: datetime) -> list[Any]:
    rows: list[Any] = frappe.db.sql(
        f"""SELECT {ROW_COLUMNS} FROM `tabSync Outbox`
        WHERE name IN %(names)s AND state IN %(claimable)s AND next_attempt_at <= %(now)s
        ORDER BY name LIMIT %(most)s FOR UPDATE SKIP LOCKED""",
        {"names": tuple(names), "claimable": CLAIMABLE_STATES, "now": to_column(now), "most": most},
        as_dict=True,
    )
    return rows


def _lease(locked: Sequence[Any], appetite: Appetite, now: datetime) -> list[OutboxRow]:
    token = uuid.uuid4().hex
    # The end of the lease is also the next attempt: if this worker dies, the row is due then.
    frappe.db.sql(
        """UPDATE `tabSync Outbox`
        SET state = %(leased)s, lease_token = %(token)s, lease_until = %(until)s, next_attempt_at = %(until)s,
            attempts = attempts + 1, first_attempt_at = COALESCE(first_attempt_at, %(now)s),
            outcome_unknown = (outcome_unknown OR state IN %(maybe_sent)s), blocked_by = NULL,
            modified = %(now)s
        WHERE name IN %(names)s""",
        {
            "leased": RowState.LEASED,
            "token": token,
            "until": to_column(now + timedelta(seconds=appetite.lease_seconds)),
            "now": to_column(now),
            "maybe_sent": (RowState.UNKNOWN, RowState.LEASED),
            "names": tuple(row.name for row in locked),
        },
    )
    return [outbox_row(row, token) for row in locked]


def outbox_row(stored: Any, token: str) -> OutboxRow:
    """A stored row as handlers see it.

    Args:
        stored: the row's ``ROW_COLUMNS``.
        token: the lease token, "" where nobody holds it.
    """
    state = RowState(stored.state)
    return OutboxRow(
        name=int(stored.name),
        account_type=stored.account_type,
        account=stored.account,
        action=stored.action,
        document_type=stored.document_type,
        document=stored.document,
        revision=stored.revision,
        payload=json.loads(stored.payload or "{}"),
        progress=json.loads(stored.progress or "{}"),
        attempts=int(stored.attempts) + 1,
        polls=int(stored.polls),
        claimed_from=state,
        outcome_unknown=bool(stored.outcome_unknown) or state in (RowState.UNKNOWN, RowState.LEASED),
        lease_token=token,
    )


_CANDIDATES_IN_STATE = """(
    SELECT o.name, o.action, o.state, o.next_attempt_at, o.last_error_kind
    FROM `tabSync Outbox` o
    WHERE o.account_type = %(account_type)s AND o.account = %(account)s
        AND o.state = %(state_{index})s AND o.next_attempt_at <= %(now)s
        AND NOT EXISTS (
            SELECT 1 FROM `tabSync Outbox` earlier
            WHERE earlier.account_type = o.account_type AND earlier.account = o.account
                AND earlier.document_type = o.document_type AND earlier.document = o.document
                AND earlier.name < o.name AND earlier.state IN %(unfinished)s)
    ORDER BY o.next_attempt_at, o.name LIMIT %(most)s)"""
