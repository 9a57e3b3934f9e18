"""Nothing lost and nothing doubled whatever the platform does (R-025, u8-openapi 1.4 - 1.7, 6)."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from order_flow.integrations.errors import IntegrationError, OutcomeUnknown, Rejected, Transient
from order_flow.integrations.u8.mapping import customer_card
from order_flow.integrations.u8.port import Posted, Submitted, U8DocumentKind
from order_flow.integrations.u8.posting import Done, Stopped
from order_flow.integrations.u8.settings import KeyMode
from tests.contract.u8.u8_client_setup import READ_SECONDS, Site, money_site, prepared, sales_site
from tests.contract.u8.u8_fixtures import U8Caller
from tests.unit.u8.u8_samples import line, order, payment

ADD = "api/saleorder/add"
DAY = date(2026, 3, 15)
POLICIES = ("same_id", "error", "duplicate")
KIND = U8DocumentKind.SALE_ORDER

LOST_ANSWERS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("drop_after_commit", {}),
    ("hang", {"when": "after", "seconds": READ_SECONDS * 2}),
    ("http_5xx", {"status": 502, "when": "after"}),
    ("garbage", {"mode": "invalid", "when": "after"}),
    ("garbage", {"mode": "html", "when": "after"}),
)
"""The document is stored and the caller does not learn it."""

LOST_REQUESTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("drop_before", {}),
    ("http_5xx", {"status": 502, "when": "before"}),
    ("rate_limit", {}),
)
"""Nothing happened over there, and the caller cannot know."""


@pytest.fixture(autouse=True)
def ledger(u8: U8Caller) -> U8Caller:
    """The stand-in with the sample articles."""
    prepared(u8)
    return u8


def only_document(u8: U8Caller, outcome: Done | Stopped) -> None:
    """Assert that it is done and that U8 has exactly this one document."""
    assert isinstance(outcome, Done), outcome
    assert [row["code"] for row in u8.documents()] == [outcome.number]


def error_of(site: Site) -> IntegrationError:
    """The error that stops the sample order's sale order for good."""
    (outcome,) = site.post(order())
    assert isinstance(outcome, Stopped)
    return outcome.error


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("sync", [False, True])
@pytest.mark.parametrize(("kind", "args"), LOST_ANSWERS)
def test_stored_and_answer_lost_is_never_doubled(
    u8: U8Caller, policy: str, sync: bool, kind: str, args: Mapping[str, Any]
) -> None:
    """u8-openapi 1.4, 7.1: the true replay policy is unknown, so it must not matter."""
    u8.set(replay_policy=policy)
    u8.arm(kind, endpoint=ADD, times=1, args=dict(args))
    site = sales_site(u8, sync=sync)
    (outcome,) = site.post(order())
    only_document(u8, outcome)
    assert u8.admin("GET", "faults")["faults"][0]["fired"] == 1


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("kind", "args"), LOST_REQUESTS)
def test_a_lost_request_is_sent_again_after_the_search(
    u8: U8Caller, policy: str, kind: str, args: Mapping[str, Any]
) -> None:
    u8.set(replay_policy=policy)
    u8.arm(kind, endpoint=ADD, times=1, args=dict(args))
    site = sales_site(u8)
    started = site.now
    (outcome,) = site.post(order())
    only_document(u8, outcome)
    assert (site.now - started).total_seconds() >= site.settings.behaviour.settle_seconds


def test_where_the_search_is_not_trusted_a_lost_request_asks_a_person(u8: U8Caller) -> None:
    u8.arm("drop_before", endpoint=ADD, times=1)
    error = error_of(sales_site(u8, resend_after_search=False))
    assert "Look in U8" in error.message
    assert u8.documents() == []


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("steps", range(4))
def test_a_worker_that_dies_anywhere_books_once(u8: U8Caller, policy: str, steps: int) -> None:
    """The step is carried out, its result is lost, and another worker goes on from what was stored."""
    u8.set(replay_policy=policy)
    site = sales_site(u8, key_mode=KeyMode.TRADE_ID)
    facts = order()
    (document,) = site.documents(facts)
    saved: Mapping[str, Any] = {}
    for _ in range(steps):
        outcome = site.step(facts, document, saved)
        if isinstance(outcome, Done):
            break
        saved = outcome.progress
        site.turn(5)
    site.step(facts, document, saved)
    only_document(u8, site.drive(facts, document, site.cut_off(saved)))


@pytest.mark.parametrize("policy", POLICIES)
def test_a_slow_far_side_is_waited_for(u8: U8Caller, policy: str) -> None:
    """u8-openapi 1.5, 6: clients that ask once after 3 s take a slow U8 for a failure."""
    u8.set(replay_policy=policy, work_seconds=40, pending_polls=5)
    site = sales_site(u8)
    (outcome,) = site.post(order())
    only_document(u8, outcome)


@pytest.mark.parametrize("policy", POLICIES)
def test_an_acknowledgement_lost_by_a_slow_far_side_is_not_doubled(u8: U8Caller, policy: str) -> None:
    """The search finds nothing at first, because U8 is still working: that must not be believed at once."""
    u8.set(replay_policy=policy, work_seconds=300)
    u8.arm("drop_after_commit", endpoint=ADD, times=1)
    site = sales_site(u8)
    site.client.add_customer(customer_card(order()))
    site.turn(301)
    (outcome,) = site.post(order())
    only_document(u8, outcome)


def test_results_that_can_no_longer_be_fetched_lead_to_the_search(u8: U8Caller) -> None:
    """u8-openapi 7.4: the life of a result address is unknown."""
    site = sales_site(u8)
    facts = order()
    site.client.add_customer(customer_card(facts))
    site.turn(5)
    (document,) = site.documents(facts)
    accepted = site.step(facts, document, {})
    assert not isinstance(accepted, Done)
    site.turn(5)
    u8.admin("DELETE", "u8/results")
    only_document(u8, site.drive(facts, document, accepted.progress))


@pytest.mark.parametrize(
    "endpoint", ["result", "api/saleorder/get", "api/saleorderlist/batch_get", "system/token"]
)
@pytest.mark.parametrize("kind", ["drop_before", "garbage", "http_5xx", "rate_limit"])
def test_trouble_while_asking_only_delays(u8: U8Caller, endpoint: str, kind: str) -> None:
    u8.arm(kind, endpoint=endpoint, times=2)
    site = sales_site(u8)
    (outcome,) = site.post(order())
    only_document(u8, outcome)


@pytest.mark.parametrize("new_token_kills_old", [False, True])
def test_a_lost_token_is_renewed_once_and_the_add_repeated(u8: U8Caller, new_token_kills_old: bool) -> None:
    """u8-openapi 7.2, 7.5: the code of an expired token is unknown; the message says it."""
    u8.set(new_token_kills_old=new_token_kills_old)
    u8.arm("token_loss", endpoint=ADD, times=1)
    site = sales_site(u8)
    (outcome,) = site.post(order())
    only_document(u8, outcome)
    assert sum(attempt.endpoint == "system/token" for attempt in site.attempts) == 2


def test_a_token_code_of_the_account_is_understood_too(u8: U8Caller) -> None:
    u8.set(code_token="20005")
    u8.arm("token_loss", endpoint=ADD, times=1)
    site = sales_site(u8, token_codes=frozenset({"20005"}))
    (outcome,) = site.post(order())
    only_document(u8, outcome)


def test_two_workers_whose_tokens_kill_each_other_both_finish(u8: U8Caller) -> None:
    u8.set(new_token_kills_old=True)
    sites = [sales_site(u8), sales_site(u8)]
    for site in sites:
        site.client.customer_exists("001")
    for number, site in enumerate(sites):
        (outcome,) = site.post(order(order_id=f"SO-{number}"))
        assert isinstance(outcome, Done)
    assert len(u8.documents()) == 2


def test_a_closed_month_is_refused_with_the_reason_and_posted_once_it_is_open(u8: U8Caller) -> None:
    """u8-openapi 4, period closing."""
    u8.admin("POST", "u8/periods", {"year": 2026, "closed": [1, 2, 3]})
    site = sales_site(u8)
    (document,) = site.documents(order())
    outcome = site.drive(order(), document)
    assert isinstance(outcome, Stopped)
    assert isinstance(outcome.error, Rejected)
    assert "finance must open it" in outcome.error.message
    assert "2026.03" in outcome.error.message
    u8.admin("POST", "u8/periods", {"year": 2026, "closed": [1, 2]})
    only_document(u8, site.drive(order(), document, outcome.progress))


def test_a_missing_code_is_named_and_posted_once_it_exists(u8: U8Caller) -> None:
    """u8-openapi 4: a missing code is rejected with 20005 whose text names it."""
    site = sales_site(u8)
    facts = order(line(1, "1", "10.00", product_code="P404"))
    (document,) = site.documents(facts)
    outcome = site.drive(facts, document)
    assert isinstance(outcome, Stopped)
    assert isinstance(outcome.error, Rejected)
    assert "P404" in outcome.error.message
    assert outcome.error.code == "20005"
    records = [{"code": "P404", "name": "P404", "sort_code": "01"}]
    u8.admin("POST", "u8/archives", {"resource": "inventory", "records": records})
    only_document(u8, site.drive(facts, document, outcome.progress))


def test_two_workers_on_one_key_book_once(u8: U8Caller) -> None:
    """u8-openapi 1.4: 30025 while the key is being worked on, then the finished document is adopted."""
    u8.set(work_seconds=20)
    sites = [sales_site(u8), sales_site(u8)]
    facts = order()
    sites[0].client.add_customer(customer_card(facts))
    sites[0].turn(21)
    (document,) = sites[0].documents(facts)

    def send(site: Site) -> Posted | Submitted | IntegrationError:
        try:
            return site.client.submit(document)
        except IntegrationError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, sites))
    running = [answer for answer in answers if isinstance(answer, OutcomeUnknown)]
    assert [error.code for error in running] == ["30025"]
    assert sum(isinstance(answer, Submitted) for answer in answers) == 1
    outcomes = [site.drive(facts, document, site.cut_off({})) for site in sites]
    assert outcomes[0] == outcomes[1]
    only_document(u8, outcomes[0])


@pytest.mark.parametrize("policy", ["same_id", "error"])
def test_two_whole_postings_at_once_book_once(u8: U8Caller, policy: str) -> None:
    """Where the platform keeps keys unique even two workers without a lock cannot double."""
    u8.set(replay_policy=policy)
    facts = order()
    sites = [sales_site(u8, sync=True, settle_seconds=5), sales_site(u8, sync=True, settle_seconds=5)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = [outcome for (outcome,) in pool.map(lambda site: site.post(facts), sites)]
    assert outcomes[0] == outcomes[1]
    only_document(u8, outcomes[0])


def test_a_customer_whose_creation_is_unclear_is_created_once(u8: U8Caller) -> None:
    u8.arm("drop_after_commit", endpoint="api/customer/add", times=1)
    site = sales_site(u8)
    (outcome,) = site.post(order())
    only_document(u8, outcome)
    adds = [attempt for attempt in site.attempts if attempt.endpoint == "customer/add"]
    assert len(adds) == 1


def test_a_platform_that_is_down_books_nothing_and_loses_nothing(u8: U8Caller) -> None:
    """An hour without the tunnel (u8-openapi 6)."""
    u8.arm("down_until", endpoint="*", args={"seconds": 3600, "status": 503})
    site = sales_site(u8)
    (document,) = site.documents(order())
    first = site.step(order(), document, {})
    assert isinstance(first, Stopped)
    assert isinstance(first.error, Transient)
    assert u8.documents() == []
    site.turn(3601)
    only_document(u8, site.drive(order(), document, first.progress))


def test_a_set_that_stops_half_way_is_completed(u8: U8Caller) -> None:
    """u8-openapi 1.1: no transactions; receivable and receipts are separate adds with keys of their own."""
    site = money_site(u8)
    facts = order(payments=(payment(1, "600.00"), payment(2, "66.60")))
    u8.arm("drop_after_commit", endpoint="api/accept/add", times=1)
    first, *_ = site.documents(facts)
    assert isinstance(site.drive(facts, first), Done)
    outcomes = site.post(facts)
    assert [type(outcome) for outcome in outcomes] == [Done] * 3
    assert len(u8.documents("oughtreceive")) == 1
    assert len(u8.documents("accept")) == 2


def test_a_review_that_fails_is_repeated_without_a_second_document(u8: U8Caller) -> None:
    u8.arm("drop_after_commit", endpoint="api/saleorder/verify", times=1)
    site = sales_site(u8, verify_after_add=True, sync=True)
    (outcome,) = site.post(order())
    only_document(u8, outcome)
    remote = site.client.find(KIND, "S-SO-2026-00001", DAY)
    assert remote is not None
    assert remote.verified
