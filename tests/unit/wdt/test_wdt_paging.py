"""A window is read page by page, and from any of its pages on (wdt-openapi 1.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from order_flow.integrations.errors import NoCallLeft
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.paging import Pieces
from order_flow.integrations.window import Place, Window
from tests.unit.wdt.test_wdt_client import NOW, Book, client, ids, trades

HOUR = Window(NOW, NOW + timedelta(minutes=30))


def reader(rows: int, size: int = 3) -> tuple[WdtClient, Book]:
    book = Book(trades(rows), size)
    wdt, _transport = client(book, page_size=size)
    return wdt, book


def test_every_page_names_the_place_behind_it() -> None:
    wdt, _book = reader(7)
    pages = list(wdt.trades_changed(HOUR).pages())
    assert [page.following for page in pages] == [
        Place(NOW, 2, 3), Place(NOW, 1, 3), Place(NOW, 0, 3), None,
    ]  # fmt: skip
    assert [len(page.records) for page in pages] == [0, 1, 3, 3]


def test_reading_goes_on_at_its_place_and_asks_no_page_twice() -> None:
    wdt, book = reader(7)
    found: list[Any] = []
    place = None
    for _run in range(10):
        page = next(wdt.trades_changed(HOUR).pages(place))
        found += page.records
        place = page.following
        if place is None:
            break
    assert sorted(ids(found)) == [str(number) for number in range(7)]
    assert book.pages == [0, 2, 1, 0], "page 0 is asked first for the total and last for its rows"


def test_another_page_size_begins_the_piece_again() -> None:
    wdt, book = reader(7)
    list(wdt.trades_changed(HOUR).pages(Place(NOW, 1, 100)))
    assert book.pages == [0, 2, 1, 0]


def test_pieces_that_are_done_are_not_asked_again() -> None:
    wdt, book = reader(2)
    long = Window(NOW, NOW + timedelta(hours=3))
    places = [page.following for page in wdt.trades_changed(long).pages()]
    assert places == [
        Place(NOW + timedelta(hours=1), None, 3), Place(NOW + timedelta(hours=2), None, 3), None,
    ]  # fmt: skip
    book.pages.clear()
    list(wdt.trades_changed(long).pages(places[1]))
    assert book.pages == [0]


def test_each_query_of_a_window_is_read_once_and_gone_on_with() -> None:
    """Stockouts in the house are asked for by status, one query each."""
    pieces = Pieces(HOUR, timedelta(hours=1), [{"status": "55"}, {"status": "53"}])
    first, second = pieces.from_place(None, 3)
    assert [pieces.filters_of(piece)["status"] for piece in (first, second)] == ["55", "53"]
    behind = pieces.following(first, None, 3)
    assert behind == Place(NOW, None, 3, 1)
    assert list(pieces.from_place(behind, 3)) == [second]
    assert pieces.following(second, None, 3) is None
    (resumed,) = pieces.from_place(pieces.following(second, 4, 3), 3)
    assert (resumed.query, resumed.page) == (1, 4)


def test_what_came_before_a_call_failed_is_given_first() -> None:
    wdt, book = reader(7)

    def no_call_left() -> None:
        raise NoCallLeft("no call left for reading")

    book.after_page = {2: no_call_left}
    pages = wdt.trades_changed(HOUR).pages()
    assert [len(next(pages).records) for _page in range(2)] == [0, 1]
    with pytest.raises(NoCallLeft):
        next(pages)
