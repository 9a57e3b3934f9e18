"""Reading back: positions, overlap, records set aside, and discrepancies (design 5, R-034, R-351)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import frappe
import pytest

from order_flow.domain.states import Role
from order_flow.integrations.errors import Transient
from order_flow.integrations.window import SHANGHAI
from order_flow.outbox.accounts import discrepancies
from order_flow.outbox.accounts.discrepancies import Finding
from order_flow.outbox.reading import positions
from order_flow.outbox.reading.positions import ReadPlan, Stream, advance, note_failure, position_of, windows
from order_flow.outbox.states import DiscrepancyKind, DiscrepancyState
from tests.site.support.builders import user_of
from tests.site.support.outbox_lab import ACCOUNT_TYPE

pytest_plugins = ("tests.site.support.outbox_fixtures",)
NOON = datetime(2025, 3, 1, 12, tzinfo=SHANGHAI)
PLAN = ReadPlan(
    longest=timedelta(minutes=60),
    overlap=timedelta(minutes=5),
    lag=timedelta(minutes=2),
    first_look_back=timedelta(hours=2),
)
STORED_AGAIN: list[tuple[str, Any]] = []


def read_again(account: str, payload: Any) -> str:
    """Reader of the tests' stream."""
    STORED_AGAIN.append((account, payload))
    return "stored"


@pytest.fixture
def stream(lab_account: str) -> Stream:
    """A stream of the lab's account."""
    return Stream(ACCOUNT_TYPE, lab_account, "trades")


def finding(account: str, **changes: Any) -> Finding:
    """A disagreement about an order."""
    values: dict[str, Any] = {
        "kind": DiscrepancyKind.AMOUNT_DIFFERS,
        "account_type": ACCOUNT_TYPE,
        "account": account,
        "document_type": "Order",
        "document": "D1",
        "aspect": "total",
        "summary": "The totals differ.",
        "site_value": {"total": "10.00"},
        "wdt_value": {"total": "11.00"},
    }
    return Finding(**values | changes)


def test_first_run_looks_back_in_pieces(stream: Stream) -> None:
    """wdt-openapi 1.5: at most 60 minutes a query; neighbours share their boundary second."""
    pieces = windows(stream, PLAN, NOON)
    assert pieces[0].start == NOON - timedelta(hours=2)
    assert pieces[-1].end == NOON - timedelta(minutes=2)
    assert all(piece.end - piece.start <= PLAN.longest for piece in pieces)
    assert all(a.end == b.start for a, b in pairwise(pieces))


def test_next_run_overlaps_and_a_long_outage_is_read_whole(stream: Stream) -> None:
    """model-codebases 6.3: no fixed look-back that loses orders after a longer outage."""
    advance(stream, NOON, 3)
    pieces = windows(stream, PLAN, NOON + timedelta(days=3))
    assert pieces[0].start == NOON - timedelta(minutes=5)
    assert pieces[-1].end == NOON + timedelta(days=3) - timedelta(minutes=2)


def test_nothing_new_means_no_window(stream: Stream) -> None:
    advance(stream, NOON, 0)
    assert windows(stream, PLAN, NOON - timedelta(minutes=10)) == []


def test_position_never_moves_backwards_and_counts(stream: Stream) -> None:
    advance(stream, NOON, 3)
    advance(stream, NOON - timedelta(hours=1), 2)
    assert position_of(stream) == NOON
    stored = frappe.get_doc("Sync Position", {"account": stream.account})
    assert (stored.records_read, stored.last_records) == (5, 2)


def test_failed_run_is_noted_and_moves_nothing(stream: Stream) -> None:
    advance(stream, NOON, 3)
    note_failure(stream, "WDT does not answer.")
    stored = frappe.get_doc("Sync Position", {"account": stream.account})
    assert stored.last_error == "WDT does not answer."
    assert position_of(stream) == NOON
    advance(stream, NOON + timedelta(hours=1), 0)
    stored.reload()
    assert stored.last_error is None
    assert frappe.db.count("Sync Position", {"account": stream.account}) == 1


def test_one_bad_record_is_set_aside_and_the_others_go_on(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """model-codebases 6.1: one absurd record must not keep the rest of a run from arriving."""
    stored: list[int] = []

    def store(record: int) -> None:
        if record == 2:
            raise ValueError("no such trade status: 777")
        stored.append(record)

    tally = positions.work_through(stream, [1, 2, 3], store, str, lambda record: {"id": record})
    assert (stored, tally.stored, tally.set_aside) == ([1, 3], 2, 1)
    kept = frappe.get_doc("Sync Discrepancy", {"account": stream.account})
    assert kept.kind == DiscrepancyKind.UNREADABLE_RECORD
    assert "777" in kept.summary
    assert json.loads(kept.payload)["record"] == {"id": 2}
    # The overlap reads it again: still one row.
    positions.work_through(stream, [2], store, str, lambda record: {"id": record})
    kept.reload()
    assert kept.times_seen == 2

    monkeypatch.setattr(positions, "READERS", {"trades": f"{__name__}.read_again"})
    STORED_AGAIN.clear()
    assert discrepancies.repair(int(kept.name), "read_again") == "stored"
    assert [(stream.account, {"id": 2})] == STORED_AGAIN
    kept.reload()
    assert kept.state == DiscrepancyState.RESOLVED


def test_work_before_a_failing_read_is_kept(stream: Stream) -> None:
    stored: list[int] = []

    def records() -> Any:
        yield 1
        raise Transient("the second page did not come")

    with pytest.raises(Transient):
        positions.work_through(stream, records(), stored.append, str, lambda record: record)
    assert stored == [1]
    assert position_of(stream) is None


def test_record_without_a_reader_says_so(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "READERS", {})
    name = positions.set_aside(stream, "7", {"id": 7}, "odd")
    with pytest.raises(positions.UnknownStream, match="register"):
        discrepancies.repair(name, "read_again")


def test_same_disagreement_is_one_row_while_open(lab_account: str) -> None:
    first = discrepancies.raise_discrepancy(finding(lab_account))
    again = discrepancies.raise_discrepancy(finding(lab_account, wdt_value={"total": "12.00"}))
    other = discrepancies.raise_discrepancy(finding(lab_account, aspect="line 2"))
    assert again == first != other
    stored = frappe.get_doc("Sync Discrepancy", first)
    assert stored.times_seen == 2
    assert json.loads(stored.wdt_value) == {"total": "12.00"}
    assert stored.u8_value is None


def test_closed_disagreement_may_come_again(lab_account: str) -> None:
    first = discrepancies.raise_discrepancy(finding(lab_account))
    discrepancies.resolve(first, "Corrected in WDT.")
    second = discrepancies.raise_discrepancy(finding(lab_account))
    discrepancies.dismiss(second, "Rounding; agreed with finance.")
    third = discrepancies.raise_discrepancy(finding(lab_account))
    assert len({first, second, third}) == 3
    states = [frappe.db.get_value("Sync Discrepancy", name, "state") for name in (first, second, third)]
    assert states == ["Resolved", "Dismissed", "Open"]
    assert frappe.db.get_value("Sync Discrepancy", first, "resolved_by") == "Administrator"


def test_agreement_closes_quietly(lab_account: str) -> None:
    name = discrepancies.raise_discrepancy(finding(lab_account))
    what = (DiscrepancyKind.AMOUNT_DIFFERS, ACCOUNT_TYPE, lab_account, "Order", "D1", "total")
    discrepancies.close_resolved(*what)
    discrepancies.close_resolved(*what)
    assert frappe.db.get_value("Sync Discrepancy", name, "state") == "Resolved"


def test_closing_needs_a_reason_and_a_role(lab_account: str) -> None:
    name = discrepancies.raise_discrepancy(finding(lab_account))
    with pytest.raises(frappe.ValidationError):
        discrepancies.resolve(name, " ")
    for role in (Role.AUDITOR, Role.ORDER_DESK):
        frappe.set_user(user_of(role))
        for act in (
            lambda: discrepancies.resolve(name, "x"),
            lambda: discrepancies.dismiss(name, "x"),
            lambda: discrepancies.repair(name, "resume_account"),
        ):
            with pytest.raises(frappe.PermissionError):
                act()
    frappe.set_user("Administrator")
    assert frappe.db.get_value("Sync Discrepancy", name, "state") == "Open"


def test_repair_that_the_kind_does_not_offer_is_refused(lab_account: str) -> None:
    name = discrepancies.raise_discrepancy(finding(lab_account))
    with pytest.raises(frappe.ValidationError, match="offers no repair"):
        discrepancies.repair(name, "format_the_disk")
