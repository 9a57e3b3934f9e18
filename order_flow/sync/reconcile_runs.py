"""Scheduled reconciliation: a run compares one portion of an account's orders and remembers where it stopped.

Portions keep an account with a hundred thousand open orders from being asked about all of them at once; the
next run goes on behind the last order and starts over at the end (design 5).
"""

from __future__ import annotations

from datetime import timedelta

import frappe

from order_flow.domain.states import FINAL_STATES, OrderState
from order_flow.outbox.accounts import state_of
from order_flow.outbox.clock import database_now, to_column
from order_flow.outbox.positions import Stream, advance, note_failure
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import in_transaction
from order_flow.sync.comparison import Verdict
from order_flow.sync.reconcile import reconcile

STREAM = "reconciliation"
PORTION = 200
"""Orders of one run: at WDT's usual 60 calls a minute and two calls an order, seven minutes."""
FINISHED_ORDERS = timedelta(days=14)
"""How long after its last change a finished order is still compared."""
RUN_USER = "Administrator"
"""What differs must not depend on who asked."""

_ACCOUNT_FIELD = {AccountType.WDT: "wdt_account", AccountType.U8: "u8_account"}
_OPEN_STATES = tuple(state.value for state in OrderState if state not in FINAL_STATES)


def run(account_type: str, account: str) -> dict[str, int]:
    """Job: compare the next portion of an account's orders.

    Args:
        account_type: DocType of the account.
        account: its name.

    Returns:
        How many orders came to which verdict; empty where the account may not be called.
    """
    # A job of the scheduler: it acts for nobody, and what it finds is owned by the system.
    frappe.set_user(RUN_USER)
    if state_of(account_type, account).obstacle(database_now()):
        return {}
    side = AccountType(account_type)
    stream = Stream(side, account, STREAM)
    names = next_portion(side, account, _last_document(stream))
    summaries = reconcile(names, (side,))
    unread = [reason for summary in summaries for reason in summary["unread"].values()]
    # A full portion of which nothing could be read is compared again: the far side is away.
    if len(unread) < len(names) or len(names) < PORTION:
        in_transaction(lambda: _remember(stream, names))
    if unread:
        in_transaction(lambda: note_failure(stream, unread[0]))
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


def _last_document(stream: Stream) -> str:
    filters = {"account_type": stream.account_type, "account": stream.account, "stream": stream.name}
    return frappe.db.get_value("Sync Position", filters, "last_document") or ""


def _remember(stream: Stream, names: list[str]) -> None:
    """A portion that was not full reached the end, so the next run starts over."""
    advance(stream, database_now(), len(names))
    filters = {"account_type": stream.account_type, "account": stream.account, "stream": stream.name}
    reached = names[-1] if len(names) == PORTION else ""
    frappe.db.set_value("Sync Position", filters, "last_document", reached, update_modified=False)
