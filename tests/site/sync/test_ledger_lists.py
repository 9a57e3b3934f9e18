"""Lists of a ledger that take more than a minute's calls, and documents that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe
import pytest

from order_flow.integrations.errors import NoCallLeft
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.port import (
    FIRST_PLACE,
    DateRange,
    DocumentPage,
    ListPlace,
    RemoteDocument,
    U8DocumentKind,
    UnreadableDocument,
)
from order_flow.outbox import registry
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.comparison import Verdict
from tests.site.support.builders import U8_ACCOUNT, WDT_CHANNEL, new_order
from tests.site.support.committed_orders import remove_orders

CALLS = 4
PAGES = 10
"""Of each kind: no minute's calls are enough for one."""


class LongLedger:
    """A ledger in memory whose lists have many pages; each minute has a few calls."""

    def __init__(self) -> None:
        self.left = 0
        self.asked: list[tuple[str, int]] = []
        self.last_page: dict[U8DocumentKind, tuple[Any, ...]] = {}

    def document_pages(
        self, kind: U8DocumentKind, _window: DateRange, place: ListPlace = FIRST_PLACE
    ) -> Iterator[DocumentPage]:
        """All pages from a place on; what the test put there stands on the last one."""
        for number in range(place.page, PAGES + 1):
            if not self.left:
                raise NoCallLeft("no call left")
            self.left -= 1
            self.asked.append((kind.value, number))
            last = number == PAGES
            yield DocumentPage(
                self.last_page.get(kind, ()) if last else (),
                None if last else ListPlace(number + 1, PAGES),
                begins=number == 1,
            )


@pytest.fixture
def ledger(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[LongLedger]:
    """The U8 account answers from memory."""
    long = LongLedger()
    ports: dict[str, Any] = {AccountType.U8: lambda _account, _sink, _use: long}
    monkeypatch.setattr(registry, "_factories", ports)
    frappe.db.set_value("U8 Account", U8_ACCOUNT, {"enabled": 1, "paused": 0, "resting_until": None})
    frappe.db.delete("Sync Discrepancy", {"account": U8_ACCOUNT})
    frappe.cache.delete_keys("order_flow:ledger_lists")
    frappe.db.commit()
    yield long
    frappe.db.rollback()
    frappe.db.delete("Sync Discrepancy", {"account": U8_ACCOUNT})
    frappe.cache.delete_keys("order_flow:ledger_lists")
    frappe.db.commit()


@pytest.fixture
def orders(ledger: LongLedger) -> Iterator[list[str]]:
    """Two committed orders that are not completed, so that U8 must have nothing of them."""
    names = sorted(new_order(channel=WDT_CHANNEL).name for _number in range(2))
    frappe.db.commit()
    yield names
    remove_orders(names)


def minute(ledger: LongLedger, orders: list[str]) -> list[str]:
    """Verdicts of one run that has a minute's calls."""
    ledger.left = CALLS
    return [one["verdict"] for one in reconcile(orders, (AccountType.U8,))]


def stray(order: str) -> RemoteDocument:
    """A document of an order that must not be in the ledger yet."""
    kind = U8DocumentKind.RECEIVABLE
    return RemoteDocument(kind, "77", document_key(kind, order), None, "C", Decimal(1), True)


def sale(order: str) -> RemoteDocument:
    """The head of a sale order, as a list shows it: without lines."""
    kind = U8DocumentKind.SALE_ORDER
    return RemoteDocument(kind, f"S{order}", document_key(kind, order), None, "C", Decimal(1), True)


def set_aside() -> list[Any]:
    frappe.db.rollback()
    return frappe.get_all(
        "Sync Discrepancy",
        {"account": U8_ACCOUNT, "state": "Open", "kind": "Unreadable Record"},
        ["payload", "summary"],
    )


def test_a_list_longer_than_a_minute_goes_on_where_it_stopped(ledger: LongLedger, orders: list[str]) -> None:
    """Three lists of ten pages at four calls a minute: read in eight minutes, every page once."""
    ledger.last_page = {U8DocumentKind.RECEIVABLE: (stray(orders[0]),)}
    verdicts = [minute(ledger, orders) for _minute in range(8)]
    assert verdicts[:7] == [[Verdict.UNREAD] * 2] * 7
    assert verdicts[7] == [Verdict.DIFFERS, Verdict.AGREED]
    assert len(ledger.asked) == len(set(ledger.asked)) == PAGES * len(U8DocumentKind)


def test_two_readings_at_once_do_not_begin_each_other_anew(ledger: LongLedger, orders: list[str]) -> None:
    """The job compares one order while a person compares another; both come to an end."""
    verdicts = [[minute(ledger, [name])[0] for name in orders] for _minute in range(8)]
    assert verdicts[7] == [Verdict.AGREED] * 2


def test_lists_are_kept_until_their_orders_are_judged(ledger: LongLedger, orders: list[str]) -> None:
    """A run whose last call went into the lists leaves them to the next, which asks for the lines only."""
    ledger.left = PAGES * len(U8DocumentKind)
    lines = iter([NoCallLeft("no call left"), None, None])

    def get(_kind: U8DocumentKind, _number: str) -> None:
        if failure := next(lines):
            raise failure

    ledger.get = get  # type: ignore[attr-defined]
    for name in orders:
        frappe.db.set_value("Order", name, "workflow_state", "Completed", update_modified=False)
    frappe.db.commit()
    ledger.last_page = {U8DocumentKind.SALE_ORDER: tuple(map(sale, orders))}
    assert [one["verdict"] for one in reconcile(orders, (AccountType.U8,))] == [Verdict.UNREAD] * 2
    asked = len(ledger.asked)
    assert Verdict.UNREAD not in [one["verdict"] for one in reconcile(orders, (AccountType.U8,))]
    assert len(ledger.asked) == asked


def test_an_unreadable_document_concerns_its_order_only(ledger: LongLedger, orders: list[str]) -> None:
    """It is set aside once with its payload, the other order is judged; put right in U8 it closes itself."""
    document = stray(orders[0])
    bad = UnreadableDocument(document.kind, document.number, document.key, "no amount", {"code": "77"})
    foreign = replace(bad, number="78", key="", payload={"code": "78"})
    ledger.last_page = {document.kind: (bad, foreign)}
    for _minute in range(8):
        verdicts = minute(ledger, orders)
    assert verdicts == [Verdict.UNREAD, Verdict.AGREED]
    assert sorted(frappe.parse_json(row.payload)["record"]["number"] for row in set_aside()) == ["77", "78"]
    ledger.last_page = {document.kind: (document, replace(document, number="78", key=""))}
    for _minute in range(8):
        verdicts = minute(ledger, orders)
    assert verdicts == [Verdict.DIFFERS, Verdict.AGREED]
    assert set_aside() == []


def test_documents_of_orders_that_are_not_here_are_asked_about(ledger: LongLedger, orders: list[str]) -> None:
    """After a restore the ledger knows orders that the site does not; keys of other systems pass by."""
    foreign = replace(stray("SO99999998"), key="ZZ-4711")
    ledger.last_page = {U8DocumentKind.RECEIVABLE: (stray("SO99999998"), foreign)}
    for _minute in range(8):
        minute(ledger, orders)
    frappe.db.rollback()
    asked = {"account": U8_ACCOUNT, "state": "Open", "kind": "Missing on Site"}
    (payload,) = frappe.get_all("Sync Discrepancy", asked, pluck="payload")
    assert frappe.parse_json(payload) == ["SO99999998"]
