"""The jobs of the outbox: work on one account for a while, and wake every account that has due rows."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial

import frappe

from order_flow.outbox import bell
from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.clock import Clock, database_now, to_column
from order_flow.outbox.sending import settlement
from order_flow.outbox.sending.worker import Relay
from order_flow.outbox.states import CLAIMABLE_STATES, UNFINISHED_STATES
from order_flow.outbox.transaction import end_reading, in_transaction

RUN_SECONDS = 25.0
"""A job ends after this time and rings for the next one, so that one account cannot keep a worker."""
PATIENCE_SECONDS = 5.0
"""A job stays for a row that is due this soon, such as the result of an asynchronous add, instead of leaving
it to the next sweep a minute later."""
WAIT_SECONDS = 2.0
"""How long a job that waits for a call keeps its worker before it looks whether other jobs need it."""
BREATH_SECONDS = 0.1
"""Between two looks of a job that finds a due row it could not take."""
RELAY_USER = "Administrator"
"""Jobs run as whoever rang the bell, the sweep as Administrator; what a message may do must not depend on
that."""


def run(account_type: str, account: str) -> int:
    """Job: send what is due for one account, for at most ``RUN_SECONDS``, then ring for the next job.

    Args:
        account_type: DocType of the account.
        account: its name.

    Returns:
        How many rows were worked on.
    """
    bell.answer(account_type, account)
    # A job: whoever changed the document need not have the rights that sending it takes.
    frappe.set_user(RELAY_USER)
    relay = Relay(account_type, account)
    deadline = time.monotonic() + RUN_SECONDS
    worked_on = 0
    while time.monotonic() < deadline:
        rows = relay.run_once()
        worked_on += rows
        if relay.next_call_in is not None:
            # Not a failure: the work goes on as soon as a call is free.
            if not bell.may_wait(account_type, account):
                return worked_on
            if not _waited_for_call(account_type, account, relay.next_call_in, deadline):
                break
        elif not rows and not _waited_for_next(account_type, account):
            return worked_on
    bell.ring(account_type, account)
    return worked_on


def _waited_for_call(account_type: str, account: str, seconds: float, deadline: float) -> bool:
    """Wait until a call of the account is free; False where the time is up, or others need the worker."""
    free_at = time.monotonic() + seconds
    try:
        while (now := time.monotonic()) < min(free_at, deadline):
            time.sleep(min(WAIT_SECONDS, free_at - now, deadline - now))
            if bell.others_wait():
                return False
    finally:
        bell.waited(account_type, account)
    return time.monotonic() >= free_at


def _waited_for_next(account_type: str, account: str) -> bool:
    """Wait for a row that is due soon; False where there is none, or the account may not be called."""
    due_in = next_due(account_type, account)
    end_reading()
    if due_in is None or due_in > timedelta(seconds=PATIENCE_SECONDS):
        return False
    obstacle = accounts.state_of(account_type, account).obstacle(database_now())
    end_reading()
    if obstacle:
        return False
    # A row may have become due since the last look, or be just in another worker's hands.
    time.sleep(max(due_in.total_seconds(), BREATH_SECONDS))
    return True


def sweep(clock: Clock = database_now) -> list[tuple[str, str]]:
    """Ring for every account that has due rows, whatever happened to their bells; for the scheduler.

    Returns:
        The accounts that were rung for.
    """
    # Two steps: the accounts come from the index alone, however many rows are done.
    known = frappe.db.sql("SELECT account_type, account FROM `tabSync Outbox` GROUP BY account_type, account")
    now = clock()
    due = [(account_type, account) for account_type, account in known if _is_due(account_type, account, now)]
    for account_type, account in due:
        in_transaction(partial(settlement.mark_blocked, account_type, account))
        bell.ring_anyway(account_type, account)
    return due


def next_due(account_type: str, account: str) -> timedelta | None:
    """Return the time until the next row is due; None where nothing is queued, negative where overdue.

    Only the first unfinished row of each document counts: the others wait for it whatever their time is.
    """
    found = frappe.db.sql(
        """SELECT o.next_attempt_at FROM `tabSync Outbox` o
        WHERE o.account_type = %(account_type)s AND o.account = %(account)s AND o.state IN %(claimable)s
            AND NOT EXISTS (
                SELECT 1 FROM `tabSync Outbox` earlier
                WHERE earlier.account_type = o.account_type AND earlier.account = o.account
                    AND earlier.document_type = o.document_type AND earlier.document = o.document
                    AND earlier.name < o.name AND earlier.state IN %(unfinished)s)
        ORDER BY o.next_attempt_at LIMIT 1""",
        {
            "account_type": account_type,
            "account": account,
            "claimable": CLAIMABLE_STATES,
            "unfinished": UNFINISHED_STATES,
        },
    )
    return found[0][0] - to_column(database_now()) if found else None


def _is_due(account_type: str, account: str, now: datetime) -> bool:
    found = frappe.db.sql(
        """SELECT 1 FROM `tabSync Outbox`
        WHERE account_type = %(account_type)s AND account = %(account)s
            AND state IN %(claimable)s AND next_attempt_at <= %(now)s LIMIT 1""",
        {
            "account_type": account_type,
            "account": account,
            "claimable": CLAIMABLE_STATES,
            "now": to_column(now),
        },
    )
    return bool(found)
