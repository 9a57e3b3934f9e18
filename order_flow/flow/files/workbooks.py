"""Reads the first sheet of an .xlsx row by row, in bounded memory, whatever the file claims about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final, NoReturn
from zipfile import BadZipFile, ZipFile

import frappe
import openpyxl
from frappe import _
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from order_flow.domain.orders.file import MOST_ROWS, Table
from order_flow.domain.orders.file_cells import Cell, Merged
from order_flow.flow.refusals import StepRefused

MOST_COLUMNS: Final = 200
"""Columns further right are not looked at; the template has 22."""
MOST_BYTES: Final = 128 * 1024 * 1024
"""Of one part of the file, unpacked; 20,000 rows of all columns are about 40 MB."""
MOST_SHARED_BYTES: Final = 32 * 1024 * 1024
"""Of the part with the texts, which the library keeps in memory as a whole."""
MOST_LOOKED_AT: Final = 200_000
"""Rows with the empty ones between."""
_SHARED: Final = "xl/sharedStrings.xml"
_MERGE: Final = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_PORTION: Final = 1 << 20
_OVERLAP: Final = 200
_MOST_MERGES: Final = 100_000
_UNREADABLE: Final = (
    *(BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, OSError),
    SyntaxError,  # of its XML
)


def read_workbook(content: bytes) -> Table:
    """Read the first sheet.

    Args:
        content: the file.

    Returns:
        Its rows, the head among them, without empty cells at their ends; at most one filled row more than
        are taken at once.

    Raises:
        StepRefused: it cannot be opened, or unpacks to more than a table of orders can be.
    """
    try:
        _refuse_large_parts(content)
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        try:
            return _read_sheet(book)
        finally:
            book.close()
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        OSError,
        SyntaxError,
    ) as error:
        frappe.throw(
            _("The file cannot be opened as .xlsx ({0}). Open it in a spreadsheet and save it anew.").format(
                type(error).__name__
            ),
            StepRefused,
        )


def _refuse_large_parts(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as parts:
        for part in parts.infolist():
            if part.file_size > (MOST_SHARED_BYTES if part.filename == _SHARED else MOST_BYTES):
                _refuse_size()


def _refuse_size() -> NoReturn:
    frappe.throw(
        _("The file unpacks to more than a table of orders can be. Cut it into several files."), StepRefused
    )


def _read_sheet(book: Any) -> Table:
    sheet = book.worksheets[0]
    # Some programs write the size of the sheet wrongly, or never; the rows themselves say it.
    sheet.reset_dimensions()
    rows: Table = []
    filled = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS):
        rows.append(_trimmed([_cell(cell) for cell in row]))
        filled += bool(rows[-1])
        if filled > MOST_ROWS + 1:
            return rows
        if len(rows) > MOST_LOOKED_AT:
            _refuse_size()
    _fill_merged(rows, _merges(book, sheet))
    return rows


def _trimmed(row: list[Cell]) -> list[Cell]:
    while row and row[-1] is None:
        row.pop()
    return row


def _cell(cell: Any) -> Cell:
    """Return what the cell shows where that is not what it holds."""
    value: Cell = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in (cell.number_format or ""):
        return f"{value * 100:.12g}%"  # type: ignore[operator]
    return value


def _fill_merged(rows: Table, merges: Iterator[tuple[int, int, int, int]]) -> None:
    """Cells below a merged one show its value; those beside it show nothing."""
    for left, top, _right, bottom in merges:
        if left > MOST_COLUMNS or top > len(rows) or left > len(rows[top - 1]):
            continue
        shown = rows[top - 1][left - 1]
        for row in rows[top : min(bottom, len(rows))]:
            row.extend([None] * (left - len(row)))
            row[left - 1] = Merged(shown)


def _merges(book: Any, sheet: Any) -> Iterator[tuple[int, int, int, int]]:
    """Merged areas of a sheet; the library's reader of large files passes over them."""
    found = 0
    with book._archive.open(sheet._worksheet_path) as part:
        rest = b""
        while portion := part.read(_PORTION):
            text = rest + portion
            end = 0
            for match in _MERGE.finditer(text):
                end = match.end()
                found += 1
                if found > _MOST_MERGES:
                    return
                yield range_boundaries(match[1].decode())
            rest = text[max(end, len(text) - _OVERLAP) :]
