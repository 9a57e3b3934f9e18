"""Reads and writes the tables that people keep their orders in: .xlsx and .csv (issue: face 6)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

import frappe
import openpyxl
from frappe import _
from frappe.utils.xlsxutils import ILLEGAL_CHARACTERS_RE, read_xlsx_file_from_attached_file
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from order_flow.domain.order_file import Cell
from order_flow.flow.refusals import StepRefused

ENCODINGS = ("utf-8-sig", "gb18030")
"""Chinese spreadsheets write CSV in the second one unless told otherwise."""

Table = list[list[Cell]]


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
    content = _bytes(file.get_content())
    if url.lower().endswith(".xlsx"):
        return _read_xlsx(content)
    if url.lower().endswith(".csv"):
        return _read_csv(content)
    frappe.throw(
        _("The file {0} is neither .xlsx nor .csv. Save it as one of them and try again.").format(
            file.file_name
        ),
        StepRefused,
    )


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _read_xlsx(content: bytes) -> Table:
    try:
        rows: Table = read_xlsx_file_from_attached_file(fcontent=content)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        frappe.throw(
            _("The file cannot be opened as .xlsx ({0}). Open it in a spreadsheet and save it anew.").format(
                type(error).__name__
            ),
            StepRefused,
        )
    return rows


def _read_csv(content: bytes) -> Table:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [list(row) for row in csv.reader(StringIO(text, newline=""), strict=True)]
        except csv.Error as error:
            frappe.throw(
                _("The file is no readable CSV: {0}. Save it anew and try again.").format(error), StepRefused
            )
    frappe.throw(_("The CSV file is neither in UTF-8 nor in GB18030. Save it as UTF-8."), StepRefused)


def write_table(rows: Sequence[Sequence[Any]], *, like: str) -> bytes:
    """Write rows in the format of the file they came from.

    Args:
        rows: head and rows.
        like: name of that file.

    Returns:
        The new file's content. Texts stay texts: nothing of it becomes a formula.
    """
    return _as_csv(rows) if like.lower().endswith(".csv") else _as_xlsx(rows)


def _as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> Any:
    """A spreadsheet runs what begins like a formula; an apostrophe keeps it a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


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
