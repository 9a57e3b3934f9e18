"""Takes the formulas out of exported tables: what a customer typed must not run in a spreadsheet."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What begins with one of these is run by some spreadsheet."""
_NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*%?")
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA: Final = re.compile(r"<c ([^>]*?)(?: t=\"\w+\")?><f>(.*?)</f><v ?(?:/>|></v>|>[^<]*</v>)</c>", re.S)


def harmless_cell(text: str) -> str:
    """A cell of a CSV that stays the text it is; an apostrophe stands before what would be run."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text) else text


def harmless_csv(content: str, delimiter: str = ",", quoting: int = csv.QUOTE_NONNUMERIC) -> str:
    """A CSV without formulas.

    Args:
        content: the table as the framework wrote it.
        delimiter: between its cells.
        quoting: which cells it quotes, one of ``csv.QUOTE_*``.

    Returns:
        The same table; numbers, also negative ones, stay numbers.
    """
    rows = csv.reader(StringIO(content, newline=""), delimiter=delimiter)
    text = StringIO(newline="")
    # Read back, numbers are texts; quotes around every cell do no harm to them.
    quotes: Literal[0, 1] = csv.QUOTE_ALL if quoting == csv.QUOTE_NONNUMERIC else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=delimiter, quoting=quotes)
    for row in rows:
        writer.writerow([harmless_cell(cell) for cell in row])
    return text.getvalue()


def harmless_workbook(content: bytes) -> bytes:
    """An .xlsx whose formulas are the texts they were typed as; an export has none of its own."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if _SHEET.fullmatch(part.filename) and b"<f>" in data:
                data = _FORMULA.sub(_as_text, data.decode()).encode()
            new.writestr(part, data)
    return made.getvalue()


def _as_text(cell: re.Match[str]) -> str:
    return f'<c {cell[1]} t="inlineStr"><is><t xml:space="preserve">={cell[2]}</t></is></c>'
