"""Scheduled reconciliation: a run compares an account's orders as long as it has calls, and remembers where.

A round goes through all orders of the account by name. Each run goes on behind the last order that was
compared; orders that could not be read come first in the next run (design 5). So every order is compared once
a round, and a round of N orders takes at most as many minutes as its calls (one or two an order) fill the
calls of a minute that comparing can count on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import takewhile
from typing import Any

import frappe

from order_flow.domain.states import FINAL_STATES, OrderState
from order_flow.integrations.rate_limit import CallUse
from order_flow.outbox.accounts.care import state_of
from order_flow.outbox.clock import database_now, to_column
from order_flow.outbox.reading import places
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import advance, note_failure
from order_flow.outbox.reading.readers import READER_USER
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import in_transaction
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.comparison import Stop, Verdict
from order_flow.sync.missing_here import look_again

STREAM = "reconciliation"
PORTION = 200
"""Most orders of one run: more than its calls of one minute allow."""
FINISHED_ORDERS = timedelta(days=14)
"""How long after its last change a finished order is still compared."""

_ACCOUNT_FIELD = {AccountType.WDT: "wdt_account", AccountType.U8: "u8_account"}
_OPEN_STATES = tuple(state.value for state in OrderState if state not in FINAL_STATES)


def run(account_type: str, account: str) -> dict[str, int]:
    """Job: compare the next orders of an account.

    Args:
        account_type: DocType of the account.
        account: its name.

    Returns:
        How many orders came to which verdict; empty where the account may not be called.
    """
    # A job of the scheduler: it acts for nobody, and what it finds is owned by the system.
    frappe.set_user(READER_USER)
    if state_of(account_type, account).obstacle(database_now()):
        return {}
    side = AccountType(account_type)
    look_again(side, account)
    stream = Stream(side, account, STREAM)
    portion = next_portion(side, account, _last_document(stream))
    names = _unread_before(stream) + portion
    summaries = reconcile(list(dict.fromkeys(names)), (side,), CallUse.COMPARING)
    reached = list(takewhile(lambda summary: side.value not in summary["stopped"], summaries))
    in_transaction(partial(_remember, stream, reached, portion))
    if len(reached) < len(summaries):
        first = summaries[len(reached)]
        _note_stop(stream, first["stopped"][side.value], first["unread"][side.value])
    counts = {verdict.value: 0 for verdict in Verdict}
    for summary in summaries:
        counts[summary["verdict"]] += 1
    return counts


def next_portion(side: AccountType, account: str, after: str) -> list[str]:
    """The orders to compare next, by name: open ones and those that finished lately.

    Args:
        side: which system is asked.
        account: name of its account.
        after: the last order of the run before; "" to start over.

    Returns:
        At most ``PORTION`` names. The ledger is asked about whatever changed lately, because an order that
        is not completed must not be in it.
    """
    field = _ACCOUNT_FIELD[side]
    since = to_column(database_now() - FINISHED_ORDERS)
    values = {"account": account, "after": after, "since": since, "open": _OPEN_STATES, "most": PORTION}
    lately = f"""select name from `tabOrder`
        where modified >= %(since)s and `{field}` = %(account)s and name > %(after)s
        order by name limit %(most)s"""
    still_open = f"""select name from `tabOrder`
        where workflow_state in %(open)s and `{field}` = %(account)s and name > %(after)s
        order by name limit %(most)s"""
    names = set(frappe.db.sql(lately, values, pluck=True))
    if side is AccountType.WDT:
        names |= set(frappe.db.sql(still_open, values, pluck=True))
    return sorted(names)[:PORTION]


def _unread_before(stream: Stream) -> list[str]:
    """Orders that an earlier run could not read, as far as they still exist."""
    waiting = places.waiting_of(stream)
    if not waiting:
        return []
    known = frappe.get_all("Order", filters={"name": ("in", waiting)}, pluck="name", limit_page_length=0)
    return [name for name in waiting if name in set(known)]


def _last_document(stream: Stream) -> str:
    return frappe.db.get_value("Sync Position", places.key_of(stream), "last_document") or ""


def _remember(stream: Stream, reached: Sequence[dict[str, Any]], portion: Sequence[str]) -> None:
    """Move behind what was compared; after the last order of a portion that was not full start over."""
    compared = {summary["order"] for summary in reached}
    unread = {summary["order"]: reason for summary in reached for reason in summary["unread"].values()}
    passed = list(takewhile(lambda name: name in compared, portion))
    whole = len(passed) == len(portion)
    if reached or whole:
        advance(stream, database_now(), len(reached))
    if whole:
        _set_last(stream, portion[-1] if len(portion) == PORTION else "")
    elif passed:
        _set_last(stream, passed[-1])
    places.end_waiting(stream, compared)
    places.add_waiting(stream, unread)
    if unread:
        note_failure(stream, next(iter(unread.values())))
    if whole and len(portion) == PORTION:
        # More orders follow: the round goes on in the next minute, not in the next hour.
        places.interrupt(stream)


def _set_last(stream: Stream, order: str) -> None:
    frappe.db.set_value("Sync Position", places.key_of(stream), "last_document", order, update_modified=False)


def _note_stop(stream: Stream, stop: str, reason: str) -> None:
    if Stop(stop) is Stop.NO_CALL_LEFT:
        in_transaction(partial(places.interrupt, stream))
    else:
        in_transaction(partial(note_failure, stream, reason))
