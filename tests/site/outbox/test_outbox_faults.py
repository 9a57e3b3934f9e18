"""Workers killed at every point, Redis and MariaDB gone in the middle: nothing lost, nothing doubled.

Source: design 5; the far side books whatever arrives, so only the outbox can keep a message single.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import frappe
import pytest
from frappe.utils.redis_wrapper import RedisWrapper

from dev.host import services
from dev.host.ports import is_free
from dev.host.process import load_record
from dev.state import HostState
from order_flow.outbox import bell, registry
from order_flow.outbox.handler import Done, OutboxRow
from order_flow.outbox.sending import relay
from order_flow.outbox.sending.enqueue import Message, enqueue_many
from order_flow.outbox.sending.worker import Point, Relay
from order_flow.outbox.states import RowState
from tests import injected
from tests.site.support.outbox_lab import (
    ACCOUNT_TYPE,
    BOOK,
    BOOK_MANY,
    DOCUMENT_TYPE,
    FarSide,
    LabHandler,
    drain,
    put,
    row,
    rows_unfinished,
    run_worker,
    start_worker,
)

pytest_plugins = ("tests.site.support.outbox_fixtures",)
LEASE_OVER = LabHandler.lease_seconds + 1
KILLS_IN_A_STORM = 8
DEADLINE = 60.0


def put_many(account: str, action: str, documents: int, revisions: int) -> list[str]:
    """Queue and commit messages; returns the keys that must arrive."""
    messages = [
        Message(ACCOUNT_TYPE, account, action, DOCUMENT_TYPE, f"D{document}", str(revision), {})
        for revision in range(revisions)
        for document in range(documents)
    ]
    enqueue_many(messages)
    frappe.db.commit()
    return [f"{message.document}/{message.revision}" for message in messages]


def assert_each_arrived_once_in_order(account: str, outside: FarSide, expected: list[str]) -> None:
    """The one thing that must hold after every fault."""
    assert rows_unfinished(account) == 0
    assert sorted(outside.arrivals) == sorted(expected)
    for document in {key.partition("/")[0] for key in expected}:
        arrived = [key for key in outside.arrivals if key.startswith(f"{document}/")]
        assert arrived == sorted(arrived)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition with a deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE:g} s: {what}"
        time.sleep(0.01)


def _called_or_over(outside: FarSide, calls: int, worker: subprocess.Popen[str]) -> bool:
    return outside.calls > calls or worker.poll() is not None


@pytest.mark.parametrize("action", [BOOK, BOOK_MANY])
@pytest.mark.parametrize("point", [p for p in Point if p is not Point.LOOKED_UP])
def test_worker_killed_at(
    host: HostState, lab_account: str, outside: FarSide, point: Point, action: str
) -> None:
    expected = put_many(lab_account, action, documents=3, revisions=2)
    run_worker(host, lab_account, outside.url, die_at=point)
    assert rows_unfinished(lab_account) > 0
    run_worker(host, lab_account, outside.url, ahead=LEASE_OVER)
    assert_each_arrived_once_in_order(lab_account, outside, expected)


def test_worker_killed_while_it_looks_up_after_another_was_killed(
    host: HostState, lab_account: str, outside: FarSide
) -> None:
    expected = put_many(lab_account, BOOK, documents=2, revisions=2)
    run_worker(host, lab_account, outside.url, die_at=Point.SENT)
    run_worker(host, lab_account, outside.url, die_at=Point.LOOKED_UP, ahead=LEASE_OVER)
    run_worker(host, lab_account, outside.url, ahead=LEASE_OVER * 2)
    assert_each_arrived_once_in_order(lab_account, outside, expected)


def test_storm_of_kills_at_any_moment(host: HostState, lab_account: str, outside: FarSide) -> None:
    """Two workers at once, one of them killed in every round at whatever it is doing."""
    expected = put_many(lab_account, BOOK, documents=20, revisions=4)
    for kill in range(KILLS_IN_A_STORM):
        ahead = LEASE_OVER * kill
        calls_before = outside.calls
        victim = start_worker(host, lab_account, outside.url, ahead=ahead)
        enough = partial(_called_or_over, outside, calls_before + 3, victim)
        wait_until(enough, "a few calls")
        victim.send_signal(signal.SIGKILL)
        victim.communicate(timeout=DEADLINE)
        if victim.returncode == -signal.SIGKILL:
            injected.count("worker killed")
    run_worker(host, lab_account, outside.url, ahead=LEASE_OVER * KILLS_IN_A_STORM)
    assert_each_arrived_once_in_order(lab_account, outside, expected)


def test_connection_lost_between_send_and_settle(lab_account: str, outside: FarSide) -> None:
    """The answer is in memory: it is stored over a new connection, and nothing is sent again."""
    name = put(lab_account, "D1")

    def cut(point: Point) -> None:
        if point is Point.SENT:
            frappe.db._conn._sock.close()
            injected.count("database connection cut")

    Relay(ACCOUNT_TYPE, lab_account, checkpoint=cut).run_once()
    assert row(name).state == RowState.DONE
    assert outside.arrivals == ["D1/1"]


def test_deadlock_while_settling_repeats_the_settling_not_the_send(
    lab_account: str, outside: FarSide
) -> None:
    """model-codebases 2: the framework would run the whole job again."""
    deadlocks = [frappe.QueryDeadlockError("deadlock"), frappe.QueryTimeoutError("lock wait")]

    class Unlucky(LabHandler):
        def apply(self, row: OutboxRow, done: Done) -> None:
            if deadlocks:
                injected.count("deadlock")
                raise deadlocks.pop()

    registry.register(BOOK, Unlucky())
    name = put(lab_account, "D1")
    drain(lab_account)
    assert row(name).state == RowState.DONE
    assert outside.arrivals == ["D1/1"]


def test_mariadb_killed_in_the_middle(host: HostState, lab_account: str, outside: FarSide) -> None:
    expected = put_many(lab_account, BOOK, documents=30, revisions=3)
    worker = start_worker(host, lab_account, outside.url)
    wait_until(lambda: outside.calls > 10, "the worker is in the middle")
    kill_mariadb_and_start_it_again(host)
    worker.communicate(timeout=DEADLINE)  # it may have lived through the outage or not
    run_worker(host, lab_account, outside.url, ahead=LEASE_OVER)
    assert_each_arrived_once_in_order(lab_account, outside, expected)


def kill_mariadb_and_start_it_again(host: HostState) -> None:
    """SIGKILL to the host's database, restart, and a new connection for this process."""
    record = load_record(host.run_dir, "mariadb")
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    injected.count("MariaDB killed")
    try:
        wait_until(lambda: is_free(host.db_port), "the kernel has let go of the database's port")
    finally:
        services.start(["mariadb"])
        frappe.connect()


def test_redis_flushed_the_sweep_still_finds_the_rows(lab_account: str, outside: FarSide) -> None:
    name = put(lab_account, "D1")
    queue = frappe.utils.background_jobs.get_queue("default")
    queue.connection.flushdb()
    injected.count("Redis flushed")
    bell_key = frappe.cache().make_key(f"order_flow:bell:{ACCOUNT_TYPE}:{lab_account}")
    assert frappe.cache().get(bell_key) is not None, "the bell believes that a job is queued"
    relay.sweep()
    assert lab_account in [job.kwargs["kwargs"]["account"] for job in queue.jobs]
    drain(lab_account)
    assert row(name).state == RowState.DONE


def test_queue_stopped_loses_nothing(host: HostState, lab_account: str, outside: FarSide) -> None:
    put(lab_account, "D0")  # connects to the queue while it is there
    bell.answer(ACCOUNT_TYPE, lab_account)
    services.stop(["redis-test-queue"])
    injected.count("Redis stopped")
    try:
        name = put(lab_account, "D1")
    finally:
        services.start(["redis-test-queue"])
    assert row(name).state == RowState.PENDING
    relay.sweep()
    queue = frappe.utils.background_jobs.get_queue("default")
    assert lab_account in [job.kwargs["kwargs"]["account"] for job in queue.jobs]
    assert drain(lab_account) == 2


def test_cache_away_loses_nothing(
    lab_account: str, outside: FarSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    logger = frappe.logger("order_flow", allow_site=True)
    monkeypatch.setattr(logger, "warning", lambda text, *a, **k: warnings.append(text))
    with monkeypatch.context() as away:
        away.setattr(frappe, "cache", RedisWrapper.from_url("redis://127.0.0.1:9"))
        injected.count("Redis away")
        name = put(lab_account, "D1")
    assert any("Nothing is lost" in text for text in warnings)
    drain(lab_account, timedelta(seconds=1))
    assert row(name).state == RowState.DONE


def test_job_of_the_queue_sends(lab_account: str, outside: FarSide) -> None:
    """The job that the bell queues, run the way a worker runs it."""
    name = put(lab_account, "D1")
    result: Any = relay.run(ACCOUNT_TYPE, lab_account)
    assert result == 1
    assert row(name).state == RowState.DONE
