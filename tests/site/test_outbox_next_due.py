"""What a relay job waits for: the next row that can go out, not one that is held back (design 5)."""

from __future__ import annotations

from datetime import timedelta

import frappe

from order_flow.outbox.clock import database_now, to_column
from order_flow.outbox.relay import next_due, run
from order_flow.outbox.states import RowState
from tests.site.outbox_lab import ACCOUNT_TYPE, FarSide, put, row

pytest_plugins = ("tests.site.outbox_fixtures",)
SOON = timedelta(seconds=30)


def _waiting(name: int, due_in: timedelta) -> None:
    values = {"state": RowState.WAITING.value, "next_attempt_at": to_column(database_now() + due_in)}
    frappe.db.set_value("Sync Outbox", name, values)
    frappe.db.commit()


def test_a_row_held_back_is_not_due(lab_account: str) -> None:
    """A receipt that waits for its receivable does not hide when the receivable is asked for again."""
    first = put(lab_account, "D1", "1")
    put(lab_account, "D1", "2")
    _waiting(first, SOON)
    due_in = next_due(ACCOUNT_TYPE, lab_account)
    assert due_in is not None
    assert timedelta(seconds=20) < due_in <= SOON


def test_rows_of_other_documents_count(lab_account: str) -> None:
    _waiting(put(lab_account, "D1", "1"), SOON)
    put(lab_account, "D2", "1")
    due_in = next_due(ACCOUNT_TYPE, lab_account)
    assert due_in is not None
    assert due_in <= timedelta(0)


def test_nothing_queued(lab_account: str) -> None:
    assert next_due(ACCOUNT_TYPE, lab_account) is None


def test_a_job_stays_for_rows_that_become_due_one_after_the_other(lab_account: str, outside: FarSide) -> None:
    """Not one of them is left to the next sweep, however close together they come."""
    names = [put(lab_account, f"D{number}") for number in range(6)]
    for number, name in enumerate(names):
        _waiting(name, timedelta(milliseconds=300 + 5 * number))
    assert run(ACCOUNT_TYPE, lab_account) == len(names)
    assert [row(name).state for name in names] == [RowState.DONE] * len(names)
