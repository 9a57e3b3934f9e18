"""The one way in which jobs ask a far side: who asks, whether it may, what a failure means for the account.

A reader job reads its streams one after the other. A stream that fails is noted with its reason and read
again next time; the others go on, unless the failure is the account's: its limit, its credentials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from traceback import format_exception
from typing import Any

import frappe

from order_flow.domain.message import Message
from order_flow.integrations.errors import IntegrationError, Misconfigured, NoCallLeft, RateLimited
from order_flow.integrations.rate_limit import CallUse
from order_flow.outbox import registry
from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.clock import database_now
from order_flow.outbox.policy import RetryPolicy
from order_flow.outbox.reading import places
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import note_failure
from order_flow.outbox.sending.attempts import CollectedAttempts
from order_flow.outbox.transaction import end_reading, in_transaction, is_connection_lost

READER_USER = "Administrator"
"""Readers run for the scheduler and for a button; what a far side shows must not depend on who pressed it."""

Read = Callable[[Any], int]
"""Reads one stream through the account's port and says how many records it had."""


def run_streams(account_type: str, account: str, streams: Mapping[str, Read]) -> dict[str, int]:
    """Body of a reader job: read the streams of one account, each once.

    A stream that had no call left in the run before is read last, so that it cannot take the calls of the
    others again.

    Args:
        account_type: DocType of the account.
        account: its name.
        streams: what to read, in this order, by the name of the stream.

    Returns:
        How many records each stream had; empty where the account may not be called.
    """
    # The scheduler has no user, and a button's user may not read every order of the account.
    frappe.set_user(READER_USER)
    if accounts.state_of(account_type, account).obstacle(database_now()):
        return {}
    late = places.interrupted_streams(account_type, account)
    counts = dict.fromkeys(streams, 0)
    with account_port(account_type, account, CallUse.READING) as open_port:
        for name in sorted(streams, key=lambda name: name in late):
            try:
                counts[name] = streams[name](open_port())
            except Exception as error:
                end_reading()
                note_stop(Stream(account_type, account, name), error)
                if isinstance(error, RateLimited | Misconfigured):
                    break
    return counts


@contextmanager
def account_port(account_type: str, account: str, use: CallUse) -> Iterator[Callable[[], Any]]:
    """Open an account's port when it is first needed; what was called is logged whatever happens.

    Args:
        account_type: DocType of the account.
        account: its name.
        use: what the calls are for.

    Yields:
        A function that gives the port. It raises IntegrationError where the account's settings do not allow
        to build one.
    """
    attempts = CollectedAttempts(account_type, account)
    opened: list[Any] = []

    def port() -> Any:
        if not opened:
            opened.append(registry.open_port(account_type, account, attempts, use))
            end_reading()
        return opened[0]

    try:
        yield port
    finally:
        attempts.store()


def note_stop(stream: Stream, error: Exception) -> None:
    """Store why a stream stopped, and hold its account where the reason is the account's.

    Args:
        stream: which stream.
        error: what stopped it.

    Raises:
        Exception: the database is gone (an error of its driver).
    """
    if isinstance(error, NoCallLeft):
        # Not a failure: what was read is stored, the next minute goes on.
        in_transaction(partial(places.interrupt, stream))
    elif isinstance(error, IntegrationError):
        in_transaction(partial(note_failure, stream, error.message))
        hold_account(stream.account_type, stream.account, error)
    else:
        if is_connection_lost(error):
            raise error
        in_transaction(partial(_note_defect, stream, error))


def hold_account(account_type: str, account: str, error: IntegrationError) -> None:
    """Pause or rest an account by what its far side said, as the relay does while it sends.

    Args:
        account_type: DocType of the account.
        account: its name.
        error: what the far side said; anything that is not the account's trouble changes nothing.
    """
    if isinstance(error, Misconfigured):
        in_transaction(partial(accounts.pause_account, account_type, account, error.message))
    elif isinstance(error, RateLimited) and not isinstance(error, NoCallLeft):
        policy = RetryPolicy()
        asked = policy.rate_limit_delay if error.retry_after is None else error.retry_after
        rest = min(max(asked, 0.0), policy.longest_hint)
        in_transaction(lambda: accounts.rest_account(account_type, account, rest, database_now()))


def _note_defect(stream: Stream, error: Exception) -> None:
    title = f"{stream.name}: {type(error).__name__} while reading {stream.account}"
    frappe.log_error(title=title, message="".join(format_exception(error)))
    name = type(error).__name__
    text = Message("A mistake in this app ({0}): {1}. The Error Log has the details.", name, str(error))
    note_failure(stream, text)
