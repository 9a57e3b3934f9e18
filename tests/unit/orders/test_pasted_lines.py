"""Pasted lines are read by their headings, or guessed and said to be guessed (R-040)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.orders.pasted_lines import (
    MOST_LINES,
    WORDS,
    Column,
    Pasted,
    PasteRefused,
    read_pasted,
)


def values(pasted: Pasted) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return [(line.product, line.quantity, line.unit_price) for line in pasted.lines]


MUG = ("MUG-S", Decimal(20), Decimal("10.5"))


@pytest.mark.parametrize(
    "head",
    [
        "产品\t数量\t单价",
        "物料编码\t件数\t含税单价",
        "货号*\t數量\t單價",
        "SKU\tQty\tUnit Price",
        "编码：\t数量\t单价（元）",
    ],
)
def test_headings_in_the_words_of_people(head: str) -> None:
    pasted = read_pasted(f"{head}\nMUG-S\t20\t10.5\n")
    assert values(pasted) == [MUG]
    assert not pasted.guessed


def test_columns_in_another_sequence_and_foreign_ones() -> None:
    text = "序号\t品名\t单价\t金额\t数量\t编码\t备注\n1\t保温杯\t10.5\t210\t20\tMUG-S\t急\n"
    [line] = read_pasted(text).lines
    assert (line.product, line.quantity, line.unit_price, line.remark) == (*MUG, "急")


def test_the_price_never_becomes_the_quantity_without_headings() -> None:
    pasted = read_pasted("MUG-S\t保温杯\t20\t10.5\t210\nUMB\t雨伞\t3\t7\t21")
    assert values(pasted) == [MUG, ("UMB", Decimal(3), Decimal(7))]
    assert pasted.columns == (Column.PRODUCT, Column.OTHER, Column.QUANTITY, Column.PRICE, Column.AMOUNT)
    assert pasted.guessed


@pytest.mark.parametrize(
    "text", ["MUG-S,20,10.5", "MUG-S  20  10.5", "MUG-S，20，¥10.5", "MUG-S\t２０\t10.5元"]
)
def test_other_signs_between_cells(text: str) -> None:
    assert values(read_pasted(text)) == [MUG]


def test_what_cannot_be_read_comes_back_with_its_reason() -> None:
    lines = read_pasted("编码\t数量\t单价\nA\t两箱\t1\nB\t\t1\nC\t0\t1\nD\t1\t-2\n\t5\t1\n").lines
    assert [len(line.faults) for line in lines] == [1, 1, 1, 1, 1]
    assert [str(line.faults[0]) for line in lines] == [
        "Quantity: '两箱' is not a number.",
        "The quantity is missing.",
        "The quantity 0 is not above zero.",
        "The price -2 is below zero.",
        "The product is missing.",
    ]


def test_rows_keep_their_places_where_empty_ones_stand_between() -> None:
    assert [line.row for line in read_pasted("编码\t数量\n\nA\t1\n\t\nB\t2").lines] == [3, 5]


@pytest.mark.parametrize("text", ["", "\n\t\n", "  "])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(PasteRefused):
        read_pasted(text)


def test_too_much_is_refused() -> None:
    with pytest.raises(PasteRefused):
        read_pasted("A\t1\n" * (MOST_LINES + 1))


def test_no_word_names_two_columns() -> None:
    words = [word for some in WORDS.values() for word in some]
    assert len(words) == len(set(words))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        pasted = read_pasted(text)
    except PasteRefused:
        return
    assert all(line.faults or (line.product and line.quantity) for line in pasted.lines)
