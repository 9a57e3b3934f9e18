"""Customer codes, order numbers, notice numbers and technical names (R-049, R-096..R-101, R-106, K-16)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.errors import NumberRefused, NumbersExhausted
from order_flow.domain.orders.numbering import (
    AddNumber,
    CodesAfterLimit,
    Region,
    add_sequence,
    change_notice_number,
    customer_code,
    numbers_to_try,
    running_number_of,
    technical_order_name,
    technical_payment_name,
    technical_shipment_name,
)


@pytest.mark.parametrize("number, code", [(1, "001"), (42, "042"), (999, "999")])
def test_codes_count_from_001(number: int, code: str) -> None:
    """R-049: three digits from 001."""
    assert customer_code(number, CodesAfterLimit.NONE) == code


@pytest.mark.parametrize(
    "number, code", [(1000, "A00"), (1099, "A99"), (1100, "B00"), (1800, "J00"), (3399, "Z99")]
)
def test_letters_follow_where_allowed(number: int, code: str) -> None:
    """K-16: letters after 999, without I and O, which are read as digits."""
    assert customer_code(number, CodesAfterLimit.LETTERS) == code


def test_codes_are_never_used_twice() -> None:
    """R-049: every number has its own code, of three characters."""
    codes = [customer_code(number, CodesAfterLimit.LETTERS) for number in range(1, 3400)]
    assert len(set(codes)) == len(codes)
    assert {len(code) for code in codes} == {3}


@pytest.mark.parametrize("number, letters", [(1000, False), (3400, True)])
def test_the_end_is_said(number: int, letters: bool) -> None:
    """No silent wrap-around: the refusal says what to widen."""
    with pytest.raises(NumbersExhausted, match="widen the pattern"):
        customer_code(number, CodesAfterLimit.LETTERS if letters else CodesAfterLimit.NONE)


def test_there_is_no_number_zero() -> None:
    """A caller's mistake, not a customer."""
    with pytest.raises(ValueError, match="starts at 1"):
        customer_code(0, CodesAfterLimit.NONE)


def test_technical_names_sort_as_they_count() -> None:
    """R-101: unique names that sort by their number."""
    assert technical_order_name(7) == "SO00000007"
    assert technical_payment_name(7) == "PAY00000007"
    assert technical_shipment_name(7) == "SHP00000007"
    assert technical_order_name(99) < technical_order_name(100)


def test_the_example_of_the_procedure() -> None:
    """ADD 5.1: EU, shock absorber, customer 111, confirmed in August 2003, first order (R-096, R-099)."""
    number = AddNumber(Region.EUROPE, "S", "111", date(2003, 8, 12), 1)
    assert str(number) == "EUS111030801"


def test_unknown_regions_have_a_code() -> None:
    """K-17: UN, not UN6; nine codes (R-097)."""
    assert {region.value for region in Region} == {"CN", "NA", "LA", "EU", "SE", "AU", "ME", "AF", "UN"}


@pytest.mark.parametrize("count, sequence", [(1, 1), (99, 99), (100, 1), (198, 99), (199, 1)])
def test_the_sequence_starts_over_after_99(count: int, sequence: int) -> None:
    """R-100: the hundredth order of a customer has 01 again."""
    assert add_sequence(count) == sequence


@given(
    region=st.sampled_from(Region),
    letter=st.sampled_from("SPC"),
    customer=st.integers(1, 3399),
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    count=st.integers(1, 10_000),
)
def test_every_number_can_be_read_back(
    region: Region, letter: str, customer: int, day: date, count: int
) -> None:
    """R-096..R-100: twelve characters from which every part can be read again."""
    code = customer_code(customer, CodesAfterLimit.LETTERS)
    number = str(AddNumber(region, letter, code, day, add_sequence(count)))
    parts = re.fullmatch(r"([A-Z]{2})([A-Z])([A-Z0-9]{3})(\d{2})(\d{2})(\d{2})", number)
    assert parts is not None and len(number) == 12
    assert parts.groups() == (
        region.value,
        letter,
        code,
        f"{day.year % 100:02d}",
        f"{day.month:02d}",
        f"{add_sequence(count):02d}",
    )


@given(count=st.integers(1, 10_000))
def test_ninety_nine_orders_in_a_row_differ(count: int) -> None:
    """R-100: within one month numbers collide only after 99 orders of one customer."""
    assert len({add_sequence(number) for number in range(count, count + 99)}) == 99


@pytest.mark.parametrize("letter", ["", "s", "SP", "7", "减"])
def test_a_type_without_letter_is_refused(letter: str) -> None:
    """R-098: said before a number is given."""
    with pytest.raises(NumberRefused, match="no letter"):
        AddNumber(Region.CHINA, letter, "001", date(2026, 1, 1), 1)


def test_a_code_that_does_not_fit_is_refused() -> None:
    """R-096: three places."""
    with pytest.raises(NumberRefused, match="three places"):
        AddNumber(Region.CHINA, "S", "1000", date(2026, 1, 1), 1)


def test_letters_behind_only_where_allowed() -> None:
    """K-16: one number to try, or 24 more with a letter behind."""
    number = AddNumber(Region.CHINA, "P", "007", date(2026, 11, 25), 1)
    assert list(numbers_to_try(number, suffix_allowed=False)) == ["CNP007261101"]
    tries = list(numbers_to_try(number, suffix_allowed=True))
    assert tries[:3] == ["CNP007261101", "CNP007261101A", "CNP007261101B"]
    assert len(set(tries)) == len(tries) == 25


def test_the_first_notice_of_a_day() -> None:
    """R-106: YYMMDD-n."""
    assert change_notice_number(date(2024, 3, 5), 1) == "240305-1"
    assert change_notice_number(date(2024, 3, 5), 12) == "240305-12"


@pytest.mark.parametrize(("number", "code"), [(1, "001"), (999, "999"), (1000, "1000"), (123456, "123456")])
def test_codes_go_on_where_no_number_has_three_places_for_them(number: int, code: str) -> None:
    """An online seller has more than 999 customers; R-049's three digits belong to the ADD pattern."""
    assert customer_code(number, CodesAfterLimit.LONGER) == code
    assert running_number_of(code) == number


def test_a_code_leads_back_to_its_number() -> None:
    codes = [customer_code(number, CodesAfterLimit.LETTERS) for number in range(1, 3400)]
    assert [running_number_of(code) for code in codes] == list(range(1, 3400))
    assert [running_number_of(code) for code in ("", "TEST", "I00", "AB1", "１")] == [0] * 5
