"""What a relay job waits for: the next row that can go out, not one that is held back (design 5)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.integrations.rate_limit import no_call_left
from order_flow.integrations.transport import AttemptSink, Timeouts, Transport
from order_flow.outbox import bell, registry
from order_flow.outbox.clock import database_now, to_column
from order_flow.outbox.sending import relay
from order_flow.outbox.sending.relay import next_due, run
from order_flow.outbox.states import RowState
from tests.site.support.outbox_lab import ACCOUNT_TYPE, FarSide, LabPort, put, row

pytest_plugins = ("tests.site.support.outbox_fixtures",)
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


CALLS = 3
FREE_AFTER = 0.6


class FewCalls:
    """A limit of a few calls in a time that a test can wait for."""

    def __init__(self) -> None:
        self.made: list[float] = []

    def acquire(self, account: str) -> None:
        now = time.monotonic()
        self.made = [moment for moment in self.made if moment > now - FREE_AFTER]
        if len(self.made) >= CALLS:
            raise no_call_left(account, CALLS, self.made[0] + FREE_AFTER - now)
        self.made.append(now)


@pytest.fixture
def few_calls(outside: FarSide, monkeypatch: pytest.MonkeyPatch) -> FewCalls:
    """The lab's account with few calls, and what the job rings for."""
    limit = FewCalls()

    def open_port(account: str, sink: AttemptSink, *_use: Any) -> LabPort:
        return LabPort(outside.url, Transport(account, sink, limit, Timeouts(connect=2.0, read=5.0)))

    registry.register_port(ACCOUNT_TYPE, open_port)
    monkeypatch.setattr(bell, "others_wait", lambda: False)
    monkeypatch.setattr(relay, "WAIT_SECONDS", 0.2)
    return limit


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts that a job rings for."""
    accounts: list[str] = []
    ring: Callable[..., bool] = lambda _type, account: bool(accounts.append(account)) or True  # noqa: E731
    monkeypatch.setattr(bell, "ring", ring)
    return accounts


def _states(names: list[int]) -> set[str]:
    return {row(name).state for name in names}


def test_a_job_without_calls_goes_on_as_soon_as_one_is_free(
    lab_account: str, few_calls: FewCalls, rung: list[str]
) -> None:
    """What is due does not wait for the next sweep, and no worker is kept busy meanwhile."""
    names = [put(lab_account, f"D{number}") for number in range(3 * CALLS)]
    rung.clear()
    run(ACCOUNT_TYPE, lab_account)
    assert _states(names) == {RowState.DONE}
    assert rung == []


def test_a_waiting_job_makes_room_for_others_and_comes_back(
    lab_account: str, few_calls: FewCalls, rung: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [put(lab_account, f"D{number}") for number in range(2 * CALLS)]
    rung.clear()
    monkeypatch.setattr(bell, "others_wait", lambda: True)
    run(ACCOUNT_TYPE, lab_account)
    assert _states(names) == {RowState.DONE, RowState.PENDING, RowState.WAITING}
    assert rung == [lab_account]


def test_one_job_of_an_account_waits(lab_account: str, few_calls: FewCalls, rung: list[str]) -> None:
    """The sweep rings each minute: its jobs do not pile up before the same calls."""
    for number in range(2 * CALLS):
        put(lab_account, f"D{number}")
    rung.clear()
    assert bell.may_wait(ACCOUNT_TYPE, lab_account)
    try:
        began = time.monotonic()
        run(ACCOUNT_TYPE, lab_account)
        assert time.monotonic() - began < FREE_AFTER
        assert rung == []
        assert not bell.may_wait(ACCOUNT_TYPE, lab_account)
    finally:
        bell.waited(ACCOUNT_TYPE, lab_account)
