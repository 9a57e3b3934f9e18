"""The relay on a real database: order, races, leases, failures, people (design 5, R-352)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import frappe
import pytest

from dev.state import HostState
from order_flow.domain.states import Role
from order_flow.outbox import accounts, bell, interventions, registry, relay
from order_flow.outbox.claims import Appetite, claim
from order_flow.outbox.clock import database_now
from order_flow.outbox.enqueue import Message, enqueue, enqueue_many, supersede
from order_flow.outbox.handler import Again, Done
from order_flow.outbox.policy import RetryPolicy
from order_flow.outbox.settlement import LeaseLost, store_done
from order_flow.outbox.states import DiscrepancyKind, ErrorKind, RowState
from order_flow.outbox.worker import Relay
from tests.site.builders import user_of
from tests.site.outbox_fixtures import lab, lab_account  # noqa: F401 - fixtures
from tests.site.outbox_lab import (
    ACCOUNT_TYPE,
    BOOK,
    BOOK_MANY,
    DOCUMENT_TYPE,
    FarSide,
    LabHandler,
    Mood,
    register_lab,
    turned,
)

pytestmark = pytest.mark.usefixtures("lab_account")
HOUR = timedelta(hours=1)


def put(account: str, document: str, revision: str = "1", action: str = BOOK) -> int:
    """Queue and commit one message."""
    name = enqueue(ACCOUNT_TYPE, account, action, DOCUMENT_TYPE, document, revision, {"wanted": "x"})
    frappe.db.commit()
    assert name is not None
    return name


def row(name: int) -> Any:
    """A row as it is stored now."""
    frappe.db.rollback()
    return frappe.db.sql("SELECT * FROM `tabSync Outbox` WHERE name = %s", (name,), as_dict=True)[0]


def drain(account: str, by: timedelta = timedelta()) -> int:
    """Let a relay work until nothing is due; returns how many rows it worked on."""
    worker = Relay(ACCOUNT_TYPE, account, clock=turned(by))
    total = 0
    while done := worker.run_once():
        total += done
    return total


def test_message_is_sent_once_and_remembered(lab_account: str, lab: FarSide) -> None:
    name = put(lab_account, "D1")
    assert drain(lab_account) == 1
    stored = row(name)
    assert stored.state == RowState.DONE
    assert stored.remote_reference == "R-D1/1"
    assert stored.done_at is not None
    assert lab.arrivals == ["D1/1"]
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


def test_message_of_a_rolled_back_change_is_never_sent(lab_account: str, lab: FarSide) -> None:
    enqueue(ACCOUNT_TYPE, lab_account, BOOK, DOCUMENT_TYPE, "D1", "1", {})
    frappe.db.rollback()
    assert drain(lab_account) == 0
    assert lab.arrivals == []


def test_only_the_first_unfinished_row_of_a_document_is_claimed(lab_account: str) -> None:
    first = put(lab_account, "D1", "1")
    put(lab_account, "D1", "2")
    other = put(lab_account, "D2", "1")
    taken = []
    while rows := claim(ACCOUNT_TYPE, lab_account, lambda _action: Appetite(1, 60), database_now()):
        taken += [r.name for r in rows]
    assert taken == [first, other]


def test_racing_relays_send_each_message_once_and_in_order(
    host: HostState, lab_account: str, lab: FarSide
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
            while lab_rows_unfinished(lab_account):
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
    assert sorted(lab.arrivals) == sorted(f"{m.document}/{m.revision}" for m in messages)
    for document in {m.document for m in messages}:
        arrived = [key for key in lab.arrivals if key.startswith(f"{document}/")]
        assert arrived == sorted(arrived)


def lab_rows_unfinished(account: str) -> int:
    """How many rows of the account are not done."""
    frappe.db.rollback()
    return int(frappe.db.count("Sync Outbox", {"account": account, "state": ("!=", RowState.DONE.value)}))


def test_batch_takes_one_row_per_document_and_sends_them_in_one_call(lab_account: str, lab: FarSide) -> None:
    names = [put(lab_account, f"D{i}", action=BOOK_MANY) for i in range(12)]
    put(lab_account, "D0", "2", action=BOOK_MANY)
    worker = Relay(ACCOUNT_TYPE, lab_account)
    assert worker.run_once() == 10
    assert lab.calls == 1
    assert worker.run_once() == 3
    assert sorted(lab.arrivals) == sorted([f"D{i}/1" for i in range(12)] + ["D0/2"])
    bodies = frappe.get_all(
        "Sync Attempt",
        {"outbox_row": ("in", [str(n) for n in names[:10]])},
        ["request", "body_in", "rows_in_call"],
    )
    assert len(bodies) == 10
    assert {b.rows_in_call for b in bodies} == {10}
    assert sum(1 for b in bodies if b.request) == 1
    assert sum(1 for b in bodies if b.body_in) == 9


def test_rejected_row_of_a_batch_dies_alone(lab_account: str, lab: FarSide) -> None:
    names = [put(lab_account, f"D{i}", action=BOOK_MANY) for i in range(5)]
    lab.rejected = frozenset({"D3/1"})
    drain(lab_account)
    assert [row(n).state for n in names] == ["Done", "Done", "Done", "Dead", "Done"]
    dead = row(names[3])
    assert "does not want this" in dead.last_error
    assert "Send again" in dead.last_error


def test_dead_row_blocks_its_document_visibly_and_a_button_frees_it(lab_account: str, lab: FarSide) -> None:
    first, second = put(lab_account, "D1", "1"), put(lab_account, "D1", "2")
    other = put(lab_account, "D2", "1")
    lab.rejected = frozenset({"D1/1"})
    drain(lab_account)
    assert (row(first).state, row(second).state, row(other).state) == ("Dead", "Pending", "Done")
    assert row(second).blocked_by == str(first)
    assert f"Waits for row {first}" in row(second).last_error
    blocker = interventions.blocker_of(second)
    assert blocker is not None and blocker["name"] == first
    lab.rejected = frozenset()
    assert interventions.send_again([first]) == [
        {"name": first, "released": True, "message": "Will be sent now."}
    ]
    frappe.db.commit()
    drain(lab_account)
    assert (row(first).state, row(second).state) == ("Done", "Done")
    assert row(second).last_error is None
    assert lab.arrivals == ["D2/1", "D1/1", "D1/2"]


def test_row_queued_behind_a_dead_one_is_marked_by_the_sweep(lab_account: str, lab: FarSide) -> None:
    first = put(lab_account, "D1", "1")
    lab.rejected = frozenset({"D1/1"})
    drain(lab_account)
    second = put(lab_account, "D1", "2")
    assert (ACCOUNT_TYPE, lab_account) in relay.sweep()
    assert row(second).blocked_by == str(first)


def test_done_outside_needs_a_reason_and_frees_the_document(lab_account: str, lab: FarSide) -> None:
    first, second = put(lab_account, "D1", "1"), put(lab_account, "D1", "2")
    lab.rejected = frozenset({"D1/1"})
    drain(lab_account)
    with pytest.raises(frappe.ValidationError):
        interventions.done_outside([first], "  ")
    report = interventions.done_outside([first, second, 10**15], "Booked by hand as 4711")
    frappe.db.commit()
    assert [line["released"] for line in report] == [True, False, False]
    stored = row(first)
    assert (stored.state, stored.done_outside_by) == ("Done", "Administrator")
    assert stored.done_outside_reason == "Booked by hand as 4711"
    drain(lab_account)
    assert lab.arrivals == ["D1/2"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ORDER_DESK, Role.FINANCE, Role.FIELD_REP])
def test_who_may_not_press_the_buttons(lab_account: str, role: Role) -> None:
    """R-388: auditors read, the desk does not resend."""
    name = put(lab_account, "D1")
    frappe.set_user(user_of(role))
    for act in (
        lambda: interventions.send_again([name]),
        lambda: interventions.done_outside([name], "why"),
        lambda: interventions.resume(ACCOUNT_TYPE, lab_account),
    ):
        with pytest.raises(frappe.PermissionError):
            act()
    document = frappe.get_doc("Sync Outbox", name)
    document.state = RowState.DONE.value
    with pytest.raises(frappe.PermissionError):
        document.save()


def test_integration_role_may_press_the_buttons(lab_account: str, lab: FarSide) -> None:
    name = put(lab_account, "D1")
    lab.rejected = frozenset({"D1/1"})
    drain(lab_account)
    frappe.set_user(user_of(Role.INTEGRATION))
    assert interventions.send_again([name])[0]["released"] is True


def test_expired_lease_is_looked_up_and_not_sent_twice(lab_account: str, lab: FarSide) -> None:
    """A worker that died after sending: the far side has it, so the next one only adopts it."""
    arrived, lost = put(lab_account, "D1"), put(lab_account, "D2")
    while claim(ACCOUNT_TYPE, lab_account, lambda _action: Appetite(1, 60), database_now()):
        pass
    lab.book(["D1/1"])
    assert drain(lab_account) == 0, "a running lease belongs to its worker"
    assert drain(lab_account, timedelta(seconds=61)) == 2
    assert (row(arrived).state, row(lost).state) == ("Done", "Done")
    assert sorted(lab.arrivals) == ["D1/1", "D2/1"]


def test_worker_without_the_lease_cannot_settle(lab_account: str, lab: FarSide) -> None:
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


@pytest.mark.parametrize("mood", [Mood.COMMIT_THEN_500, Mood.COMMIT_THEN_SILENCE])
def test_answer_lost_after_commit_is_looked_up(lab_account: str, lab: FarSide, mood: Mood) -> None:
    """model-codebases 6.13: a timed-out call had succeeded."""
    register_lab(lab.url, read_timeout=0.3)
    name = put(lab_account, "D1")
    lab.mood = mood
    drain(lab_account)
    stored = row(name)
    assert (stored.state, stored.last_error_kind) == (RowState.UNKNOWN, ErrorKind.OUTCOME_UNKNOWN)
    lab.mood = Mood.GOOD
    assert drain(lab_account) == 0, "not before its time"
    assert drain(lab_account, HOUR) == 1
    assert row(name).state == RowState.DONE
    assert lab.arrivals == ["D1/1"]


def test_far_side_down_for_an_hour(lab_account: str, lab: FarSide) -> None:
    """Nothing lost, nothing doubled, no attempt storm, and everything says why it waits."""
    names = [put(lab_account, f"D{i}") for i in range(20)]
    lab.mood = Mood.DOWN
    for minute in range(60):
        drain(lab_account, timedelta(minutes=minute))
    assert lab.arrivals == []
    assert lab.calls <= 61, "an account that asks for patience is not called again before its time"
    assert all(row(n).state in (RowState.PENDING, RowState.WAITING, RowState.UNKNOWN) for n in names)
    lab.mood = Mood.GOOD
    for minute in range(60, 180, 5):
        drain(lab_account, timedelta(minutes=minute))
    assert {row(n).state for n in names} == {RowState.DONE}
    assert set(lab.count().values()) == {1}


def test_refused_connections_rest_the_account(lab_account: str, lab: FarSide) -> None:
    register_lab("http://127.0.0.1:9")
    names = [put(lab_account, f"D{i}") for i in range(20)]
    drain(lab_account)
    tried = [n for n in names if row(n).attempts]
    assert len(tried) == 3, "after three failed calls the other rows do not each find out by themselves"
    state = accounts.state_of(ACCOUNT_TYPE, lab_account)
    assert "rests until" in (state.obstacle(database_now()) or "")
    register_lab(lab.url)
    for minutes in (2, 4):
        drain(lab_account, timedelta(minutes=minutes))
    assert {row(n).state for n in names} == {RowState.DONE}


def test_rate_limit_rests_the_account_and_burns_no_attempt(lab_account: str, lab: FarSide) -> None:
    names = [put(lab_account, f"D{i}") for i in range(3)]
    lab.mood = Mood.LIMITED
    drain(lab_account)
    assert lab.calls == 1
    assert [row(n).attempts for n in names] == [0, 0, 0]
    lab.mood = Mood.GOOD
    assert drain(lab_account, timedelta(seconds=100)) == 0, "the far side asked for 120 s"
    assert drain(lab_account, timedelta(seconds=130)) == 3


def test_misconfigured_account_pauses_and_tells_a_person(lab_account: str, lab: FarSide) -> None:
    """model-codebases 6.15: wrong credentials must not be tried ten thousand times."""
    names = [put(lab_account, f"D{i}") for i in range(5)]
    lab.mood = Mood.CLOSED
    for hours in range(5):
        drain(lab_account, HOUR * hours)
    assert lab.calls == 1
    assert {row(n).attempts for n in names} == {0}
    told = frappe.get_all(
        "Sync Discrepancy",
        {"account": lab_account, "kind": DiscrepancyKind.ACCOUNT_PAUSED.value},
        ["state", "summary"],
    )
    assert [t.state for t in told] == ["Open"]
    assert "credentials" in told[0].summary
    lab.mood = Mood.GOOD
    interventions.resume(ACCOUNT_TYPE, lab_account)
    frappe.db.commit()
    assert drain(lab_account) == 5
    assert frappe.db.get_value("Sync Discrepancy", {"account": lab_account}, "state") == "Resolved"


def test_defect_in_a_handler_waits_is_logged_and_gives_up(lab_account: str) -> None:
    class Broken(LabHandler):
        def prepare(self, rows: Any) -> Any:
            raise KeyError("no such field")

    registry.register(BOOK, Broken())
    name = put(lab_account, "D1")
    worker = Relay(ACCOUNT_TYPE, lab_account, policy=RetryPolicy(max_attempts=3))
    assert worker.run_once() == 1
    stored = row(name)
    assert (stored.state, stored.last_error_kind) == (RowState.WAITING, ErrorKind.DEFECT)
    assert "no such field" in stored.last_error
    logged = frappe.get_all("Error Log", {"reference_doctype": "Sync Outbox", "reference_name": str(name)})
    assert len(logged) == 1
    for hours in (1, 2):
        Relay(ACCOUNT_TYPE, lab_account, turned(HOUR * hours), RetryPolicy(max_attempts=3)).run_once()
    assert row(name).state == RowState.DEAD


def test_defect_of_one_row_does_not_fail_its_batch(lab_account: str, lab: FarSide) -> None:
    class Picky(LabHandler):
        batch_size = 10

        def prepare(self, rows: Any) -> Any:
            if any(r.document == "D2" for r in rows):
                raise KeyError("D2 is not readable")
            return super().prepare(rows)

    registry.register(BOOK_MANY, Picky())
    names = [put(lab_account, f"D{i}", action=BOOK_MANY) for i in range(4)]
    Relay(ACCOUNT_TYPE, lab_account).run_once()
    assert [row(n).state for n in names] == ["Done", "Done", "Waiting", "Done"]


def test_accepted_but_not_storable_is_adopted_later(lab_account: str, lab: FarSide) -> None:
    """The far side said yes and apply() failed: never sent again, found by look-up once apply() works."""
    broken = [True]

    class Forgetful(LabHandler):
        def apply(self, row: Any, done: Done) -> None:
            if broken[0]:
                raise ValueError("the document refuses")

    registry.register(BOOK, Forgetful())
    name = put(lab_account, "D1")
    drain(lab_account)
    stored = row(name)
    assert stored.state == RowState.UNKNOWN
    assert "accepted it, but storing that here failed" in stored.last_error
    broken[0] = False
    drain(lab_account, HOUR)
    assert row(name).state == RowState.DONE
    assert lab.arrivals == ["D1/1"]


def test_patience_keeps_progress_and_burns_no_attempt(lab_account: str) -> None:
    seen = []

    class Slow(LabHandler):
        def send(self, work: Any, port: Any) -> Any:
            seen.append(dict(work[0].progress))
            ready = len(seen) == 3
            return {work[0].name: Done("X") if ready else Again(30, {"page": len(seen)})}

    registry.register(BOOK, Slow())
    name = put(lab_account, "D1")
    for minutes in range(3):
        drain(lab_account, timedelta(minutes=minutes))
    assert seen == [{}, {"page": 1}, {"page": 2}]
    stored = row(name)
    assert (stored.state, stored.attempts, stored.polls) == (RowState.DONE, 1, 2)


def test_unregistered_action_is_shown_not_lost(lab_account: str) -> None:
    name = put(lab_account, "D1", action="from_another_app")
    drain(lab_account)
    stored = row(name)
    assert (stored.state, stored.last_error_kind) == (RowState.WAITING, ErrorKind.DEFECT)
    assert "from_another_app" in stored.last_error


def test_supersede_withdraws_only_what_was_never_sent(lab_account: str, lab: FarSide) -> None:
    first = put(lab_account, "D1", "1")
    assert supersede(DOCUMENT_TYPE, "D1", [BOOK]) is False
    frappe.db.commit()
    assert row(first).state == RowState.SUPERSEDED
    second = put(lab_account, "D1", "2")
    drain(lab_account)
    third = put(lab_account, "D1", "3")
    assert supersede(DOCUMENT_TYPE, "D1", [BOOK]) is True
    frappe.db.commit()
    assert (row(second).state, row(third).state) == (RowState.DONE, RowState.SUPERSEDED)
    drain(lab_account)
    assert lab.arrivals == ["D1/2"]


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
