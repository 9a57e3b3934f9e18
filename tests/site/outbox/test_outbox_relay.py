"""The relay on a real database: once, in order, leases, races, the bell (design 5, R-351, R-352)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import frappe
import pytest

from dev.state import HostState
from order_flow.outbox import bell
from order_flow.outbox.clock import database_now
from order_flow.outbox.handler import Done
from order_flow.outbox.sending.claims import Appetite, claim
from order_flow.outbox.sending.enqueue import Message, enqueue, enqueue_many, supersede
from order_flow.outbox.sending.settlement import LeaseLost, store_done
from order_flow.outbox.sending.worker import Relay
from order_flow.outbox.states import RowState
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
)

pytest_plugins = ("tests.site.support.outbox_fixtures",)
pytestmark = pytest.mark.usefixtures("lab_account")
HOUR = timedelta(hours=1)


def test_message_is_sent_once_and_remembered(lab_account: str, outside: FarSide) -> None:
    name = put(lab_account, "D1")
    assert drain(lab_account) == 1
    stored = row(name)
    assert stored.state == RowState.DONE
    assert stored.remote_reference == "R-D1/1"
    assert stored.done_at is not None
    assert outside.arrivals == ["D1/1"]
    attempt = frappe.get_all(
        "Sync Attempt", {"outbox_row": str(name)}, ["result", "endpoint", "answer", "document"]
    )
    assert [(a.result, a.endpoint, a.document) for a in attempt] == [("OK", "book", "D1")]
    assert "R-D1/1" in attempt[0].answer


def test_same_message_twice_is_a_quiet_no_op(lab_account: str) -> None:
    """R-351: the second message about the same fact changes nothing."""
    put(lab_account, "D1")
    assert enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, "D1", "1", {}) is None
    assert enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, "D1", "2", {}) is not None


def test_enqueue_costs_one_statement(lab_account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = []
    original = frappe.db.sql
    monkeypatch.setattr(frappe.db, "sql", lambda q, *a, **k: statements.append(q) or original(q, *a, **k))
    messages = [Message(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, f"D{i}", "1", {}) for i in range(20)]
    assert len(enqueue_many(messages)) == 20
    assert len(statements) == 1, statements


def test_message_of_a_rolled_back_change_is_never_sent(lab_account: str, outside: FarSide) -> None:
    enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, "D1", "1", {})
    frappe.db.rollback()
    assert drain(lab_account) == 0
    assert outside.arrivals == []


def test_only_the_first_unfinished_row_of_a_document_is_claimed(lab_account: str) -> None:
    first = put(lab_account, "D1", "1")
    put(lab_account, "D1", "2")
    other = put(lab_account, "D2", "1")
    taken = []
    while rows := claim(ACCOUNT_TYPE, lab_account, lambda _action: Appetite(1, 60), database_now()):
        taken += [r.name for r in rows]
    assert taken == [first, other]


def test_racing_relays_send_each_message_once_and_in_order(
    host: HostState, lab_account: str, outside: FarSide
) -> None:
    """Four workers, 30 documents with 4 messages each: nothing lost, nothing doubled, order kept."""
    messages = [
        Message(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, f"D{document}", str(revision), {})
        for revision in range(4)
        for document in range(30)
    ]
    enqueue_many(messages)
    frappe.db.commit()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            frappe.init(site=host.test_site, sites_path=str(host.sites_path))
            frappe.connect()
            while rows_unfinished(lab_account):
                Relay(ACCOUNT_TYPE, lab_account).run_once()
            frappe.destroy()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(outside.arrivals) == sorted(f"{m.document}/{m.revision}" for m in messages)
    for document in {m.document for m in messages}:
        arrived = [key for key in outside.arrivals if key.startswith(f"{document}/")]
        assert arrived == sorted(arrived)


def test_relays_race_on_one_row(host: HostState, lab_account: str, outside: FarSide) -> None:
    """Eight workers start at one moment with one row between them: one of them sends it, once."""
    name = put(lab_account, "D1")
    start = threading.Barrier(8)
    claimed: list[int] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            frappe.init(site=host.test_site, sites_path=str(host.sites_path))
            frappe.connect()
            start.wait(60)
            claimed.append(Relay(ACCOUNT_TYPE, lab_account).run_once())
            frappe.destroy()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(claimed) == [0] * 7 + [1]
    assert outside.arrivals == ["D1/1"]
    assert row(name).state == RowState.DONE


def test_batch_takes_one_row_per_document_and_sends_them_in_one_call(
    lab_account: str, outside: FarSide
) -> None:
    names = [put(lab_account, f"D{i}", action=BOOK_MANY) for i in range(12)]
    put(lab_account, "D0", "2", action=BOOK_MANY)
    worker = Relay(ACCOUNT_TYPE, lab_account)
    assert worker.run_once() == 10
    assert outside.calls == 1
    assert worker.run_once() == 3
    assert sorted(outside.arrivals) == sorted([f"D{i}/1" for i in range(12)] + ["D0/2"])
    bodies = frappe.get_all(
        "Sync Attempt",
        {"outbox_row": ("in", [str(n) for n in names[:10]])},
        ["request", "body_in", "rows_in_call"],
    )
    assert len(bodies) == 10
    assert {b.rows_in_call for b in bodies} == {10}
    assert sum(1 for b in bodies if b.request) == 1
    assert sum(1 for b in bodies if b.body_in) == 9


def test_expired_lease_is_looked_up_and_not_sent_twice(lab_account: str, outside: FarSide) -> None:
    """A worker that died after sending: the far side has it, so the next one only adopts it."""
    arrived, lost = put(lab_account, "D1"), put(lab_account, "D2")
    while claim(ACCOUNT_TYPE, lab_account, lambda _action: Appetite(1, 60), database_now()):
        pass
    outside.book(["D1/1"])
    assert drain(lab_account) == 0, "a running lease belongs to its worker"
    assert drain(lab_account, timedelta(seconds=61)) == 2
    assert (row(arrived).state, row(lost).state) == ("Done", "Done")
    assert sorted(outside.arrivals) == ["D1/1", "D2/1"]


def test_worker_without_the_lease_cannot_settle(lab_account: str, outside: FarSide) -> None:
    name = put(lab_account, "D1")
    appetite = Appetite(1, 60)
    slow = claim(ACCOUNT_TYPE, lab_account, lambda _action: appetite, database_now())[0]
    later = database_now() + timedelta(seconds=61)
    claim(ACCOUNT_TYPE, lab_account, lambda _action: appetite, later)
    with pytest.raises(LeaseLost):
        store_done(slow, Done("late"), LabHandler(), database_now())
    frappe.db.rollback()
    assert row(name).state == RowState.LEASED
    assert row(name).remote_reference is None


def test_supersede_withdraws_only_what_was_never_sent(lab_account: str, outside: FarSide) -> None:
    document = f"{lab_account}-D1"
    first = put(lab_account, document, "1")
    assert supersede(DOCUMENT_TYPE, document, [BOOK]) == ()
    frappe.db.commit()
    assert row(first).state == RowState.SUPERSEDED
    second = put(lab_account, document, "2")
    drain(lab_account)
    third = put(lab_account, document, "3")
    assert len(supersede(DOCUMENT_TYPE, document, [BOOK])) == 1
    frappe.db.commit()
    assert (row(second).state, row(third).state) == (RowState.DONE, RowState.SUPERSEDED)
    drain(lab_account)
    assert outside.arrivals == [f"{document}/2"]


def test_relay_refuses_to_commit_somebody_elses_work(lab_account: str) -> None:
    enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, "D1", "1", {})
    with pytest.raises(RuntimeError, match="already wrote something"):
        Relay(ACCOUNT_TYPE, lab_account).run_once()


def test_ring_comes_after_the_commit_and_once(lab_account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(frappe, "enqueue", lambda *a, **k: queued.append(k))
    bell.answer(ACCOUNT_TYPE, lab_account)
    for document in ("D1", "D2"):
        enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, document, "1", {})
    assert queued == []
    frappe.db.commit()
    assert [(k["account_type"], k["account"]) for k in queued] == [(ACCOUNT_TYPE, lab_account)]
    put(lab_account, "D3")
    assert len(queued) == 1, "a job is queued already"
    bell.answer(ACCOUNT_TYPE, lab_account)
    put(lab_account, "D4")
    assert len(queued) == 2, "the job has started and may have looked already"


def test_no_ring_for_a_rolled_back_change(lab_account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(frappe, "enqueue", lambda *a, **k: queued.append(k))
    bell.answer(ACCOUNT_TYPE, lab_account)
    enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, "D1", "1", {})
    frappe.db.rollback()
    frappe.db.commit()
    assert queued == []
