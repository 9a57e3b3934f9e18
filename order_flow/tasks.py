"""What the scheduler calls: entry points of a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.customers.evaluation import last_ended
from order_flow.flow.clocks.months import month_ended
from order_flow.flow.clocks.sweep import sweep
from order_flow.flow.customers.evaluations import prepare
from order_flow.flow.deliveries.cases import note_late_arrivals
from order_flow.flow.lifecycle.late_facts import follow_waiting_orders
from order_flow.flow.lifecycle.override_reminders import remind_of_open_overrides
from order_flow.flow.notices.undelivered import ask_to_call_for_failed_mails
from order_flow.flow.outside.site_health import tell_operators
from order_flow.flow.reviews.open_points import alert_late_points
from order_flow.flow.reviews.reminders import remind_late_departments
from order_flow.flow.shortages.decisions import hold_unanswered
from order_flow.flow.stock.reservations import expire_reservations
from order_flow.flow.terms import overdue
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending import relay
from order_flow.outbox.sending.attempts import clear_old
from order_flow.outbox.transaction import in_transaction
from order_flow.sync.compare import runs as reconcile_runs
from order_flow.sync.services import tracking
from order_flow.sync.wdt import goods as wdt_goods
from order_flow.sync.wdt import products as wdt_products
from order_flow.sync.wdt import read as wdt_read
from order_flow.sync.wdt import stock as wdt_stock

TRACKING_JOB = "order_flow.sync.services.tracking.run"
STOCK_JOB = "order_flow.sync.wdt.stock.run"
GOODS_JOB = "order_flow.sync.wdt.goods.run"
PRODUCTS_JOB = "order_flow.sync.wdt.products.run"
READ_JOB = "order_flow.sync.wdt.read.run"
RECONCILE_JOB = "order_flow.sync.compare.runs.run"
JOB_TIMEOUT = 900
TRACKING_MINUTES = 15
"""How often an account is looked at; how often each parcel is asked about is the account's setting."""


def sweep_outbox() -> None:
    """Every minute: wake workers for rows whose bell was lost; the database is the queue (design 5)."""
    relay.sweep()


def read_warehouses() -> None:
    """Every minute: start a reader for each WDT account whose interval has passed."""
    accounts = frappe.get_all(
        "WDT Account", filters={"enabled": 1, "paused": 0}, fields=["name", "read_every_minutes as minutes"]
    )
    for account in due_accounts(accounts, AccountType.WDT, wdt_read.STREAMS):
        start_reader(account)


def due_accounts(accounts: Iterable[Any], account_type: AccountType, streams: Sequence[str]) -> list[str]:
    """Names of the accounts whose reader is due: its interval has passed, or it had no call left.

    Args:
        accounts: with ``name`` and ``minutes``.
        account_type: their DocType.
        streams: what the reader reads; the interval counts from the last run of the first.
    """
    positions = frappe.get_all(
        "Sync Position",
        filters={"account_type": account_type.value, "stream": ("in", streams)},
        fields=["account", "stream", "last_run_at", "interrupted"],
        limit_page_length=0,
    )
    interrupted = {row.account for row in positions if row.interrupted}
    last_runs = {row.account: row.last_run_at for row in positions if row.stream == streams[0]}
    return [
        account.name
        for account in accounts
        if account.name in interrupted
        or (last := last_runs.get(account.name)) is None
        # A tick earlier than the interval is as good: ticks of the scheduler are not exact.
        or now_datetime() - last >= timedelta(minutes=account.minutes or 0) - timedelta(seconds=30)
    ]


def start_reader(account: str) -> None:
    """Queue one run of the readers of an account, unless one is queued already."""
    _queue_once(READ_JOB, f"order_flow:read:{account}", account=account)


def read_stock() -> None:
    """Every minute: start a reader of the stock for each WDT account whose interval has passed.

    Products that somebody asked for and that an earlier minute had no call left for go on as well.
    """
    for account in _due_readers((wdt_stock.STOCK_STREAM,), "read_stock_every_minutes"):
        start_stock_reader(account)
    for account in _interrupted(AccountType.WDT, wdt_products.PRODUCTS_STREAM):
        _queue_once(PRODUCTS_JOB, f"order_flow:products:{account}", account=account)


def _interrupted(account_type: AccountType, stream: str) -> list[str]:
    """Accounts that may be called and whose reader of a stream had no call left."""
    filters = {"account_type": account_type.value, "stream": stream, "interrupted": 1}
    names = frappe.get_all("Sync Position", filters=filters, pluck="account")
    callable_ones = {"name": ("in", names or [""]), "enabled": 1, "paused": 0}
    found: list[str] = frappe.get_all(account_type.value, filters=callable_ones, pluck="name")
    return found


def _due_readers(streams: Sequence[str], interval: str) -> list[str]:
    """WDT accounts whose reader of some streams is due; an interval of 0 minutes turns it off."""
    accounts = frappe.get_all(
        "WDT Account",
        filters={"enabled": 1, "paused": 0, interval: (">", 0)},
        fields=["name", f"{interval} as minutes"],
    )
    return due_accounts(accounts, AccountType.WDT, streams)


def start_stock_reader(account: str) -> None:
    """Queue one run of the stock reader of an account, unless one is queued already."""
    _queue_once(STOCK_JOB, f"order_flow:stock:{account}", account=account)


def read_goods() -> None:
    """Every minute: start a reader of the goods for each WDT account whose interval has passed."""
    for account in _due_readers(wdt_goods.STREAMS, "read_goods_every_minutes"):
        start_goods_reader(account)


def start_goods_reader(account: str) -> None:
    """Queue one run of the goods reader of an account, unless one is queued already."""
    _queue_once(GOODS_JOB, f"order_flow:goods:{account}", account=account)


def start_product_reader(account: str, products: Sequence[str]) -> None:
    """Queue the reading of some products' goods and stock, whatever changed when.

    Args:
        account: the WDT Account.
        products: product codes.
    """
    frappe.enqueue(PRODUCTS_JOB, queue="long", timeout=JOB_TIMEOUT, account=account, products=list(products))


def end_reservations() -> None:
    """Every hour: reservations whose time has passed are given back."""
    expire_reservations()


def hold_unanswered_shortages() -> None:
    """Daily: orders whose customers did not answer to a shortage in time are put on hold (R-260)."""
    in_transaction(hold_unanswered)


def reconcile_accounts() -> None:
    """Every hour: begin a round that compares every account's orders with the far side (design 5)."""
    for account_type in (AccountType.WDT, AccountType.U8):
        for account in frappe.get_all(account_type.value, filters={"enabled": 1, "paused": 0}, pluck="name"):
            start_reconciliation(account_type.value, account)


def start_reconciliation(account_type: str, account: str) -> None:
    """Queue one run of the reconciliation of an account, unless one is queued already."""
    job_id = f"order_flow:reconcile:{account_type}:{account}"
    _queue_once(RECONCILE_JOB, job_id, account_type=account_type, account=account)


def continue_reconciliations() -> None:
    """Every minute: go on with the rounds that had no call left, or have more orders to compare."""
    for account_type in (AccountType.WDT, AccountType.U8):
        for account in _interrupted(account_type, reconcile_runs.STREAM):
            start_reconciliation(account_type.value, account)


def _queue_once(job: str, job_id: str, **arguments: str) -> None:
    frappe.enqueue(job, queue="long", timeout=JOB_TIMEOUT, job_id=job_id, deduplicate=True, **arguments)


def read_tracking() -> None:
    """Every minute: ask the tracking services where parcels are, each every quarter of an hour (R-297)."""
    accounts = frappe.get_all(AccountType.TRACKING.value, filters={"enabled": 1, "paused": 0}, pluck="name")
    due = [frappe._dict(name=name, minutes=TRACKING_MINUTES) for name in accounts]
    for account in due_accounts(due, AccountType.TRACKING, (tracking.TRACKING_STREAM,)):
        start_tracking_reader(account)


def start_tracking_reader(account: str) -> None:
    """Queue one run of the tracking reader of an account, unless one is queued already."""
    _queue_once(TRACKING_JOB, f"order_flow:tracking:{account}", account=account)


def open_delay_cases() -> None:
    """Every hour: goods that should have arrived open a case (R-296, R-308)."""
    in_transaction(note_late_arrivals)


def clear_attempts() -> None:
    """Daily: forget attempts older than the settings keep them."""
    clear_old()


def alert_open_points() -> None:
    """Daily: a task for every label or packing point that is not settled in time (R-077)."""
    alert_late_points()


def remind_approvers() -> None:
    """Daily: a task for who let an order pass a gate, where the open point is past its day (K-14)."""
    remind_of_open_overrides()


def remind_departments() -> None:
    """Every hour: a task for every department that has not answered a review in time (R-089)."""
    remind_late_departments()


def call_for_failed_mails() -> None:
    """Every hour: a task to call for every notice to a customer whose e-mail failed (R-112)."""
    ask_to_call_for_failed_mails()


def sweep_clocks() -> None:
    """Every minute: tell whose clocks are due or late, all clocks at once (R-253)."""
    in_transaction(sweep)


def watch_site() -> None:
    """Every minute: tell the operators once that the site has turned, and once that it is well again."""
    in_transaction(tell_operators)


def follow_late_facts() -> None:
    """Every hour: orders whose facts are complete go on where a fact of somebody else let them."""
    follow_waiting_orders()


def start_month_clocks() -> None:
    """Daily: clocks and evaluations of the month and the quarter that have ended (R-251, R-252)."""
    month_ended(now_datetime())
    prepare(last_ended(now_datetime().date()))


def tell_sales_of_overdue() -> None:
    """Daily: sales hear of money that did not come in time (R-169)."""
    overdue.tell_sales_of_overdue()
