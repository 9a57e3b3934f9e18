"""Which pages of a windowed query are to be read, and which of their records were seen before (1.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from order_flow.integrations.wdt.fields import Record, time_text
from order_flow.integrations.wdt.port import Article, SalesTrade, StockFigure, Stockout, UnreadableRecord
from order_flow.integrations.window import Place, Window

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a window that one query may ask for, and which query it is."""

    span: Window
    query: int
    page: int | None = None
    """The page to begin with; None asks page 0 first for how many there are."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A window cut into pieces, once for each query that it takes.

    Args:
        window: what is to be read.
        longest: longest piece that WDT answers for.
        queries: what else each query asks.
    """

    window: Window
    longest: timedelta
    queries: Sequence[Mapping[str, str]] = ({},)

    def from_place(self, place: Place | None, page_size: int) -> Iterator[Piece]:
        """The pieces that are still to be read.

        Args:
            place: where the reading stopped; None reads all.
            page_size: rows of a page now; a page of another size is no place to go on at.
        """
        for query in range(len(self.queries)):
            for span in self.window.pieces(self.longest):
                if place is None or query > place.query:
                    yield Piece(span, query)
                elif query == place.query and span.start == place.start and place.page_size == page_size:
                    yield Piece(span, query, place.page)
                elif query == place.query and span.end > place.start:
                    yield Piece(span, query)

    def filters_of(self, piece: Piece) -> dict[str, str]:
        """Return what is asked of WDT for one piece."""
        bounds = {"start_time": time_text(piece.span.start), "end_time": time_text(piece.span.end)}
        return bounds | dict(self.queries[piece.query])

    def following(self, piece: Piece, page: int | None, page_size: int) -> Place | None:
        """The place behind a page of a piece; None behind the last page of the last piece.

        Args:
            piece: what was read.
            page: its next page, None where it is read whole.
            page_size: rows of a page.
        """
        if page is not None:
            return Place(piece.span.start, page, page_size, piece.query)
        if piece.span.end < self.window.end:
            return Place(piece.span.end, None, page_size, piece.query)
        if piece.query + 1 < len(self.queries):
            return Place(self.window.start, None, page_size, piece.query + 1)
        return None


def one(parse: Callable[[Record], Item]) -> Callable[[Record], tuple[Item, ...]]:
    """A reader of records that hold one item each."""
    return lambda record: (parse(record),)


def is_new(item: object, seen: set[object]) -> bool:
    """Tell whether an item was not among those of earlier pages; it is from now on.

    Neighbouring windows share their boundary second and rows move between pages while they are read.
    """
    key = _identity(item)
    if key is None or key not in seen:
        seen.add(key)
        return True
    return False


def _identity(item: object) -> object:
    if isinstance(item, SalesTrade):
        return item.trade_id
    if isinstance(item, Stockout):
        return item.stockout_id
    if isinstance(item, StockFigure):
        return item.spec_no, item.warehouse_no
    if isinstance(item, Article):
        return item.spec_no
    return (item.key or None) if isinstance(item, UnreadableRecord) else None
