"""Numbers that people read: customer codes, order numbers of the ADD pattern, change notices."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto
from typing import Final

from order_flow.domain.errors import NumberRefused, NumbersExhausted
from order_flow.domain.orders.classes import Trade

_DIGITS_LIMIT = 999
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which are read as 1 and 0 on a label."""
_LAST_SEQUENCE = 99
_CODE_LENGTH = 3


class NumberPattern(StrEnum):
    """Which number an order carries once it is confirmed (K-10)."""

    TECHNICAL = "Technical"
    ADD = "ADD"


class Region(StrEnum):
    """Country or region of destination in an order number (R-097, K-17)."""

    CHINA = "CN"
    NORTH_AMERICA = "NA"
    LATIN_AMERICA = "LA"
    EUROPE = "EU"
    SOUTH_EAST_ASIA = "SE"
    AUSTRALIA = "AU"
    MIDDLE_EAST = "ME"
    AFRICA = "AF"
    UNKNOWN = "UN"


def usual_region(trade: Trade) -> Region:
    """Return where goods go when nobody said so: China for domestic orders, else unknown (R-097)."""
    return Region.CHINA if trade is Trade.DOMESTIC else Region.UNKNOWN


class NumberPart(StrEnum):
    """What an order number of ADD can lack: two parts from master data, and a count that is still free."""

    LETTER = "Letter"
    CUSTOMER_CODE = "Customer Code"
    COUNT = "Count"


@dataclass(frozen=True, slots=True)
class NumberGap:
    """Which part of an order number is missing, with the words for a person (see ``OrderFlowError``)."""

    part: NumberPart
    template: str
    params: Mapping[str, object]


def number_gap(type_letter: str, customer_code: str) -> NumberGap | None:
    """The first part of an order number of ADD that does not fit its place, None where both do.

    Args:
        type_letter: of the product type; empty where it has none (R-098).
        customer_code: three places are there for it (R-049).
    """
    if len(type_letter) != 1 or type_letter not in string.ascii_uppercase:
        return NumberGap(
            NumberPart.LETTER,
            "The product type has no letter for the order number ('{letter}'). Give the product type one "
            "capital letter, or give the order's first product a type that has one.",
            {"letter": type_letter},
        )
    if len(customer_code) != _CODE_LENGTH:
        return NumberGap(
            NumberPart.CUSTOMER_CODE,
            "Customer code '{code}' does not fit the order number, which has three places for it. An "
            "administrator gives the channel another number pattern.",
            {"code": customer_code},
        )
    return None


def number_in_use(number: str) -> NumberGap:
    """The count started over and met a number that an order carries already (K-16).

    Args:
        number: the first one that was tried.
    """
    return NumberGap(
        NumberPart.COUNT,
        "Order number {number} is in use already: this customer has confirmed more than 99 orders within a "
        "month. An administrator can allow a letter behind the number in Order Flow Settings.",
        {"number": number},
    )


@dataclass(frozen=True, slots=True)
class AddNumber:
    """What an order number of ADD 5.1 says, in the order in which it is written (R-096).

    Args:
        region: where the goods go.
        type_letter: one capital letter for the kind of product (R-098).
        customer_code: three characters (R-049).
        confirmed_on: the day of the customer's confirmation; year and month are used (R-099).
        sequence: 1 to 99, the customer's count (R-100).
    """

    region: Region
    type_letter: str
    customer_code: str
    confirmed_on: date
    sequence: int

    def __post_init__(self) -> None:
        """Refuse parts that would not fit their places.

        Raises:
            NumberRefused: naming the part.
        """
        if gap := number_gap(self.type_letter, self.customer_code):
            raise NumberRefused(gap.template, gap.params)
        if not 1 <= self.sequence <= _LAST_SEQUENCE:
            raise ValueError(f"a sequence is 1 to {_LAST_SEQUENCE}, not {self.sequence}")

    def __str__(self) -> str:
        """Twelve characters without separators, e.g. ``EUS111030801``."""
        return (
            f"{self.region.value}{self.type_letter}{self.customer_code}"
            f"{self.confirmed_on:%y%m}{self.sequence:02d}"
        )


def add_sequence(running_number: int) -> int:
    """The sequence of a customer's n-th numbered order: 1 to 99, then 1 again (R-100).

    Args:
        running_number: 1 for the customer's first order; no reset by month or year.
    """
    if running_number < 1:
        raise ValueError(f"a running number starts at 1, not {running_number}")
    return (running_number - 1) % _LAST_SEQUENCE + 1


def has_started_over(running_number: int) -> bool:
    """Tell whether a customer's count is past 99, so that its number may be in use."""
    return running_number > _LAST_SEQUENCE


def numbers_to_try(number: AddNumber, *, suffix_allowed: bool) -> Iterator[str]:
    """The number, then the same with a letter behind where an administrator allows that (K-16).

    Args:
        number: the number the pattern gives.
        suffix_allowed: whether ``A`` to ``Z`` may follow when a wrapped sequence meets an older number.
    """
    yield str(number)
    if suffix_allowed:
        yield from (f"{number}{letter}" for letter in _LETTERS)


def change_notice_number(day: date, running_number: int) -> str:
    """YYMMDD and a running number of the day, e.g. ``240305-1`` (R-106).

    Args:
        day: the day the notice was made, in Shanghai.
        running_number: 1 for the first notice of that day.
    """
    return f"{day:%y%m%d}-{running_number}"


class CodesAfterLimit(Enum):
    """What follows customer code ``999`` (R-049, K-16)."""

    LONGER = auto()
    """``1000``: no order number has a place for the code."""
    LETTERS = auto()
    """``A00``: three places in the order number, and an administrator allows letters."""
    NONE = auto()
    """Three places, no letters."""


def customer_code(running_number: int, after_limit: CodesAfterLimit) -> str:
    """The customer code for a running number (R-049, K-16).

    Args:
        running_number: 1 for the first customer; a number is never used twice.
        after_limit: how codes go on where three digits end.

    Returns:
        ``001`` to ``999``, then ``1000`` or ``A00`` to ``Z99``.

    Raises:
        NumbersExhausted: the codes are used up.
    """
    if running_number < 1:
        raise ValueError(f"a running number starts at 1, not {running_number}")
    if running_number <= _DIGITS_LIMIT or after_limit is CodesAfterLimit.LONGER:
        return f"{running_number:03d}"
    letter, rest = divmod(running_number - _DIGITS_LIMIT - 1, 100)
    if after_limit is CodesAfterLimit.NONE or letter >= len(_LETTERS):
        raise NumbersExhausted("customer code", running_number)
    return f"{_LETTERS[letter]}{rest:02d}"


def running_number_of(code: str) -> int:
    """The running number behind a customer code; the reverse of ``customer_code``.

    Args:
        code: as ``customer_code`` gives it.

    Returns:
        The number; 0 for a code of another form.
    """
    if code.isascii() and code.isdigit():
        return int(code)
    if len(code) == _CODE_LENGTH and code[0] in _LETTERS and code[1:].isascii() and code[1:].isdigit():
        return _DIGITS_LIMIT + 1 + _LETTERS.index(code[0]) * 100 + int(code[1:])
    return 0


def technical_payment_name(number: int) -> str:
    """The document name of a payment record."""
    return f"PAY{number:08d}"


def technical_credit_note_name(number: int) -> str:
    """The document name of a credit note."""
    return f"CN{number:08d}"


def technical_shipment_name(number: int) -> str:
    """The document name of a shipment."""
    return f"SHP{number:08d}"


def technical_order_name(number: int) -> str:
    """The document name of an order, also its number outside until a pattern is active (R-101, K-10)."""
    return f"SO{number:08d}"


def running_number(name: str) -> tuple[str, int] | None:
    """The reverse, for the documents that other systems know by their name.

    Args:
        name: as it stands over there.

    Returns:
        The DocType and its running number; None where no document here can have this name.
    """
    found = _TOLD_OUTSIDE.fullmatch(name)
    return (_DOCTYPE_OF_PREFIX[found[1]], int(found[2])) if found else None


_DOCTYPE_OF_PREFIX: Final = {"SO": "Order", "PAY": "Order Payment"}
_TOLD_OUTSIDE: Final = re.compile(rf"({'|'.join(_DOCTYPE_OF_PREFIX)})([0-9]{{8,}})", re.ASCII)
