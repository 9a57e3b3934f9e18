"""What the scheduler calls: entry points of a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.customer_evaluation import last_ended
from order_flow.flow import overdue
from order_flow.flow.clock_months import month_ended
from order_flow.flow.clock_sweep import sweep
from order_flow.flow.customer_evaluations import prepare
from order_flow.flow.delivery_cases import note_late_arrivals
from order_flow.flow.open_points import alert_late_points
from order_flow.flow.override_reminders import remind_of_open_overrides
from order_flow.flow.reservations import expire_reservations
from order_flow.flow.review_reminders import remind_late_departments
from order_flow.flow.shortages import hold_unanswered
from order_flow.flow.undelivered_notices import ask_to_call_for_failed_mails
from order_flow.outbox import relay
from order_flow.outbox.attempts import clear_old
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import in_transaction

TRACKING_JOB = "order_flow.sync.tracking.run"
STOCK_JOB = "order_flow.sync.wdt_stock.run"
GOODS_JOB = "order_flow.sync.wdt_goods.run"
PRODUCTS_JOB = "order_flow.sync.wdt_products.run"
READ_JOB = "order_flow.sync.wdt_read.run"
RECONCILE_JOB = "order_flow.sync.reconcile_runs.run"
JOB_TIMEOUT = 900


def sweep_outbox() -> None:
    """Every minute: wake workers for rows whose bell was lost; the database is the queue (design 5)."""
    relay.sweep()


def read_warehouses() -> None:
    """Every minute: start a reader for each WDT account whose interval has passed."""
    accounts = frappe.get_all(
        "WDT Account", filters={"enabled": 1, "paused": 0}, fields=["name", "read_every_minutes as minutes"]
    )
    for account in due_accounts(accounts, "trades"):
        start_reader(account)


def due_accounts(accounts: Iterable[Any], stream: str) -> list[str]:
    """Names of the accounts whose interval since the last run of a stream has passed.

    Args:
        accounts: with ``name`` and ``minutes``.
        stream: name of the stream.
    """
    last_runs = dict(
        frappe.get_all(
            "Sync Position",
            filters={"account_type": AccountType.WDT.value, "stream": stream},
            fields=["account", "last_run_at"],
            as_list=True,
        )
    )
    return [
        account.name
        for account in accounts
        if (last := last_runs.get(account.name)) is None
        # A tick earlier than the interval is as good: ticks of the scheduler are not exact.
        or now_datetime() - last >= timedelta(minutes=account.minutes or 0) - timedelta(seconds=30)
    ]


def start_reader(account: str) -> None:
    """Queue one run of the readers of an account, unless one is queued already."""
    _queue_once(READ_JOB, f"order_flow:read:{account}", account=account)


def read_stock() -> None:
    """Every minute: start a reader of the stock for each WDT account whose interval has passed."""
    for account in _due_readers("stock", "read_stock_every_minutes"):
        start_stock_reader(account)


def _due_readers(stream: str, interval: str) -> list[str]:
    """WDT accounts whose reader of a stream is due; an interval of 0 minutes turns it off."""
    accounts = frappe.get_all(
        "WDT Account",
        filters={"enabled": 1, "paused": 0, interval: (">", 0)},
        fields=["name", f"{interval} as minutes"],
    )
    return due_accounts(accounts, stream)


def start_stock_reader(account: str) -> None:
    """Queue one run of the stock reader of an account, unless one is queued already."""
    _queue_once(STOCK_JOB, f"order_flow:stock:{account}", account=account)


def read_goods() -> None:
    """Every minute: start a reader of the goods for each WDT account whose interval has passed."""
    for account in _due_readers("goods", "read_goods_every_minutes"):
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
    """Every hour: compare the next portion of every account's orders with the far side (design 5)."""
    for account_type in (AccountType.WDT, AccountType.U8):
        for account in frappe.get_all(account_type.value, filters={"enabled": 1, "paused": 0}, pluck="name"):
            start_reconciliation(account_type.value, account)


def start_reconciliation(account_type: str, account: str) -> None:
    """Queue one run of the reconciliation of an account, unless one is queued already."""
    job_id = f"order_flow:reconcile:{account_type}:{account}"
    _queue_once(RECONCILE_JOB, job_id, account_type=account_type, account=account)


def _queue_once(job: str, job_id: str, **arguments: str) -> None:
    frappe.enqueue(job, queue="long", timeout=JOB_TIMEOUT, job_id=job_id, deduplicate=True, **arguments)


def read_tracking() -> None:
    """Every quarter of an hour: ask the tracking services where parcels are, one job an account (R-297)."""
    for account in frappe.get_all("Tracking Account", filters={"enabled": 1, "paused": 0}, pluck="name"):
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


def start_month_clocks() -> None:
    """Daily: clocks and evaluations of the month and the quarter that have ended (R-251, R-252)."""
    month_ended(now_datetime())
    prepare(last_ended(now_datetime().date()))


def tell_sales_of_overdue() -> None:
    """Daily: sales hear of money that did not come in time (R-169)."""
    overdue.tell_sales_of_overdue()
