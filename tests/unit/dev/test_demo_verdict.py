"""What the demo concludes from the reconciliation, and its last line (issue 2, section 5)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dev.demo import verdict
from dev.demo.case import Case
from dev.demo.rest import Caller, message_of
from dev.demo.verdict import judge, left_over, summary, table


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on its way, or has no call free, is asked for again at once, and only for a moment."""
    monkeypatch.setattr(verdict.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(verdict, "PENDING_SECONDS", 0.05)


class FakeReader(Caller):
    """Answers the reconciliation and the lists from memory."""

    def __init__(self, found: list[dict[str, Any]], lists: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__("http://127.0.0.1:1", "reader")
        self.found, self.lists = found, lists
        self.asked: list[str] = []

    def call(self, method: str, /, **arguments: Any) -> Any:
        assert method == "order_flow.api.sync.reconcile_orders"
        self.asked += arguments["orders"]
        return [row for row in self.found if row["order"] in arguments["orders"]]

    def rows(self, doctype: str, fields: Any, filters: Any = ()) -> list[dict[str, Any]]:
        return self.lists.get(doctype, [])


def case(name: str, state: str, end: str = "Completed", failure: str = "") -> Case:
    made = Case("story", "Demo Web Shop", "Online Payment", f"N-{name}", {}, [{}], (), end, True, "ent-demo")
    made.name, made.failure = name, failure
    made.standing = {"state": state, "total": 12.5, "u8_documents": "saleorder 0000000001"}
    return made


def agreed(name: str) -> dict[str, Any]:
    return {
        "order": name,
        "verdict": "agreed",
        "differences": [],
        "unread": {},
        "read": ["U8 Account", "WDT Account"],
    }


def test_all_agreed() -> None:
    """The last line has exactly the words of the issue."""
    cases = [case("A", "Completed"), case("B", "Voided", "Voided"), case("C", "Cancelled", "Cancelled")]
    reader = FakeReader([agreed(name) for name in "ABC"], {})
    verdicts = judge(reader, cases)
    assert summary(cases, verdicts) == "demo: 3 orders, 1 completed, 2 cancelled, 0 disagreements"
    assert reader.asked == ["A", "B", "C"]


def test_a_difference_is_a_disagreement() -> None:
    """Differences, sides that cannot be read and orders nobody compared all count."""
    cases = [case("A", "Completed"), case("B", "Completed"), case("C", "Completed")]
    found = [
        {**agreed("A"), "verdict": "differs", "differences": [{"summary": "U8 says 1.00"}]},
        {**agreed("B"), "verdict": "unread", "unread": {"U8 Account": "down"}, "read": ["WDT Account"]},
    ]
    verdicts = judge(FakeReader(found, {}), cases)
    assert summary(cases, verdicts) == "demo: 3 orders, 3 completed, 0 cancelled, 3 disagreements"
    assert verdicts["N-A"].differences == ("U8 says 1.00",)
    assert verdicts["N-B"].differences == ("U8 Account could not be read: down",)
    assert "NO" in table(cases, verdicts)


def test_a_side_that_nobody_read_is_a_disagreement() -> None:
    """An order without an account of a side agrees with itself only."""
    verdicts = judge(FakeReader([{**agreed("A"), "read": ["WDT Account"]}], {}), [case("A", "Completed")])
    assert verdicts["N-A"].differences == ("U8 Account was not read for it",)


def test_what_is_on_its_way_is_compared_again() -> None:
    """A difference that something still queued explains is looked at again before it counts."""

    class LaterAgreed(FakeReader):
        def call(self, method: str, /, **arguments: Any) -> Any:
            rows = super().call(method, **arguments)
            self.found = [agreed("A")]
            return rows

    cases = [case("A", "Completed")]
    verdicts = judge(LaterAgreed([{**agreed("A"), "verdict": "pending"}], {}), cases)
    assert verdicts["N-A"].agreed


def test_a_story_that_broke_is_a_disagreement() -> None:
    """The three sides may agree about an order that did not get where it should."""
    cases = [case("A", "Paid"), case("B", "Completed", failure="RECEIVE: HTTP 417")]
    verdicts = judge(FakeReader([agreed("A"), agreed("B")], {}), cases)
    assert not verdicts["N-A"].agreed
    assert verdicts["N-B"].differences == ("RECEIVE: HTTP 417",)


def test_what_is_left_over() -> None:
    """Dead or unclear rows and open discrepancies need a person (R-352)."""
    row = {"name": 7, "document": "A", "action": "u8_posting", "state": "Dead", "last_error": "no"}
    other = {"name": 8, "document": "A", "kind": "Contradiction", "summary": "gone"}
    reader = FakeReader([], {"Sync Outbox": [row], "Sync Discrepancy": [other]})
    assert [sentence.split(":")[0] for sentence in left_over(reader)] == [
        "outbox row 7 (u8_posting of A) is Dead",
        "discrepancy 8",
    ]
    assert left_over(FakeReader([], {})) == []


def test_message_of_a_refusal() -> None:
    """The site's own words, without markup."""
    inner = json.dumps([json.dumps({"message": "<b>No</b>"})])
    text = json.dumps({"exc_type": "StepRefused", "_server_messages": inner})
    assert message_of(text).strip() == "No"
    assert message_of("<html>") == "<html>"
