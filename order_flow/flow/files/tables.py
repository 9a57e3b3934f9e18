"""Reads and writes the tables that people keep their orders in: .xlsx and .csv (issue: face 6)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, Final

import frappe
import openpyxl
from frappe import _
from frappe.utils.xlsxutils import ILLEGAL_CHARACTERS_RE
from openpyxl.cell import WriteOnlyCell

from order_flow.domain.access.harmless_tables import harmless_cell
from order_flow.domain.orders.csv_encoding import decoded
from order_flow.domain.orders.file import MOST_ROWS, Table
from order_flow.domain.orders.file_cells import Merged
from order_flow.flow.files.workbooks import read_workbook
from order_flow.flow.refusals import StepRefused
from order_flow.frappe_versions import raw_content

_DELIMITERS: Final = ",;\t"
"""Where none stands in the head there is one column, and the first counts."""


def read_table(url: str) -> Table:
    """Read the first sheet of an uploaded file.

    Args:
        url: the file's ``file_url``; the caller has checked that the user may read it.

    Returns:
        All rows, the head among them; empty where the sheet is.

    Raises:
        StepRefused: neither .xlsx nor .csv, or not readable as such.
    """
    file = frappe.get_doc("File", {"file_url": url})
    content = raw_content(file)
    if url.lower().endswith(".xlsx"):
        return read_workbook(content)
    if url.lower().endswith(".csv"):
        return _read_csv(content)
    frappe.throw(
        _("The file {0} is neither .xlsx nor .csv. Save it as one of them and try again.").format(
            file.file_name
        ),
        StepRefused,
    )


def _read_csv(content: bytes) -> Table:
    text = decoded(content)
    if text is None:
        frappe.throw(
            _("The CSV file's encoding cannot be told (neither UTF-8, GB18030 nor Big5). Save it as UTF-8."),
            StepRefused,
        )
    reader = csv.reader(StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    try:
        return [list(row) for row in islice(reader, MOST_ROWS + 2)]
    except csv.Error as error:
        frappe.throw(
            _("The file is no readable CSV: {0}. Save it anew and try again.").format(error), StepRefused
        )


def _delimiter(text: str) -> str:
    """Return what stands between the cells: spreadsheets of some regions write semicolons or tabs."""
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def write_table(rows: Sequence[Sequence[Any]], *, like: str) -> bytes:
    """Write rows in the format of the file they came from.

    Args:
        rows: head and rows.
        like: name of that file.

    Returns:
        The new file's content. Texts stay texts: nothing of it becomes a formula.
    """
    rows = [[cell.shown if isinstance(cell, Merged) else cell for cell in row] for row in rows]
    return _as_csv(rows) if like.lower().endswith(".csv") else _as_xlsx(rows)


def _as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([harmless_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # also what begins with '=': a text, not a formula
    return cell
