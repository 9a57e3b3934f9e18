"""Writing down what became of a leased row. Every write counts only while the lease token still matches.

What a handler stores on documents comes first and the row last, in one transaction: web requests also
lock the document before its rows, and two orders of locking would be a deadlock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe

from order_flow.domain.message import Message
from order_flow.outbox.clock import to_column
from order_flow.outbox.handler import ActionHandler, Again, Done, OutboxRow
from order_flow.outbox.language import in_site_language
from order_flow.outbox.policy import Verdict
from order_flow.outbox.sending.interventions import BLOCKED_BY_DEAD
from order_flow.outbox.states import CLAIMABLE_STATES, RowState


class LeaseLost(RuntimeError):
    """Another worker took the row over, or a person settled it: nothing of ours may be stored."""


def store_done(row: OutboxRow, done: Done, handler: ActionHandler[Any, Any], now: datetime) -> None:
    """Mark a row as done and let the handler store what follows (in the caller's transaction).

    Raises:
        LeaseLost: the row is not ours any more; the caller must roll back.
    """
    handler.apply(row, done)
    _settle(
        row,
        {
            "state": RowState.DONE,
            "done_at": to_column(now),
            "remote_reference": done.reference[:140] or None,
            "answer_digest": in_site_language(done.digest) or None,
            "last_error": None,
            "last_error_kind": None,
            "outcome_unknown": 0,
        },
        now,
    )


def store_again(row: OutboxRow, again: Again, handler: ActionHandler[Any, Any], now: datetime) -> None:
    """Let a row wait for the far side to finish; the attempt does not count.

    Raises:
        LeaseLost: the row is not ours any more; the caller must roll back.
    """
    handler.waits(row, again)
    _settle(
        row,
        {
            "state": RowState.WAITING,
            "next_attempt_at": to_column(now + timedelta(seconds=again.after)),
            "progress": json.dumps(dict(again.progress), ensure_ascii=False),
            "polls": row.polls + 1,
            "attempts": row.attempts - 1,
            "last_error": None,
            "last_error_kind": None,
            "outcome_unknown": 0,
        },
        now,
    )


def store_failure(
    row: OutboxRow,
    verdict: Verdict,
    progress: Mapping[str, Any] | None,
    handler: ActionHandler[Any, Any] | None,
    now: datetime,
) -> None:
    """Store a verdict; a dead row tells its document and the rows behind it.

    Args:
        row: the leased row.
        verdict: what becomes of it.
        progress: what the next attempt must know; None leaves it as it was.
        handler: the row's handler, None where its action is not registered.
        now: aware time.

    Raises:
        LeaseLost: the row is not ours any more.
    """
    dead = verdict.state is RowState.DEAD
    if dead and handler is not None:
        handler.gave_up(row, in_site_language(verdict.reason))
    values: dict[str, Any] = {
        "state": verdict.state,
        "next_attempt_at": to_column(now + timedelta(seconds=verdict.delay)),
        "attempts": row.attempts if verdict.counts else row.attempts - 1,
        "last_error": in_site_language(verdict.reason),
        "last_error_kind": verdict.kind,
        "outcome_unknown": int(verdict.unclear),
    }
    if progress is not None:
        values["progress"] = json.dumps(dict(progress), ensure_ascii=False)
    _settle(row, values, now)
    if dead:
        _mark_blocked("d.name = %(dead_row)s", {"dead_row": row.name})


def mark_blocked(account_type: str, account: str) -> None:
    """Note on rows that were queued behind a dead row of their document which one it is.

    Args:
        account_type: DocType of the account.
        account: its name.
    """
    _mark_blocked(
        "d.account_type = %(account_type)s AND d.account = %(account)s",
        {"account_type": account_type, "account": account},
    )


def _mark_blocked(dead_rows: str, values: Mapping[str, Any]) -> None:
    frappe.db.sql(
        f"""UPDATE `tabSync Outbox` d JOIN `tabSync Outbox` o ON {BLOCKED_BY_DEAD}
        SET o.blocked_by = d.name,
            o.last_error = REPLACE(REPLACE(REPLACE(%(waits)s, '<row>', d.name), '<action>', d.action),
                '<reason>', COALESCE(d.last_error, ''))
        WHERE {dead_rows} AND d.state = %(dead)s
            AND o.state IN %(claimable)s AND o.state != %(leased)s AND o.blocked_by IS NULL""",
        {
            **values,
            "waits": in_site_language(
                Message(
                    "Waits for row {0} ({1}) of the same document, which a person must release first: {2}",
                    "<row>",
                    "<action>",
                    "<reason>",
                )
            ),
            "dead": RowState.DEAD,
            "claimable": CLAIMABLE_STATES,
            "leased": RowState.LEASED,
        },
    )


def _settle(row: OutboxRow, values: Mapping[str, Any], now: datetime) -> None:
    assignments = ", ".join(f"`{column}` = %({column})s" for column in values)
    frappe.db.sql(
        f"""UPDATE `tabSync Outbox`
        SET {assignments}, lease_token = NULL, lease_until = NULL, modified = %(settled_at)s
        WHERE name = %(row_name)s AND lease_token = %(row_token)s AND `state` = %(leased)s""",
        {
            **values,
            "settled_at": to_column(now),
            "row_name": row.name,
            "row_token": row.lease_token,
            "leased": RowState.LEASED,
        },
    )
    # The framework has no public way to learn how many rows a statement changed.
    if frappe.db._cursor.rowcount == 0:
        raise LeaseLost(
            f"Row {row.name} ({row.action} of {row.document}) is held by somebody else now; "
            "what this worker found out about it is not stored."
        )
