"""Short transactions of the relay: repeated after a deadlock or a lost connection, never after a send.

The framework re-runs a whole job that met a deadlock (model-codebases 2); with a send inside, that would
send twice. So deadlocks are dealt with here, around work that only touches the database.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import frappe

from order_flow.frappe_versions import driver_errors

T = TypeVar("T")

TRIES = 8
LONGEST_PAUSE = 2.0
CONNECTION_LOST = frozenset({2002, 2003, 2006, 2013, 2055, 1053, 1927})
"""Client and server error codes for a connection that is gone: cannot connect, server gone, lost during
query, shutdown in progress, connection killed."""


class OutsideTransactionRequired(RuntimeError):
    """Work that talks to the network was started while a transaction held changes."""


def in_transaction(work: Callable[[], T]) -> T:
    """Run database work in a transaction of its own and commit it.

    Args:
        work: reads and writes, no network; may run several times.

    Returns:
        What the work returned.

    Raises:
        frappe.QueryDeadlockError, frappe.QueryTimeoutError, an error of the database's
            driver: still failing after the last try; nothing of the work is stored.
        Exception: whatever the work raised; nothing of it is stored.
    """
    for attempt in range(1, TRIES + 1):
        committed: list[bool] = []
        try:
            end_reading()
            frappe.db.after_commit.add(lambda done=committed: done.append(True))
            result = work()
            # This block is the whole transaction: what was open before it has ended above.
            frappe.db.commit()
            return result
        except Exception as error:
            if committed:
                # Others' after-commit work failed (a queue that is away): what we were asked for is stored.
                frappe.logger("order_flow").exception("work after a commit of the outbox failed")
                return result
            _abandon(error)
            if not _worth_repeating(error) or attempt == TRIES:
                raise
        time.sleep(_pause(attempt))
    raise AssertionError("the last try either returned or raised")


def end_reading() -> None:
    """End the transaction of reads, so that none is open while the network is used.

    A connection that was lost meanwhile is given up: what was read is in memory, and an answer of the far
    side must not be forgotten because of it.
    """
    try:
        frappe.db.rollback()
    except Exception as error:
        if not is_connection_lost(error):
            raise
        _abandon(error)


def require_clean() -> None:
    """Refuse to go on while the connection holds uncommitted changes.

    Raises:
        OutsideTransactionRequired: something was written and not committed.
    """
    if frappe.db.transaction_writes:
        raise OutsideTransactionRequired(
            "The relay was started inside a transaction that already wrote something; its commits would "
            "store half of that work. Commit first, or let a background job call the relay."
        )


def is_connection_lost(error: BaseException) -> bool:
    """Tell whether the database connection is gone, so that a new one must be made."""
    if isinstance(error, driver_errors("InterfaceError")):
        return True
    code = error.args[0] if isinstance(error, driver_errors("Error")) and error.args else None
    return code in CONNECTION_LOST


def _worth_repeating(error: BaseException) -> bool:
    return is_connection_lost(error) or isinstance(
        error, frappe.QueryDeadlockError | frappe.QueryTimeoutError
    )


def _abandon(error: BaseException) -> None:
    if not is_connection_lost(error):
        frappe.db.rollback()
        return
    frappe.db.before_commit.reset()
    frappe.db.after_commit.reset()
    # A dead connection cannot be rolled back or closed politely; without one the next statement connects.
    frappe.db._conn = None
    frappe.db.transaction_writes = 0


def _pause(attempt: int) -> float:
    longest: float = min(LONGEST_PAUSE, 0.02 * 2.0**attempt)
    return random.uniform(0.5, 1.0) * longest
