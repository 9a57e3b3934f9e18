"""A small working day in simulated time: everything is told, heard and agreed on under the shipped limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest

from dev.day.news import Fact, until_told
from dev.day.run import run_day
from dev.day.setting import CHANNEL, U8_ACCOUNT, WDT_ACCOUNT
from order_flow.outbox.states import RowState
from order_flow.site_time import site_zone
from tests.site.support.committed_orders import forget_later_stock, remove_orders

ORDERS = 12
ONE_HOUR = (1,)
LONGEST_HEARD = timedelta(minutes=10)
"""Twice the shipped reading interval of five minutes."""
LONGEST_TOLD = timedelta(minutes=10)


@pytest.fixture
def tomorrow(site: Any) -> Iterator[datetime]:
    """A morning that nothing else has happened in; what the day left behind is taken away."""
    morning = datetime.now(site_zone()) + timedelta(days=1)
    yield morning.replace(hour=8, minute=0, second=0, microsecond=1)
    frappe.db.rollback()
    remove_orders(frappe.get_all("Order", {"channel": CHANNEL}, pluck="name", limit_page_length=0))
    for stored in ("Sync Outbox", "Sync Position", "Sync Discrepancy", "Sync Attempt"):
        frappe.db.delete(stored, {"account": ("in", (WDT_ACCOUNT, U8_ACCOUNT))})
    frappe.db.delete("Warehouse", {"wdt_account": WDT_ACCOUNT})
    frappe.delete_doc("Sales Channel", CHANNEL, force=True)
    frappe.delete_doc("WDT Account", WDT_ACCOUNT, force=True)
    frappe.delete_doc("U8 Account", U8_ACCOUNT, force=True)
    forget_later_stock()


def test_a_day_under_the_shipped_limits(tomorrow: datetime) -> None:
    """Twelve orders of one hour complete, all sides agree, and no news waits longer than two readings."""
    outcome = run_day(ORDERS, tomorrow, lambda _line: None, ONE_HOUR)
    assert outcome.is_whole, outcome.text()
    assert {fact: spread.number for fact, spread in outcome.heard.items()} == {
        Fact.REVIEWED: ORDERS,
        Fact.SHIPPED: ORDERS,
        Fact.POSTED: ORDERS,
    }
    assert timedelta(0) < outcome.heard[Fact.SHIPPED].longest <= LONGEST_HEARD, outcome.text()
    assert max(spread.longest for spread in outcome.heard.values()) <= LONGEST_HEARD, outcome.text()
    assert timedelta(0) < outcome.told.longest <= LONGEST_TOLD, outcome.text()


def test_a_replaced_message_is_told_with_the_one_that_replaced_it() -> None:
    """What was replaced is told no earlier than what replaced it, and what waits is told never yet."""
    at = datetime(2026, 11, 30, 8)

    def row(name: int, state: RowState, minute: int, done: int | None) -> Any:
        told = None if done is None else at + timedelta(minutes=done)
        return frappe._dict(
            name=name,
            document="A",
            action="push",
            state=state.value,
            creation=at + timedelta(minutes=minute),
            done_at=told,
        )

    rows = [
        row(1, RowState.SUPERSEDED, 0, None),
        row(2, RowState.DONE, 3, 9),
        row(3, RowState.PENDING, 10, None),
    ]
    assert sorted(until_told(rows)) == [timedelta(minutes=6), timedelta(minutes=9)]
