"""Wakes a worker for an account. A lost ring costs time, never a message: the sweep finds due rows.

One key per account means "a job is queued and has not started". The job removes it before it looks for
rows, so a row written after that look rings again; a job id with deduplication could not do that, because
a job that is just ending still counts as queued.
"""

from __future__ import annotations

import frappe
from frappe.utils.background_jobs import get_queue, get_queues_timeout
from redis.exceptions import RedisError

UNHEARD_SECONDS = 60
"""A ring that no job answered within this time is taken as lost."""
RING_AGAIN_SECONDS = 10
"""How long the bell stays silent after the queue could not be reached."""
WAITING_SECONDS = 35
"""After this time another job may wait for an account's next call, whatever became of the one that did."""
JOB_TIMEOUT = 1500
JOB = "order_flow.outbox.sending.relay.run"
_PENDING = "order_flow_bells"


def ring_after_commit(account_type: str, account: str) -> None:
    """Ring once for an account when the current transaction is stored; not at all when it is not."""
    pending = frappe.flags.setdefault(_PENDING, set())
    if not pending:
        frappe.db.after_commit.add(_ring_pending)
        frappe.db.after_rollback.add(pending.clear)
    pending.add((account_type, account))


def ring(account_type: str, account: str) -> bool:
    """Queue a relay job for an account unless one is queued already.

    Returns:
        Whether a job is queued now. False when Redis is away, which is logged; the sweep makes up for it.
    """
    try:
        if frappe.cache().set(_key(account_type, account), 1, nx=True, ex=UNHEARD_SECONDS):
            _queue_job(account_type, account)
        return True
    except RedisError as error:
        _log_silent_bell(account_type, account, error)
        return False


def ring_anyway(account_type: str, account: str) -> bool:
    """Queue a relay job whatever was rung before; for the sweep, which exists because rings get lost."""
    try:
        frappe.cache().set(_key(account_type, account), 1, ex=UNHEARD_SECONDS)
        _queue_job(account_type, account)
        return True
    except RedisError as error:
        _log_silent_bell(account_type, account, error)
        return False


def answer(account_type: str, account: str) -> None:
    """Note that a job for the account has started, so that the next row rings again."""
    try:
        frappe.cache().delete(_key(account_type, account))
    except RedisError as error:
        _log_silent_bell(account_type, account, error)


def may_wait(account_type: str, account: str) -> bool:
    """Tell whether this job may keep its worker to wait for the account's next call: one job an account does.

    Returns:
        False where another job waits already, or Redis is away; the sweep goes on then.
    """
    try:
        taken = frappe.cache().set(_waiting_key(account_type, account), 1, nx=True, ex=WAITING_SECONDS)
        return bool(taken)
    except RedisError as error:
        _log_silent_bell(account_type, account, error)
        return False


def waited(account_type: str, account: str) -> None:
    """Note that the job that waited for an account's next call does not wait any more."""
    try:
        frappe.cache().delete(_waiting_key(account_type, account))
    except RedisError as error:
        _log_silent_bell(account_type, account, error)


def others_wait() -> bool:
    """Tell whether jobs are queued that no worker has begun."""
    try:
        return any(get_queue(name).count for name in get_queues_timeout())
    except RedisError:
        return False


def _ring_pending() -> None:
    pending: set[tuple[str, str]] = frappe.flags.pop(_PENDING, set())
    for account_type, account in sorted(pending):
        ring(account_type, account)


def _queue_job(account_type: str, account: str) -> None:
    try:
        frappe.enqueue(JOB, queue="default", timeout=JOB_TIMEOUT, account_type=account_type, account=account)
    except RedisError:
        # Not at once again: the framework tries for seconds to reach its queue, in the user's request.
        frappe.cache().expire(_key(account_type, account), RING_AGAIN_SECONDS)
        raise


def _key(account_type: str, account: str) -> bytes:
    key: bytes = frappe.cache().make_key(f"order_flow:bell:{account_type}:{account}")
    return key


def _waiting_key(account_type: str, account: str) -> bytes:
    key: bytes = frappe.cache().make_key(f"order_flow:waits:{account_type}:{account}")
    return key


def _log_silent_bell(account_type: str, account: str, error: RedisError) -> None:
    # Not the Error Log: this runs after the commit, where nothing would store it.
    frappe.logger("order_flow", allow_site=True).warning(
        f"No bell for {account_type} {account}: Redis does not answer ({error}). "
        "Nothing is lost; the sweep of the scheduler finds the rows. Check Redis."
    )
