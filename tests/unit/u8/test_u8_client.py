"""The U8 client over answers that no stand-in gives: other words for nothing, pages that shift (F9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from order_flow.integrations.errors import Blocked, Misconfigured, OutcomeUnknown, Transient
from order_flow.integrations.transport import Request, Response
from order_flow.integrations.u8.client import U8Client
from order_flow.integrations.u8.connection import Connection
from order_flow.integrations.u8.port import (
    DateRange,
    RemoteDocument,
    U8Document,
    U8DocumentKind,
    UnreadableDocument,
)
from order_flow.integrations.u8.settings import U8Settings
from tests.unit.u8.u8_samples import SETTINGS, with_behaviour

WINDOW = DateRange(date(2026, 3, 1), date(2026, 3, 31))
ORDERS = U8DocumentKind.SALE_ORDER
Answer = Callable[[Request], Any]
TOKEN = {"errcode": "0", "token": {"id": "t", "expiresIn": 7200}}


class Wire:
    """Answers each call by a function; tokens by itself."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.tokens = 0
        self.calls: list[Request] = []

    def call(self, request: Request) -> Response:
        if request.endpoint == "system/token":
            self.tokens += 1
            return Response(200, TOKEN | {"token": {"id": f"t{self.tokens}", "expiresIn": 7200}}, 1)
        self.calls.append(request)
        answer = self._answer(request)
        if isinstance(answer, Exception):
            raise answer
        return Response(200, answer, 1)


def client(answer: Answer, settings: U8Settings = SETTINGS) -> tuple[U8Client, Wire]:
    wire: Any = Wire(answer)
    return U8Client(settings, Connection(settings, wire, clock=lambda: 0.0)), wire


def always(payload: Any) -> Answer:
    return lambda request: payload


NOTHING: list[Mapping[str, Any]] = [
    {"errcode": "20002", "errmsg": "未检索到匹配的[销售订单]"},
    {"errcode": "20006", "errmsg": ""},
    {"errcode": "50001", "errmsg": "没有查询到数据"},
    {"errcode": "0", "errmsg": ""},
    {"errcode": "0", "saleorderlist": None, "saleorder": None, "row_count": "0"},
    {"errcode": "0", "saleorderlist": "", "saleorder": ""},
    {"errcode": "0", "saleorderlist": [], "saleorder": []},
    {"errcode": 0, "saleorderlist": {}, "saleorder": {}},
]


@pytest.mark.parametrize("payload", NOTHING, ids=str)
def test_nothing_found_in_any_form(payload: Mapping[str, Any]) -> None:
    ledger, _ = client(always(payload))
    assert listed(ledger) == []
    assert ledger.get(ORDERS, "1") is None
    assert ledger.find(ORDERS, "S-1", date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    "payload", [{}, {"errcode": "0", "row_count": "3"}, {"errcode": "0", "saleorderlist": 7}], ids=str
)
def test_an_answer_that_says_nothing_is_not_taken_for_nothing_found(payload: Mapping[str, Any]) -> None:
    """Nothing found makes a document be sent again, so it must be said."""
    ledger, _ = client(always(payload))
    with pytest.raises(Transient):
        listed(ledger)


def pages(rows: list[str], before_page: Mapping[int, Callable[[list[str]], None]]) -> Answer:
    """A list of documents of two rows a page that changes while it is read."""
    changes = dict(before_page)

    def answer(request: Request) -> Any:
        index = int(request.params["page_index"])
        if index in changes:
            changes.pop(index)(rows)
        page = rows[(index - 1) * 2 : index * 2]
        if not page:
            return {"errcode": "20002", "errmsg": ""}
        listed = [{"code": code, "date": "2026-03-02", "sum": "1"} for code in page]
        counts = {"row_count": str(len(rows)), "page_count": str(-(-len(rows) // 2))}
        return {"errcode": "0", "saleorderlist": listed, **counts}

    return answer


@pytest.mark.parametrize("page", [2, 3])
@pytest.mark.parametrize("gone", ["A", "B", "C"])
def test_a_document_deleted_while_pages_are_read_hides_no_other(page: int, gone: str) -> None:
    rows = list("ABCDEF")
    ledger, _ = client(pages(rows, {page: lambda present: present.remove(gone)}), small_pages())
    found = listed(ledger)
    assert sorted(found) == rows


def test_a_document_added_while_pages_are_read_hides_no_other() -> None:
    """A busy ledger grows all the time: reading anew for that would never end."""
    rows = list("BCDE")
    ledger, _ = client(pages(rows, {2: lambda present: present.insert(0, "A")}), small_pages())
    assert set("BCDE") <= set(listed(ledger))


def test_a_list_is_read_on_from_its_place() -> None:
    """What an earlier minute read is not asked for again, unless the list became shorter since."""
    rows = list("ABCDEF")
    ledger, _ = client(pages(rows, {}), small_pages())
    first = next(iter(ledger.document_pages(ORDERS, WINDOW)))
    assert first.begins
    assert first.following is not None
    rest = list(ledger.document_pages(ORDERS, WINDOW, first.following))
    assert [document.number for page in rest for document in page.documents] == list("CDEF")
    assert not any(page.begins for page in rest)
    rows.remove("A")
    anew = list(ledger.document_pages(ORDERS, WINDOW, first.following))
    assert [page.begins for page in anew] == [True, False, False]
    assert [document.number for page in anew for document in page.documents] == list("BCDEF")


def test_an_unreadable_document_of_a_list_lets_the_others_go_on() -> None:
    good = {"code": "1", "date": "2026-03-02", "sum": "1"}
    bad = [
        {"code": "2", "date": "yesterday", "sum": "1", "memo": "S-7"},
        {"code": "3", "date": "2026-03-02", "entry": [{"inventorycode": "A", "quantity": "1"}]},
        {"date": "2026-03-02"},
        "nonsense",
    ]
    counts = {"row_count": "5", "page_count": "1"}
    ledger, _ = client(lambda _request: {"errcode": "0", "saleorderlist": [*bad, good], **counts}, SETTINGS)
    (page,) = ledger.document_pages(ORDERS, WINDOW)
    aside = [one for one in page.documents if isinstance(one, UnreadableDocument)]
    assert [(one.number, one.key) for one in aside] == [("2", "S-7"), ("3", ""), ("", ""), ("", "")]
    assert [one.payload for one in aside] == bad
    assert [one.number for one in page.documents if isinstance(one, RemoteDocument)] == ["1"]


def listed(ledger: Any) -> list[str]:
    """Numbers of all documents, a list that begins anew counts from there."""
    found: list[str] = []
    for page in ledger.document_pages(ORDERS, WINDOW):
        found = [*([] if page.begins else found), *(document.number for document in page.documents)]
    return found


def test_a_list_that_never_rests_is_asked_later() -> None:
    count = [100]

    def answer(request: Request) -> Any:
        count[0] -= 1
        row = {"code": str(count[0]), "date": "2026-03-02", "sum": "1"}
        return {"errcode": "0", "saleorderlist": [row], "row_count": str(count[0]), "page_count": "2"}

    ledger, _ = client(answer, small_pages())
    with pytest.raises(Transient, match="faster"):
        listed(ledger)


def small_pages() -> U8Settings:
    return with_behaviour(SETTINGS, rows_per_page=2)


DOCUMENT = U8Document(ORDERS, "S-1", date(2026, 3, 1), "001", SETTINGS.amounts.service_tax_percent, {})


class TestTokens:
    """A token that ended is renewed, however the platform says so."""

    @pytest.mark.parametrize(
        "refusal",
        [
            {"errcode": "40001", "errmsg": "无效的token"},
            Blocked("HTTP 401", code="http-401"),
            Misconfigured("HTTP 401", code="http-401"),
        ],
        ids=str,
    )
    def test_it_is_renewed_once_and_the_call_made_again(self, refusal: Any) -> None:
        answers = [refusal, {"errcode": "0", "id": "7"}]
        ledger, wire = client(lambda request: answers.pop(0))
        assert ledger.submit(DOCUMENT).number == "7"  # type: ignore[union-attr]
        assert (wire.tokens, len(wire.calls)) == (2, 2)

    def test_a_fresh_token_that_is_refused_is_tried_later(self) -> None:
        ledger, wire = client(always(Blocked("HTTP 401", code="http-401")))
        with pytest.raises(Transient):
            ledger.submit(DOCUMENT)
        assert len(wire.calls) == 2

    def test_a_refusal_nobody_knows_lets_the_next_call_fetch_a_token(self) -> None:
        answers = [{"errcode": "77777", "errmsg": "?"}, {"errcode": "0", "id": "7"}]
        ledger, wire = client(lambda request: answers.pop(0))
        with pytest.raises(OutcomeUnknown):
            ledger.submit(DOCUMENT)
        ledger.submit(DOCUMENT)
        assert wire.tokens == 2

    def test_other_refusals_by_status_stay_what_they_are(self) -> None:
        ledger, _ = client(always(Blocked("HTTP 403", code="http-403")))
        with pytest.raises(Blocked):
            ledger.submit(DOCUMENT)
