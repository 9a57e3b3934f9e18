"""The U8 client against the stand-in: whole postings, reading, lists (u8-openapi 1, 3; R-019, R-021)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from order_flow.integrations.errors import Misconfigured, Rejected
from order_flow.integrations.u8.mapping import customer_card
from order_flow.integrations.u8.port import DateRange, Posted, RemoteLine, Submitted, U8DocumentKind
from order_flow.integrations.u8.posting import Done, Stopped
from order_flow.integrations.u8.settings import KeyMode
from tests.contract.u8.u8_client_setup import Site, money_site, prepared, sales_site
from tests.contract.u8.u8_fixtures import U8Caller
from tests.unit.u8.u8_samples import SETTINGS, line, order, payment, with_behaviour

DAY = date(2026, 3, 15)
MARCH = DateRange(date(2026, 3, 1), date(2026, 3, 31))
KIND = U8DocumentKind


@pytest.fixture(autouse=True)
def ledger(u8: U8Caller) -> U8Caller:
    """The stand-in with the sample articles."""
    prepared(u8)
    return u8


@pytest.mark.parametrize("empty_fields", ["omit", "null", "blank", "mixed"])
def test_a_mixed_order_is_posted_to_the_cent(u8: U8Caller, empty_fields: str) -> None:
    """R-044, u8-openapi 2.1: U8 recomputes every line and comes to the order's total."""
    u8.set(empty_fields=empty_fields)
    site = sales_site(u8, verify_after_add=True)
    facts = order(
        line(1, "3000", "1000.00"),
        line(2, "1", "0", is_gift=True),
        line(3, "2.5", "500.01"),
        freight=D("12.00"),
        other_fees=D("3.50"),
        discount=D("99.99"),
    )
    (done,) = site.post(facts)
    assert isinstance(done, Done)
    remote = site.client.get(KIND.SALE_ORDER, done.number)
    assert remote is not None
    assert (remote.key, remote.amount, remote.date) == ("S-SO-2026-00001", facts.total, DAY)
    assert remote.verified
    assert sum(entry.gross for entry in remote.lines) == facts.total == D("1415.52")
    assert remote.lines[2] == RemoteLine("P002", D(1), D(0))
    assert [row["key"] for row in u8.documents()] == ["S-SO-2026-00001"]


def listed(site: Site, kind: U8DocumentKind, window: DateRange) -> list[Any]:
    """All documents of a list."""
    return [document for page in site.client.document_pages(kind, window) for document in page.documents]


def test_receivable_and_receipts_carry_the_same_money(u8: U8Caller) -> None:
    """u8-openapi 3.6, 3.7, 4 option B, both reviewed; the refund is a payment voucher."""
    site = money_site(u8, verify_after_add=True)
    facts = order(payments=(payment(1, "600.00"), payment(2, "100.00"), payment(3, "-33.40")))
    outcomes = site.post(facts)
    assert [type(outcome) for outcome in outcomes] == [Done] * 4
    (receivable,) = listed(site, KIND.RECEIVABLE, MARCH)
    receipts = listed(site, KIND.RECEIPT, MARCH)
    assert receivable.amount == sum(receipt.amount for receipt in receipts) == D("666.60")
    assert [receipt.key for receipt in receipts] == ["P-pay-1", "P-pay-2", "P-pay-3"]
    assert all(document.verified for document in (receivable, *receipts))


def test_posting_again_from_nothing_finds_what_is_there(u8: U8Caller) -> None:
    """R-025: a repeated completion must not create a second document."""
    site = sales_site(u8)
    first = site.post(order())
    assert site.post(order()) == first
    assert len(u8.documents()) == 1


@pytest.mark.parametrize("sync", [False, True])
@pytest.mark.parametrize("key_mode", list(KeyMode))
@pytest.mark.parametrize("id_style", ["number", "internal"])
def test_every_way_of_adding_ends_with_the_number(
    u8: U8Caller, sync: bool, key_mode: KeyMode, id_style: str
) -> None:
    """u8-openapi 1.4, 1.5, 7.6."""
    u8.set(id_style=id_style)
    site = sales_site(u8, sync=sync, key_mode=key_mode)
    (done,) = site.post(order())
    assert isinstance(done, Done)
    assert [row["code"] for row in u8.documents()] == [done.number]


def test_an_unknown_customer_is_created_once(u8: U8Caller) -> None:
    site = money_site(u8)
    assert not site.client.customer_exists("001")
    site.post(order(payments=(payment(1, "666.60"),)))
    assert site.client.customer_exists("001")
    adds = [attempt for attempt in site.attempts if attempt.endpoint == "customer/add"]
    assert len(adds) == 1


def test_missing_articles_are_named(u8: U8Caller) -> None:
    assert sales_site(u8).client.missing_items({"P001", "P404", "P405"}) == {"P404", "P405"}


def test_lists_walk_all_pages_and_read_string_numbers(u8: U8Caller) -> None:
    """u8-openapi 1.6: counts and amounts are text; nothing found is an error there and an empty list here."""
    site = sales_site(u8, rows_per_page=2)
    assert listed(site, KIND.SALE_ORDER, MARCH) == []
    for number in range(5):
        site.post(order(order_id=f"SO-{number}"))
    found = listed(site, KIND.SALE_ORDER, MARCH)
    assert [document.key for document in found] == [f"S-SO-{number}" for number in range(5)]
    assert {document.amount for document in found} == {D("666.60")}
    april = DateRange(date(2026, 4, 1), date(2026, 4, 30))
    assert listed(site, KIND.SALE_ORDER, april) == []


def test_a_search_finds_the_whole_key_only(u8: U8Caller) -> None:
    """u8-openapi 2: filters are keyword filters; S-SO-1 must not find S-SO-10."""
    site = money_site(u8)
    site.post(order(order_id="SO-10"))
    assert site.client.find(KIND.RECEIVABLE, "R-SO-1", DAY) is None
    found = site.client.find(KIND.RECEIVABLE, "R-SO-10", DAY)
    assert found is not None
    assert found.amount == D("666.60")


def test_two_documents_of_one_key_stop_for_a_person(u8: U8Caller) -> None:
    u8.set(replay_policy="duplicate")
    site = sales_site(u8, sync=True)
    (document,) = site.documents(order())
    site.client.add_customer(customer_card(order()))
    for _ in range(2):
        assert isinstance(site.client.submit(document), Posted)
    (outcome,) = site.post(order())
    assert isinstance(outcome, Stopped)
    assert isinstance(outcome.error, Rejected)
    assert "2 documents" in outcome.error.message


def test_the_same_key_with_another_amount_stops_with_both_figures(u8: U8Caller) -> None:
    site = sales_site(u8)
    site.post(order())
    (outcome,) = site.post(order(freight=D("5.00")))
    assert isinstance(outcome, Stopped)
    assert "666.60" in outcome.error.message
    assert "671.60" in outcome.error.message


def test_an_unknown_number_is_none(u8: U8Caller) -> None:
    assert sales_site(u8).client.get(KIND.SALE_ORDER, "404") is None


def test_wrong_credentials_are_misconfigured_and_no_secret_is_logged(u8: U8Caller) -> None:
    site = Site(u8, replace(SETTINGS, app_secret="wrong-secret-9"))
    with pytest.raises(Misconfigured, match="gives no token"):
        site.client.customer_exists("001")
    foreign = Site(u8, replace(SETTINGS, to_account="ent-other"))
    with pytest.raises(Misconfigured, match="ent-other"):
        foreign.client.customer_exists("001")
    logged = " ".join(
        f"{entry.url} {entry.request} {entry.answer}" for entry in site.attempts + foreign.attempts
    )
    for secret in ("wrong-secret-9", SETTINGS.app_secret, SETTINGS.app_key):
        assert secret not in logged
    assert "wrong-secret-9" not in repr(site.settings)


def test_a_token_serves_many_calls_and_is_renewed_after_an_hour_and_55_minutes(u8: U8Caller) -> None:
    """u8-openapi 1.2: expiresIn is in seconds and nested; the SDK renews at 1 h 55 min."""
    site = sales_site(u8)
    for _ in range(3):
        site.client.customer_exists("001")
    site.turn(6_890)
    site.client.customer_exists("001")
    assert _tokens(site) == 1
    site.turn(20)
    site.client.customer_exists("001")
    assert _tokens(site) == 2


def test_another_list_path_is_a_setting(u8: U8Caller) -> None:
    """u8-openapi 3.5: list paths differ between sources."""
    site = Site(u8, replace(SETTINGS, paths={"saleorderlist": "ordersoflist"}))
    with pytest.raises(Exception, match="ordersoflist/batch_get"):
        listed(site, KIND.SALE_ORDER, MARCH)


def test_a_ledger_without_a_spare_user_field_is_searched_by_the_memo(u8: U8Caller) -> None:
    site = sales_site(u8, key_field="")
    first = site.post(order())
    assert "define1" not in u8.documents()[0]["head"]
    assert site.post(order()) == first


def test_a_chinese_product_code_and_free_text_pass_eai(u8: U8Caller) -> None:
    """u8-openapi 1.7, 6: special characters break EAI."""
    records = [{"code": "A-01/红", "name": "红", "sort_code": "01"}]
    u8.admin("POST", "u8/archives", {"resource": "inventory", "records": records})
    site = Site(u8, with_behaviour(SETTINGS))
    facts = order(line(1, "1", "10.00", product_code="A-01/红"), customer_name="<A&B> '公司'")
    (done,) = site.post(facts)
    assert isinstance(done, Done)


def test_submitted_documents_are_polled_at_the_given_address(u8: U8Caller) -> None:
    """u8-openapi 1.5: no errcode, ping_after as text, url used exactly as given."""
    u8.set(ping_after_seconds=7)
    site = sales_site(u8)
    site.client.add_customer(customer_card(order()))
    (document,) = site.documents(order())
    submitted = site.client.submit(document)
    assert isinstance(submitted, Submitted)
    assert submitted.ping_after == 7
    assert "/result?requestid=" in submitted.url


def _tokens(site: Site) -> int:
    return sum(attempt.endpoint == "system/token" for attempt in site.attempts)
