"""Customer codes and technical names (R-049, R-101, K-10, K-16)."""

from __future__ import annotations

import pytest

from order_flow.domain.errors import NumbersExhausted
from order_flow.domain.numbering import (
    customer_code,
    technical_order_name,
    technical_payment_name,
    technical_shipment_name,
)


@pytest.mark.parametrize("number, code", [(1, "001"), (42, "042"), (999, "999")])
def test_codes_count_from_001(number: int, code: str) -> None:
    """R-049: three digits from 001."""
    assert customer_code(number, letters_allowed=False) == code


@pytest.mark.parametrize(
    "number, code", [(1000, "A00"), (1099, "A99"), (1100, "B00"), (1800, "J00"), (3399, "Z99")]
)
def test_letters_follow_where_allowed(number: int, code: str) -> None:
    """K-16: letters after 999, without I and O, which are read as digits."""
    assert customer_code(number, letters_allowed=True) == code


def test_codes_are_never_used_twice() -> None:
    """R-049: every number has its own code, of three characters."""
    codes = [customer_code(number, letters_allowed=True) for number in range(1, 3400)]
    assert len(set(codes)) == len(codes)
    assert {len(code) for code in codes} == {3}


@pytest.mark.parametrize("number, letters", [(1000, False), (3400, True)])
def test_the_end_is_said(number: int, letters: bool) -> None:
    """No silent wrap-around: the refusal says what to widen."""
    with pytest.raises(NumbersExhausted, match="widen the pattern"):
        customer_code(number, letters_allowed=letters)


def test_there_is_no_number_zero() -> None:
    """A caller's mistake, not a customer."""
    with pytest.raises(ValueError, match="starts at 1"):
        customer_code(0, letters_allowed=False)


def test_technical_names_sort_as_they_count() -> None:
    """R-101: unique names that sort by their number."""
    assert technical_order_name(7) == "SO00000007"
    assert technical_payment_name(7) == "PAY00000007"
    assert technical_shipment_name(7) == "SHP00000007"
    assert technical_order_name(99) < technical_order_name(100)
