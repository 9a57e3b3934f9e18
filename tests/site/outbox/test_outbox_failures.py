"""What each kind of failure does to a row and its account (design 5, model-codebases 1.5 and 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.outbox import registry
from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.clock import database_now
from order_flow.outbox.handler import Again, Done, Prepared
from order_flow.outbox.policy import RetryPolicy
from order_flow.outbox.sending import interventions
from order_flow.outbox.sending.enqueue import hasten
from order_flow.outbox.sending.worker import Relay
from order_flow.outbox.states import DiscrepancyKind, ErrorKind, RowState
from tests.site.support.outbox_lab import (
    ACCOUNT_TYPE,
    BOOK,
    BOOK_MANY,
    DOCUMENT_TYPE,
    FarSide,
    LabHandler,
    Mood,
    drain,
    put,
    register_lab,
    row,
    turned,
)

pytest_plugins = ("tests.site.support.outbox_fixtures",)
pytestmark = pytest.mark.usefixtures("lab_account")
HOUR = timedelta(hours=1)


def test_rejected_row_of_a_batch_dies_alone(lab_account: str, outside: FarSide) -> None:
    names = [put(lab_account, f"D{i}", action=BOOK_MANY) for i in range(5)]
    outside.rejected = frozenset({"D3/1"})
    drain(lab_account)
    assert [row(n).state for n in names] == ["Done", "Done", "Done", "Dead", "Done"]
    dead = row(names[3])
    assert "does not want this" in dead.last_error
    assert "Send again" in dead.last_error


@pytest.mark.parametrize("mood", [Mood.COMMIT_THEN_500, Mood.COMMIT_THEN_SILENCE])
def test_answer_lost_after_commit_is_looked_up(lab_account: str, outside: FarSide, mood: Mood) -> None:
    """model-codebases 6.13: a timed-out call had succeeded."""
    register_lab(outside.url, read_timeout=0.3)
    name = put(lab_account, "D1")
    outside.mood = mood
    drain(lab_account)
    stored = row(name)
    assert (stored.state, stored.last_error_kind) == (RowState.UNKNOWN, ErrorKind.OUTCOME_UNKNOWN)
    outside.mood = Mood.GOOD
    assert drain(lab_account) == 0, "not before its time"
    assert drain(lab_account, HOUR) == 1
    assert row(name).state == RowState.DONE
    assert outside.arrivals == ["D1/1"]


def test_far_side_down_for_an_hour(lab_account: str, outside: FarSide) -> None:
    """Nothing lost, nothing doubled, no attempt storm, and everything says why it waits."""
    names = [put(lab_account, f"D{i}") for i in range(20)]
    outside.mood = Mood.DOWN
    for minute in range(60):
        drain(lab_account, timedelta(minutes=minute))
    assert outside.arrivals == []
    assert outside.calls <= 61, "an account that asks for patience is not called again before its time"
    assert all(row(n).state in (RowState.PENDING, RowState.WAITING, RowState.UNKNOWN) for n in names)
    outside.mood = Mood.GOOD
    for minute in range(60, 180, 5):
        drain(lab_account, timedelta(minutes=minute))
    assert {row(n).state for n in names} == {RowState.DONE}
    assert set(outside.count().values()) == {1}


def test_refused_connections_rest_the_account(lab_account: str, outside: FarSide) -> None:
    register_lab("http://127.0.0.1:9")
    names = [put(lab_account, f"D{i}") for i in range(20)]
    drain(lab_account)
    tried = [n for n in names if row(n).attempts]
    assert len(tried) == 3, "after three failed calls the other rows do not each find out by themselves"
    state = accounts.state_of(ACCOUNT_TYPE, lab_account)
    assert "rests until" in (state.obstacle(database_now()) or "")
    register_lab(outside.url)
    for minutes in (2, 4):
        drain(lab_account, timedelta(minutes=minutes))
    assert {row(n).state for n in names} == {RowState.DONE}


def test_rate_limit_rests_the_account_and_burns_no_attempt(lab_account: str, outside: FarSide) -> None:
    names = [put(lab_account, f"D{i}") for i in range(3)]
    outside.mood = Mood.LIMITED
    drain(lab_account)
    assert outside.calls == 1
    assert [row(n).attempts for n in names] == [0, 0, 0]
    outside.mood = Mood.GOOD
    assert drain(lab_account, timedelta(seconds=100)) == 0, "the far side asked for 120 s"
    assert drain(lab_account, timedelta(seconds=130)) == 3


def test_resumed_by_a_person_the_refused_rows_go_at_once(lab_account: str, outside: FarSide) -> None:
    """The button ends the rest of the account and of the rows that it was for (R-352)."""
    names = [put(lab_account, f"D{i}", action=BOOK_MANY) for i in range(3)]
    outside.mood = Mood.LIMITED
    drain(lab_account)
    assert {row(n).last_error_kind for n in names} == {"Rate Limited"}
    outside.mood = Mood.GOOD
    assert drain(lab_account) == 0
    interventions.resume(ACCOUNT_TYPE, lab_account)
    frappe.db.commit()
    assert drain(lab_account) == 3
    assert sorted(outside.arrivals) == ["D0/1", "D1/1", "D2/1"]


def test_misconfigured_account_pauses_and_tells_a_person(lab_account: str, outside: FarSide) -> None:
    """model-codebases 6.15: wrong credentials must not be tried ten thousand times."""
    names = [put(lab_account, f"D{i}") for i in range(5)]
    outside.mood = Mood.CLOSED
    for hours in range(5):
        drain(lab_account, HOUR * hours)
    assert outside.calls == 1
    assert {row(n).attempts for n in names} == {0}
    told = frappe.get_all(
        "Sync Discrepancy",
        {"account": lab_account, "kind": DiscrepancyKind.ACCOUNT_PAUSED.value},
        ["state", "summary"],
    )
    assert [t.state for t in told] == ["Open"]
    assert "credentials" in told[0].summary
    outside.mood = Mood.GOOD
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


def test_defect_of_one_row_does_not_fail_its_batch(lab_account: str, outside: FarSide) -> None:
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


def test_accepted_but_not_storable_is_adopted_later(lab_account: str, outside: FarSide) -> None:
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
    assert outside.arrivals == ["D1/1"]


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


def test_what_waits_for_an_event_is_hastened_by_it(lab_account: str) -> None:
    ready = [False]

    class Later(LabHandler):
        def prepare(self, rows: Any) -> Any:
            return super().prepare(rows) if ready[0] else Prepared(None, {rows[0].name: Again(3600)})

    registry.register(BOOK, Later())
    name = put(lab_account, "D1")
    assert drain(lab_account) == 1
    assert drain(lab_account, timedelta(minutes=1)) == 0
    ready[0] = True
    hasten(DOCUMENT_TYPE, "D1", [BOOK])
    frappe.db.commit()
    drain(lab_account)
    assert row(name).state == RowState.DONE


def test_unregistered_action_is_shown_not_lost(lab_account: str) -> None:
    name = put(lab_account, "D1", action="from_another_app")
    drain(lab_account)
    stored = row(name)
    assert (stored.state, stored.last_error_kind) == (RowState.WAITING, ErrorKind.DEFECT)
    assert "from_another_app" in stored.last_error
