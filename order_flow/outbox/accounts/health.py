"""Is the sync alive? Figures for the workspace, the demo and a monitor (model-codebases 6.20)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from redis.exceptions import RedisError

from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.accounts import discrepancies
from order_flow.outbox.clock import Clock, database_now, to_column
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import CLAIMABLE_STATES, RowState

SCHEDULER_SILENCE = timedelta(minutes=10)
"""A scheduler that started no job for this long is taken as stopped."""


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """One account: what waits, since when, and what stands in its way."""

    account_type: str
    account: str
    rows: dict[str, int]
    oldest_due_seconds: float
    last_success: str | None
    obstacle: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """The whole sync."""

    accounts: list[AccountHealth] = field(default_factory=list)
    open_discrepancies: int = 0
    scheduler_alive: bool = False
    redis_alive: bool = False


def health(clock: Clock = database_now) -> dict[str, Any]:
    """Figures of the sync as they are now.

    Args:
        clock: aware time.

    Returns:
        ``Health`` as a dict: per account the rows by state, the age of the oldest due row in seconds, the
        last success and what stands in the way; open discrepancies; whether scheduler and Redis answer.
    """
    return asdict(
        Health(
            accounts=[
                _account_health(account_type.value, name, clock)
                for account_type in AccountType
                for name in frappe.get_all(account_type.value, pluck="name", order_by="name")
            ],
            open_discrepancies=discrepancies.open_count(),
            scheduler_alive=_scheduler_alive(clock),
            redis_alive=_redis_alive(),
        )
    )


def open_rows(document_type: str, document: str) -> list[dict[str, Any]]:
    """Return what is still to be told about a document, oldest first; for 'why does it not move'.

    Returns:
        ``name, account_type, account, action, state, next_attempt_at, last_error, blocked_by`` per row.
    """
    rows = frappe.db.sql(
        """SELECT name, account_type, account, action, state, next_attempt_at, last_error, blocked_by
        FROM `tabSync Outbox`
        WHERE document_type = %(document_type)s AND document = %(document)s AND state IN %(unfinished)s
        ORDER BY name""",
        {
            "document_type": document_type,
            "document": document,
            "unfinished": (*CLAIMABLE_STATES, RowState.DEAD),
        },
        as_dict=True,
    )
    return [dict(row) for row in rows]


def _account_health(account_type: str, account: str, clock: Clock) -> AccountHealth:
    now = clock()
    key = {"account_type": account_type, "account": account}
    unfinished = frappe.db.sql(
        """SELECT state, COUNT(*) AS rows_in_state, MIN(next_attempt_at) AS due FROM `tabSync Outbox`
        WHERE account_type = %(account_type)s AND account = %(account)s AND state IN %(unfinished)s
        GROUP BY state""",
        key | {"unfinished": (*CLAIMABLE_STATES, RowState.DEAD)},
        as_dict=True,
    )
    dues = [row.due for row in unfinished if row.due and RowState(row.state) in CLAIMABLE_STATES]
    age = (to_column(now) - min(dues)).total_seconds() if dues else 0.0
    last = frappe.db.sql(
        """SELECT next_attempt_at, done_at FROM `tabSync Outbox`
        WHERE account_type = %(account_type)s AND account = %(account)s AND state = %(done)s
        ORDER BY next_attempt_at DESC LIMIT 1""",
        key | {"done": RowState.DONE},
        as_dict=True,
    )
    hindered = accounts.state_of(account_type, account).obstacle(now)
    return AccountHealth(
        account_type=account_type,
        account=account,
        rows={row.state: int(row.rows_in_state) for row in unfinished},
        oldest_due_seconds=max(0.0, age),
        last_success=str(last[0].done_at) if last else None,
        obstacle=hindered.in_words(_) if hindered else None,
    )


def _scheduler_alive(clock: Clock) -> bool:
    last = frappe.db.sql("SELECT MAX(last_execution) FROM `tabScheduled Job Type`")[0][0]
    return last is not None and to_column(clock()) - last < SCHEDULER_SILENCE


def _redis_alive() -> bool:
    try:
        return bool(frappe.cache().ping())
    except RedisError:
        return False
