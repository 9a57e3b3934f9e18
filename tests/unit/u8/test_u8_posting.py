"""Posting once, step by step, whatever a step runs into (R-025, u8-openapi 1.4, 1.5, 6)."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from order_flow.integrations.u8.mapping import customer_card, posting_documents
from order_flow.integrations.u8.port import (
    CustomerCard,
    DateRange,
    Posted,
    RemoteDocument,
    Submitted,
    U8Document,
    U8DocumentKind,
    U8Port,
)
from order_flow.integrations.u8.posting import (
    Done,
    Posting,
    Stopped,
    Waiting,
    in_doubt,
    payload_digest,
)
from tests.unit.u8.u8_samples import SETTINGS, behaviour, order

NOW = datetime(2026, 3, 15, 1, 0, tzinfo=UTC)
(DOCUMENT,) = posting_documents(order(), SETTINGS)
CARD = customer_card(order())
URL = "http://u8/result?requestid=1"
REMOTE = RemoteDocument(
    kind=DOCUMENT.kind,
    number="0000000001",
    key=DOCUMENT.key,
    date=DOCUMENT.date,
    customer_code=DOCUMENT.customer_code,
    amount=DOCUMENT.amount,
    verified=False,
)
DONE = Done("0000000001", payload_digest(DOCUMENT))

Reply = Posted | Submitted | IntegrationError


@dataclass
class ScriptedLedger:
    """A port that answers adds and polls from a script and remembers what it was asked."""

    submits: deque[Reply] = field(default_factory=deque)
    polls: deque[Reply] = field(default_factory=deque)
    customer_adds: deque[Reply] = field(default_factory=deque)
    customers: set[str] = field(default_factory=lambda: {CARD.code})
    remote: RemoteDocument | None = None
    transaction: str = ""
    verify_error: IntegrationError | None = None
    find_error: IntegrationError | None = None
    calls: list[str] = field(default_factory=list)

    def customer_exists(self, code: str) -> bool:
        return code in self.customers

    def add_customer(self, card: CustomerCard) -> Posted | Submitted:
        self.calls.append(f"add customer {card.code}")
        return self._play(self.customer_adds)

    def missing_items(self, codes: Collection[str]) -> set[str]:
        raise AssertionError("posting does not ask for articles")

    def reserve_transaction(self) -> str:
        return self.transaction

    def submit(self, document: U8Document, transaction: str = "") -> Posted | Submitted:
        self.calls.append(f"submit {document.key} {transaction}".strip())
        return self._play(self.submits)

    def poll(self, submitted: Submitted) -> Posted | Submitted:
        self.calls.append(f"poll {submitted.url}")
        return self._play(self.polls)

    def find(self, kind: U8DocumentKind, key: str, on_date: date) -> RemoteDocument | None:
        self.calls.append("find")
        if self.find_error:
            raise self.find_error
        return self.remote

    def get(self, kind: U8DocumentKind, number: str) -> RemoteDocument | None:
        self.calls.append(f"get {number}")
        return self.remote if self.remote and self.remote.number == number else None

    def verify(self, document: RemoteDocument) -> None:
        self.calls.append(f"verify {document.number}")
        if self.verify_error:
            raise self.verify_error
        self.remote = replace(document, verified=True)

    def list_documents(self, kind: U8DocumentKind, window: DateRange) -> Iterator[RemoteDocument]:
        raise AssertionError("posting does not list")

    @staticmethod
    def _play(script: deque[Reply]) -> Posted | Submitted:
        reply = script.popleft()
        if isinstance(reply, IntegrationError):
            raise reply
        return reply


def port_of(ledger: ScriptedLedger) -> U8Port:
    """The ledger as the port, which mypy checks here."""
    return ledger


def step(
    ledger: ScriptedLedger, progress: Mapping[str, Any] | None = None, now: datetime = NOW, **changes: Any
) -> Done | Waiting | Stopped:
    return Posting(port_of(ledger), behaviour(**changes)).step(DOCUMENT, CARD, progress or {}, now)


def waiting(outcome: Done | Waiting | Stopped) -> Waiting:
    assert isinstance(outcome, Waiting), outcome
    return outcome


def stopped(
    outcome: Done | Waiting | Stopped, kind: type[IntegrationError], *words: str
) -> Mapping[str, Any]:
    """Assert the class and words of the error; returns the progress to store."""
    assert isinstance(outcome, Stopped), outcome
    assert isinstance(outcome.error, kind), outcome.error
    for word in words:
        assert word in outcome.error.message
    return outcome.progress


def test_the_usual_way_submit_poll_read_back() -> None:
    ledger = ScriptedLedger(
        submits=deque([Submitted(URL, 3)]), polls=deque([Submitted(URL, 3), Posted("0000000001")])
    )
    first = waiting(step(ledger))
    assert (first.retry_after, first.progress) == (3, {"url": URL, "ping_after": 3})
    second = waiting(step(ledger, first.progress))
    assert second.progress == {"url": URL, "ping_after": 3, "polls": 1}
    ledger.remote = REMOTE
    assert step(ledger, second.progress) == DONE
    assert ledger.calls == [
        "find",
        f"submit {DOCUMENT.key}",
        f"poll {URL}",
        f"poll {URL}",
        "get 0000000001",
    ]


def test_a_synchronous_number_is_stored_before_it_is_read_back() -> None:
    ledger = ScriptedLedger(submits=deque([Posted("0000000001")]), remote=None)
    first = waiting(step(ledger))
    assert (first.retry_after, first.progress) == (0, {"number": "0000000001"})
    ledger.remote = REMOTE
    assert step(ledger, first.progress) == DONE


def test_an_internal_key_instead_of_the_number_leads_to_the_number() -> None:
    """u8-openapi 7.6: the meaning of ``id`` is unknown."""
    assert step(ScriptedLedger(remote=REMOTE), {"number": "4711"}) == DONE


def test_without_reading_back_the_answer_counts() -> None:
    ledger = ScriptedLedger(submits=deque([Posted("9")]))
    assert step(ledger, read_back=False) == Done("9", DONE.payload_digest)


def test_a_document_that_is_there_already_is_adopted_not_sent() -> None:
    ledger = ScriptedLedger(remote=REMOTE)
    assert step(ledger) == DONE
    assert ledger.calls == ["find"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": D("1.00")}, ("amount 1.00", "amount 666.60")),
        ({"customer_code": "002"}, ("customer 002", "customer 001")),
    ],
)
def test_a_document_that_says_something_else_stops_with_both_figures(
    changes: dict[str, Any], words: tuple[str, str]
) -> None:
    outcome = step(ScriptedLedger(remote=replace(REMOTE, **changes)))
    stopped(outcome, Rejected, *words)


def test_a_lost_answer_is_looked_up_and_never_sent_blindly() -> None:
    ledger = ScriptedLedger(submits=deque([OutcomeUnknown("no answer")]))
    progress = stopped(step(ledger), OutcomeUnknown, "no answer")
    assert progress == {"doubt_since": NOW.isoformat()}
    pause = waiting(step(ledger, progress))
    assert pause.retry_after > 0
    ledger.remote = REMOTE
    assert step(ledger, pause.progress, NOW + timedelta(seconds=5)) == DONE
    assert ledger.calls.count(f"submit {DOCUMENT.key}") == 1


def test_a_fault_while_looking_up_keeps_the_doubt() -> None:
    ledger = ScriptedLedger(find_error=Transient("down"))
    progress = in_doubt({}, NOW)
    assert stopped(step(ledger, progress, NOW + timedelta(hours=1)), Transient) == progress


def test_after_the_settling_time_the_same_key_is_sent_again_with_a_new_doubt() -> None:
    ledger = ScriptedLedger(submits=deque([OutcomeUnknown("no answer")]))
    later = NOW + timedelta(seconds=601)
    cleared = waiting(step(ledger, in_doubt({"transaction": "T"}, NOW), later))
    assert (cleared.retry_after, cleared.progress) == (0, {"transaction": "T"})
    progress = stopped(step(ledger, cleared.progress, later), OutcomeUnknown)
    assert progress == {"transaction": "T", "doubt_since": later.isoformat()}
    assert ledger.calls[-1] == f"submit {DOCUMENT.key} T"


def test_searches_come_at_growing_intervals_and_end_with_the_settling_time() -> None:
    doubt = in_doubt({}, NOW)
    pauses = [
        waiting(step(ScriptedLedger(), doubt, NOW + timedelta(seconds=seconds))).retry_after
        for seconds in (0, 3, 6, 48, 590)
    ]
    assert pauses == [3, 3, 6, 48, 10]


def test_where_the_search_is_not_trusted_a_person_decides() -> None:
    ledger = ScriptedLedger(submits=deque([Submitted(URL, 3)]))
    progress = stopped(
        step(ledger, in_doubt({}, NOW), NOW + timedelta(hours=1), resend_after_search=False),
        Rejected,
        "mark it as done outside",
    )
    assert progress == {}
    assert waiting(step(ledger, progress)).progress["url"] == URL


def test_a_refused_result_starts_afresh_after_the_correction() -> None:
    ledger = ScriptedLedger(
        submits=deque([Submitted("u2", 3)]), polls=deque([Rejected("code missing", code="20005")])
    )
    progress = stopped(step(ledger, {"url": URL, "ping_after": 3}), Rejected, "code missing")
    assert progress == {}
    assert waiting(step(ledger, progress)).progress["url"] == "u2"


def test_a_result_address_that_died_is_followed_by_a_search() -> None:
    ledger = ScriptedLedger(polls=deque([OutcomeUnknown("gone"), OutcomeUnknown("gone")]))
    progress = stopped(step(ledger, {"url": URL}), OutcomeUnknown)
    pause = waiting(step(ledger, progress))
    assert pause.progress == {"doubt_since": NOW.isoformat()}
    ledger.remote = REMOTE
    assert step(ledger, pause.progress) == DONE


def test_a_result_that_never_comes_is_reported_but_nothing_is_sent() -> None:
    """u8-openapi 1.5: the SDK gives up after 20 polls."""
    ledger = ScriptedLedger(polls=deque([Submitted(URL, 3)] * 2))
    progress = stopped(step(ledger, {"url": URL, "polls": 20}), OutcomeUnknown, "after 20 questions")
    again = stopped(step(ledger, progress, NOW + timedelta(days=1)), OutcomeUnknown, "after 20 questions")
    assert again == progress
    assert ledger.calls == [f"poll {URL}", f"poll {URL}", "find"]


def test_a_settled_doubt_is_forgotten() -> None:
    ledger = ScriptedLedger(polls=deque([Submitted(URL, 3)]))
    pause = waiting(step(ledger, in_doubt({"url": URL}, NOW)))
    assert "doubt_since" not in pause.progress


def test_an_unknown_customer_is_created_first() -> None:
    ledger = ScriptedLedger(
        customers=set(),
        customer_adds=deque([Submitted("c", 2)]),
        polls=deque([Posted("001")]),
        submits=deque([Submitted(URL, 3)]),
    )
    first = waiting(step(ledger))
    assert first.progress == {"customer_url": "c", "ping_after": 2, "polls": 1}
    assert waiting(step(ledger, first.progress)).progress == {"url": URL, "ping_after": 3}
    assert ledger.calls == ["add customer 001", "poll c", "find", f"submit {DOCUMENT.key}"]


def test_two_orders_of_one_new_customer_do_not_quarrel() -> None:
    """The second add is refused because the first was faster: the customer is there, go on."""

    class Racing(ScriptedLedger):
        def add_customer(self, card: CustomerCard) -> Posted | Submitted:
            self.customers.add(card.code)
            raise Rejected("code exists")

    assert waiting(step(Racing(customers=set(), submits=deque([Submitted(URL, 3)])))).progress["url"] == URL


def test_a_refused_customer_stops_the_document() -> None:
    ledger = ScriptedLedger(customers=set(), customer_adds=deque([Rejected("class missing")]))
    assert stopped(step(ledger), Rejected, "class missing") == {}


def test_customers_are_not_created_where_the_ledger_keeps_its_own() -> None:
    ledger = ScriptedLedger(customers=set(), submits=deque([Submitted(URL, 3)]))
    assert waiting(step(ledger, create_customers=False)).progress["url"] == URL


def test_a_reserved_transaction_is_stored_before_it_is_used() -> None:
    """u8-openapi 1.4: a new tradeid for each attempt would remove the protection."""
    ledger = ScriptedLedger(transaction="T1", submits=deque([Transient("no connection")]))
    first = waiting(step(ledger))
    assert (first.retry_after, first.progress) == (0, {"transaction": "T1"})
    ledger.transaction = "T2"
    assert stopped(step(ledger, first.progress), Transient) == {"transaction": "T1"}
    assert ledger.calls[-1] == f"submit {DOCUMENT.key} T1"


def test_the_review_follows_and_a_reviewed_document_is_left_alone() -> None:
    ledger = ScriptedLedger(remote=REMOTE)
    assert step(ledger, verify_after_add=True) == DONE
    assert step(ledger, verify_after_add=True) == DONE
    assert ledger.calls.count("verify 0000000001") == 1


def test_a_review_that_somebody_else_blocks_is_tried_again() -> None:
    ledger = ScriptedLedger(remote=REMOTE, verify_error=Transient("in use"))
    assert stopped(step(ledger, {"number": "0000000001"}, verify_after_add=True), Transient) == {
        "number": "0000000001"
    }
    refusing = ScriptedLedger(remote=REMOTE, verify_error=Rejected("no right"))
    stopped(step(refusing, verify_after_add=True), Rejected, "no right")


def test_credentials_that_are_wrong_book_nothing() -> None:
    ledger = ScriptedLedger(submits=deque([Misconfigured("secret")]))
    assert stopped(step(ledger), Misconfigured) == {}


def test_progress_of_another_release_is_read() -> None:
    ledger = ScriptedLedger(polls=deque([Submitted(URL, 3)]))
    assert waiting(step(ledger, {"url": URL, "future": 1})).progress["url"] == URL
