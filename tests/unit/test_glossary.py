"""One word for one thing in each language: the translations held against docs/glossary.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.unit.repository.translatable import read_table

GLOSSARY: Final = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
COLUMN: Final = {"zh": 1, "zh-TW": 2}
"""Where a language stands in the glossary's tables."""
PLACE: Final = re.compile(r"\{[a-z_0-9]*\}")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")

SMALL_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "before",
        "by",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "or",
        "the",
        "to",
        "was",
        "with",
    ]
)
"""Words that stay small in a label."""

IN_ANOTHER_SENSE: Final = {
    "3 Instalments": "WDT's number and its own word: 分期.",
    "Change Notice Impact": "Short for the impact of a change.",
    "Customer Told By": "告知人 needs no customer.",
    "First Order of a Customer": "首单 is the trade's word.",
    "Invoice Data": "开票 is the trade's word for making one out.",
    "Material Shortage": "A reason for a change: material that lacks, not goods of an order.",
    "Parcel {0} of {1}": "On a label cartons are counted: 第 1 箱.",
    "Product Sale": "An order kind, against services: 商品销售.",
    "Shipment Packing": "A row of the packing table.",
    "Short": "How many pieces lack, in a narrow column.",
    "Stockout Statuses in the Warehouse": "仓内 is short for it.",
    "Tell Carrier as Not Chosen (-1)": "WDT's field is the type of carrier: 物流类型.",
    "Whole Orders Only": "整单 is the trade's word.",
    "product code": "U8 calls a product 存货.",
}
"""Rows whose Chinese rightly goes without the glossary's word, each with its reason."""


@dataclass(frozen=True)
class Term:
    """A row of the glossary.

    Args:
        english: the words of one meaning, the first is the usual one.
        chinese: the word in one of the Chinese scripts.
    """

    english: tuple[str, ...]
    chinese: str

    @property
    def is_state(self) -> bool:
        """Whether it names something done; in other labels the same English word is no state."""
        return self.chinese.startswith("已")

    @property
    def root(self) -> str:
        """The word without its mark of the past and of paper, which a longer text may leave out."""
        return self.chinese.removeprefix("已").removesuffix("单").removesuffix("單")

    def stands_in(self, text: str) -> bool:
        """Whether an English text is about this term.

        Single words mean other things in a sentence too ("in order"): they count in labels only.
        """
        plain = PLACE.sub("", text)
        is_label = all(
            word[0].isupper() for word in re.findall(r"[A-Za-z]+", plain) if word not in SMALL_WORDS
        )
        for word in self.english:
            label = rf"{re.escape(word)}(s|es)?"
            if re.fullmatch(label, plain.strip(), re.IGNORECASE):
                return True
            if " " in word and re.search(rf"\b{label}\b", plain, re.IGNORECASE):
                return True
            if is_label and not self.is_state and re.search(rf"\b{label}\b", plain):
                return True
        return False


def terms(language: str, lines: Iterable[str] | None = None) -> list[Term]:
    """The glossary in one language."""
    rows = lines if lines is not None else GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("|")]
    return [
        Term(tuple(word.strip() for word in row[0].split(",")), row[COLUMN[language]])
        for row in cells
        if row[0] not in ("English", "---")
    ]


def other_words(glossary: Iterable[Term], rows: Iterable[list[str]]) -> list[str]:
    """Texts about a term whose Chinese says it with another word."""
    known = list(glossary)
    return [
        f"{text!r} is {said!r}; the glossary has {term.chinese!r} for {term.english[0]!r}"
        for text, said, *_context in rows
        for term in known
        if term.stands_in(text) and term.root not in said and text not in IN_ANOTHER_SENSE
    ]


def other_things(glossary: Iterable[Term], rows: Iterable[list[str]]) -> list[str]:
    """Labels that say with the word of a term what is not this term."""
    by_word = {term.chinese: term for term in glossary}
    return [
        f"{text!r} is {said!r}, which the glossary has for {term.english[0]!r} only"
        for text, said, *_context in rows
        if (term := by_word.get(said)) and not term.stands_in(text) and text not in IN_ANOTHER_SENSE
    ]


@pytest.mark.parametrize("language", COLUMN)
def test_a_term_has_one_word(language: str) -> None:
    assert other_words(terms(language), read_table(language)) == []


@pytest.mark.parametrize("language", COLUMN)
def test_a_word_has_one_term(language: str) -> None:
    assert other_things(terms(language), read_table(language)) == []


@pytest.mark.parametrize("language", COLUMN)
def test_the_glossary_has_each_word_once(language: str) -> None:
    glossary = terms(language)
    english = [word for term in glossary for word in term.english]
    chinese = [term.chinese for term in glossary]
    assert sorted({word for word in english if english.count(word) > 1}) == []
    assert sorted({word for word in chinese if chinese.count(word) > 1}) == []
    assert [term for term in glossary if not HAN.search(term.chinese)] == []


def test_no_exception_is_left_over() -> None:
    rows = {row[0] for row in read_table("zh")}
    assert [text for text in IN_ANOTHER_SENSE if text not in rows] == []


SAMPLE: Final = terms(
    "zh", ["| English | 简体 |", "| --- | --- |", "| Open Point, Open Matter | 未决事项 |", "| Gate | 关卡 |"]
)


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("Open Point", "待定事项", 1),
        ("Settle {0} open points first.", "请先处理 {0} 个未定事项。", 1),
        ("Settle {0} open points first.", "请先处理 {0} 个未决事项。", 0),
        ("Open Matters", "待定事项", 1),
        ("Gates", "关口", 1),
        ("Gate Closed", "关口已关", 1),
        ("Pass the gate", "放行", 0),
        ("See {gate}", "见 {gate}", 0),
    ],
)
def test_a_second_word_is_found(text: str, said: str, found: int) -> None:
    assert len(other_words(SAMPLE, [[text, said]])) == found


@pytest.mark.parametrize(("text", "found"), [("Open Points", 0), ("Undecided", 1)])
def test_a_word_for_a_second_thing_is_found(text: str, found: int) -> None:
    assert len(other_things(SAMPLE, [[text, "未决事项"]])) == found
