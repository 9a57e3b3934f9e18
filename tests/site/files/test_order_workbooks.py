"""Workbooks as programs and people make them: first sheet, whole, as it shows, in bounded memory."""

from __future__ import annotations

import contextlib
import resource
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from order_flow.domain.orders.file import MOST_ROWS
from order_flow.domain.orders.file_cells import Merged
from order_flow.flow.files import workbooks as order_workbooks
from order_flow.flow.files.workbooks import read_workbook
from order_flow.flow.refusals import StepRefused

ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>x</t></is></c></row>'


def workbook(*rows: list[Any]) -> openpyxl.Workbook:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook's file."""
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def with_sheet(change: Any) -> bytes:
    """A workbook whose sheet is written by another program."""
    content = BytesIO()
    whole = BytesIO(saved(workbook(["a", "b"], ["c", "d"])))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = change(data.decode()).encode()
            new.writestr(part.filename, data)
    return content.getvalue()


def test_the_size_that_the_file_claims_does_not_matter(site: Any) -> None:
    content = with_sheet(lambda xml: xml.replace('<dimension ref="A1:B2"', '<dimension ref="A1"'))
    assert read_workbook(content) == [["a", "b"], ["c", "d"]]


def test_the_first_sheet_is_read_not_the_open_one(site: Any) -> None:
    book = workbook(["first"])
    book.create_sheet("other").append(["second"])
    book.active = 1
    assert read_workbook(saved(book)) == [["first"]]


def test_a_percentage_is_what_the_cell_shows(site: Any) -> None:
    book = workbook(["tax"], [0.13], [0.13])
    book.active["A2"].number_format = "0%"
    assert read_workbook(saved(book)) == [["tax"], ["13%"], [0.13]]


def test_merged_cells_show_their_value_in_every_row(site: Any) -> None:
    book = workbook(["n", "p"], ["A", 1], [None, 2], [None, 3])
    book.active.merge_cells("A2:A4")
    assert read_workbook(saved(book)) == [["n", "p"], ["A", 1], [Merged("A"), 2], [Merged("A"), 3]]


def test_a_small_file_with_very_many_rows_is_not_read_to_its_end(site: Any) -> None:
    rows = "".join(ROW.format(number) for number in range(1, 400_001))
    sheet = f"<sheetData>{rows}</sheetData></worksheet>"
    content = with_sheet(lambda xml: xml[: xml.index("<sheetData>")] + sheet)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read_workbook(content)) == MOST_ROWS + 2
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 60 * 1024, f"{grown} KB"


def test_a_part_that_unpacks_to_too_much_is_refused(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_workbooks, "MOST_BYTES", 10_000)
    with pytest.raises(StepRefused, match="unpacks to more"):
        read_workbook(with_sheet(lambda xml: xml + " " * 20_000))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_refused(site: Any, content: bytes) -> None:
    with pytest.raises(StepRefused, match="cannot be opened"):
        read_workbook(content)


@pytest.mark.parametrize("xml", ["", "<worksheet", "<worksheet/>", "<a><b></a>"])
def test_a_broken_sheet_is_refused_or_empty(site: Any, xml: str) -> None:
    with contextlib.suppress(StepRefused):
        assert read_workbook(with_sheet(lambda _xml: xml)) == []
