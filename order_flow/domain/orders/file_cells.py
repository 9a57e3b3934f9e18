"""Reads the cells of a table of orders as a person reads them, or says why one cannot be read for certain.

A spreadsheet keeps 15 digits of a number, shows long ones as ``2.8E+18``, turns ``1-2`` into a date and keeps
13 % as 0.13. Whatever it has lost is not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.entry_values import ValueRefused, clean_key, clean_text, exact_number, parse_moment


@dataclass(frozen=True, slots=True)
class Merged:
    """A cell under a merged one: it shows what the merged cell shows."""

    shown: Cell

    def __str__(self) -> str:
        """As a person reads it."""
        return "" if self.shown is None else str(self.shown)


Cell = str | int | float | Decimal | bool | date | datetime | Merged | None
Value = str | Decimal | bool | date | datetime


class ColumnKind(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    KEY = "key"
    """A number or code that is compared."""
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes or no"


class CellRefused(Exception):
    """A cell that cannot be read for certain.

    Args:
        template: English text with the place ``{column}``, and those of ``params``.
        params: what fills the other places.
    """

    def __init__(self, template: str, **params: object) -> None:
        super().__init__(template)
        self.template, self.params = template, params


_NOT_A_NUMBER = "{column}: '{value}' is not a number."
_TOO_MANY_PLACES = "{column}: {value} has more than {places} decimals. Round it."
_NOT_A_DAY = "{column}: '{value}' is not a date. Write it as YYYY-MM-DD, with the time as HH:MM where needed."
_NOT_YES_NO = "{column}: '{value}' is neither yes nor no. Write 1 or 0."
_LOST_DIGITS = (
    "{column}: the spreadsheet has shortened this number to {value}. Format the column as text and enter it "
    "again in full."
)
_BECAME_A_DAY = (
    "{column}: the spreadsheet has turned this into the date {value}. Format the column as text and enter it "
    "again."
)

_YES: Final = frozenset({"1", "yes", "y", "true", "是", "对"})
_NO: Final = frozenset({"0", "no", "n", "false", "否", "不"})
_DIGITS_KEPT: Final = 15
_SHORTENED: Final = re.compile(r"\d(\.\d+)?E\+\d+")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_CHINESE_DAY: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_EIGHT_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_MOST_SHOWN: Final = 60


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: a spreadsheet keeps the code 1001 as the number 1001.0."""
    if cell is None:
        return ""
    if isinstance(cell, Merged):
        return text_of(cell.shown)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(cell, f".{_DIGITS_KEPT}g")
    return str(cell).strip()


def read_cell(kind: ColumnKind, cell: Cell, places: int) -> Value:
    """A filled cell as its column's value.

    Args:
        kind: what the column holds.
        cell: as the file has it, not empty.
        places: decimals that a number may have.

    Raises:
        CellRefused: it cannot be read for certain.
    """
    shown = cell.shown if isinstance(cell, Merged) else cell
    return _READERS[kind](shown, places)


def _text(cell: Cell, _places: int) -> str:
    return clean_text(text_of(cell))


def _key(cell: Cell, _places: int) -> str:
    text = clean_key(text_of(cell))
    if isinstance(cell, datetime | date):
        raise CellRefused(_BECAME_A_DAY, value=text)
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if (number and len(text.lstrip("-")) > _DIGITS_KEPT) or _SHORTENED.fullmatch(text):
        raise CellRefused(_LOST_DIGITS, value=text)
    return text


def _number(cell: Cell, places: int) -> Decimal:
    text = unicodedata.normalize("NFKC", text_of(cell)).removeprefix("¥").strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if isinstance(cell, bool | date | datetime) or not (isinstance(cell, float) or _PLAIN.fullmatch(text)):
        raise CellRefused(_NOT_A_NUMBER, value=text[:_MOST_SHOWN])
    try:
        number = exact_number(text, "", _DIGITS_KEPT)
    except ValueRefused as error:
        raise CellRefused(_NOT_A_NUMBER, value=text[:_MOST_SHOWN]) from error
    if number != round(number, places):
        raise CellRefused(_TOO_MANY_PLACES, value=text, places=places)
    return number


def _percent(cell: Cell, places: int) -> Decimal:
    if isinstance(cell, str):
        cell = unicodedata.normalize("NFKC", cell).strip().removesuffix("%")
    return _number(cell, places)


def _moment(cell: Cell, _places: int) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    text = unicodedata.normalize("NFKC", text_of(cell))
    written = _EIGHT_DIGITS.sub(r"\1-\2-\3", _CHINESE_DAY.sub(r"\1-\2-\3", text, count=1), count=1)
    moment = parse_moment(written)
    # A file carries the wall clock of the place without a zone, as the fields of the site do.
    if moment is None or moment.tzinfo is not None:
        raise CellRefused(_NOT_A_DAY, value=text[:_MOST_SHOWN])
    return moment


def _day(cell: Cell, places: int) -> date:
    return _moment(cell, places).date()


def _yes_no(cell: Cell, _places: int) -> bool:
    word = text_of(cell).lower()
    if word not in _YES | _NO:
        raise CellRefused(_NOT_YES_NO, value=word[:_MOST_SHOWN])
    return word in _YES


_READERS: Final[dict[ColumnKind, Callable[[Cell, int], Value]]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.KEY: _key,
    ColumnKind.NUMBER: _number,
    ColumnKind.PERCENT: _percent,
    ColumnKind.DAY: _day,
    ColumnKind.MOMENT: _moment,
    ColumnKind.YES_NO: _yes_no,
}
