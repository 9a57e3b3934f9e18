"""Values at the door: cleaned, read exactly, or refused (issue: D1, D3, D4, D8, D9)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.entry_values import (
    ValueRefused,
    carries_markup,
    clean_key,
    clean_line,
    clean_text,
    exact_number,
    read_day,
    read_moment,
    whole_number,
    yes_no,
)

SHANGHAI, KOLKATA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  A1 ", "A1"),
        ("Ａ１－２", "A1-2"),
        ("138\u200b0000\u202a0000\ufeff", "13800000000"),
        ("\u3000SO 1\u00a0", "SO 1"),
        ("e\u0301", "é"),
        ("\u3164", ""),
        ("a\tb", "a b"),
    ],
)
def test_a_key_has_one_spelling(typed: str, stored: str) -> None:
    assert clean_key(typed) == stored


@pytest.mark.parametrize("pair", [("A1", "a1"), ("e1", "é1"), ("😀", "😂"), ("1", "l")])
def test_different_keys_stay_different(pair: tuple[str, str]) -> None:
    assert clean_key(pair[0]) != clean_key(pair[1])


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_key, clean_line, clean_text):
        assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" <A座>　3楼 ", "<A座>　3楼"),
        ("王\u200d五", "王五"),
        ("ＡＢＣ有限公司", "ＡＢＣ有限公司"),
        ("a\x00\x07b", "ab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("one\r\ntwo", "one two"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_a_line_is_kept_as_typed(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored


def test_free_text_keeps_its_lines() -> None:
    assert clean_text("  one\r\ntwo\u2028three\n ") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    "words", ["<A座>", "<VIP>", "a < b > c", "<3", "</A座>", "1<2", "< img src=x>", "<b>bold</b>", "&lt;"]
)
def test_words_in_angle_brackets_are_words(words: str) -> None:
    assert not carries_markup(words)


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)",
        "<A座><script>alert(1)</script>",
        "<svg/onload=alert(1)>",
        "<a\nhref='javascript:x'>",
        "<!-- x",
        "<?xml",
        "<STYLE>",
        "<A座 onclick=x>",
        "</textarea>",
        "<b<img src=x>",
    ],
)
def test_what_a_browser_acts_on_is_markup(text: str) -> None:
    assert carries_markup(text)


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        (59.9, "59.9"),
        ("59.90", "59.90"),
        (0.1 + 0.2, "0.3"),
        ("１２", "12"),
        (None, "0"),
        ("-1", "-1"),
        ("2e2", "200"),
    ],
)
def test_numbers_are_exact(sent: object, number: str) -> None:
    assert exact_number(sent, "Price", 2) == Decimal(number)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (0.005, "parts of a cent"),
        ("1e-10", "parts of a cent"),
        ("1,5", "not a number"),
        ("1_000", "not a number"),
        ("NaN", "not a number"),
        (float("inf"), "not a number"),
        (True, "not a number"),
        ([1], "not a number"),
        ("9" * 20, "beyond"),
        ("1e999", "beyond"),
    ],
)
def test_other_numbers_are_refused(sent: object, words: str) -> None:
    with pytest.raises(ValueRefused, match=words):
        exact_number(sent, "Price", 2)


def test_quantities_have_four_decimals() -> None:
    assert exact_number("0.3333", "Quantity", 4) == Decimal("0.3333")
    with pytest.raises(ValueRefused, match="more than 4 decimals"):
        exact_number(1 / 3, "Quantity", 4)


def test_whole_numbers_and_marks() -> None:
    assert (whole_number("3", "Days"), whole_number(3.0, "Days"), whole_number(None, "Days")) == (3, 3, 0)
    assert [yes_no(word, "Gift") for word in (1, "1", True, "true", 0, "0", None, "")] == [True] * 4 + [
        False
    ] * 4
    for refuse, value in ((whole_number, "3.5"), (yes_no, "maybe"), (yes_no, 2), (whole_number, "x")):
        with pytest.raises(ValueRefused):
            refuse(value, "Field")


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-10-31T16:30:00Z", datetime(2026, 11, 1, 0, 30)),
        ("2026-10-31T23:30:00+08:00", datetime(2026, 10, 31, 23, 30)),
        ("2026-10-31 23:30:00 +0800", datetime(2026, 10, 31, 23, 30)),
        ("2026-10-31 23:30", datetime(2026, 10, 31, 23, 30)),
        ("2026/1/5 8:05:09.25", datetime(2026, 1, 5, 8, 5, 9, 250000)),
        ("2026-10-31", datetime(2026, 10, 31)),
        (date(2026, 10, 31), datetime(2026, 10, 31)),
        (datetime(2026, 10, 31, 16, 30, tzinfo=UTC), datetime(2026, 11, 1, 0, 30)),
    ],
)
def test_times_are_of_the_place(sent: object, stored: datetime) -> None:
    assert read_moment(sent, "Received On", SHANGHAI) == stored


def test_another_place_has_another_clock() -> None:
    assert read_moment("2026-10-31T16:30:00Z", "Received On", KOLKATA) == datetime(2026, 10, 31, 22, 0)


@pytest.mark.parametrize(
    "scrap",
    [
        "5",
        "Monday",
        "20:00",
        "03.04.2026",
        "0000-00-00",
        "2026-02-30",
        "202611",
        "2026-11",
        5,
        True,
        None,
        [],
        "",
        "2026-10-31T25:00:00",
        "2026-10-31T10:00:00+99:00",
        "1066-10-14",
        "2026-10/31",
        "2026-10-31x",
    ],
)
def test_scraps_are_refused(scrap: object) -> None:
    with pytest.raises(ValueRefused, match="not a date"):
        read_moment(scrap, "Received On", SHANGHAI)
    with pytest.raises(ValueRefused, match="not a date"):
        read_day(scrap, "Day")


def test_days() -> None:
    assert read_day("2026/11/22", "Day") == read_day(datetime(2026, 11, 22, 5), "Day") == date(2026, 11, 22)
