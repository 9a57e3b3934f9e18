"""Tolerant reading of WDT's loosely typed records (wdt-openapi 1.3).

Numbers arrive as strings, fields may be null or absent, "no date" is all zeros. A figure that is absent is
unknown, never zero: what a decision needs must be there (``amount``), the rest may be missing
(``known_amount``). Absent texts are empty, absent flags and bit masks are not set. What is there and cannot
be understood raises, so that the record is set aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Any, TypeVar

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.integrations.window import SHANGHAI

Record = Mapping[str, Any]
Code = TypeVar("Code", bound=IntEnum)

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
NO_DATE = "0000-00-00 00:00:00"
NO_DATE_PREFIX = "0000-00-00"
MOST_DIGITS = 30
"""No amount or number of WDT has more before or behind the point; ``1e999999999`` would stop a worker."""


class UnreadableField(ValueError):
    """A field is there and is not what the reference says it is."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        self.message = Message("Field {0} should be {1}, not {2}.", name, expected, f"{value!r:.100}")
        super().__init__(self.message)


def text(record: Record, name: str) -> str:
    """A text; numbers are taken as they are written, null and absence as empty."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, Mapping | list | bool):
        raise UnreadableField(name, value, Message("a text"))
    return str(value).strip()


def required_text(record: Record, name: str) -> str:
    """A text that must not be empty.

    Raises:
        UnreadableField: it is empty or absent.
    """
    value = text(record, name)
    if not value:
        raise UnreadableField(name, record.get(name), Message("filled"))
    return value


def amount(record: Record, name: str) -> Decimal:
    """A decimal number that must be there, zero allowed.

    Raises:
        UnreadableField: it is absent or not a finite number.
    """
    required_text(record, name)
    return _number(record, name)


def known_amount(record: Record, name: str) -> Decimal | None:
    """A decimal number; None where WDT leaves it out, which says nothing about its size.

    Raises:
        UnreadableField: it is not a finite number.
    """
    return _number(record, name) if text(record, name) else None


def _number(record: Record, name: str) -> Decimal:
    value = text(record, name)
    try:
        number = Decimal(value)
    except InvalidOperation as cause:
        raise UnreadableField(name, value, Message("a number")) from cause
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise UnreadableField(name, value, Message("a number"))
    return number


def integer(record: Record, name: str) -> int:
    """A flag, a bit mask or a code of which 0 means none; 0 where it is absent.

    Raises:
        UnreadableField: it is not a whole number.
    """
    number = known_amount(record, name) or ZERO
    if number != number.to_integral_value():
        raise UnreadableField(name, record.get(name), Message("a whole number"))
    return int(number)


def required_integer(record: Record, name: str) -> int:
    """A whole number that must be there, zero allowed.

    Raises:
        UnreadableField: it is absent or not a whole number.
    """
    required_text(record, name)
    return integer(record, name)


def moment(record: Record, name: str) -> datetime | None:
    """A time of day in China; None for no date.

    Raises:
        UnreadableField: it is not ``YYYY-MM-DD HH:mm:ss``.
    """
    value = text(record, name)
    if not value or value == "0" or value.startswith(NO_DATE_PREFIX):
        return None
    try:
        return datetime.strptime(value, TIME_FORMAT).replace(tzinfo=SHANGHAI)
    except ValueError as cause:
        raise UnreadableField(name, value, "YYYY-MM-DD HH:mm:ss") from cause


def time_text(value: datetime | None) -> str:
    """Write an aware time as WDT wants it; None becomes the zero date.

    Raises:
        ValueError: the time has no timezone.
    """
    if value is None:
        return NO_DATE
    if value.tzinfo is None:
        raise ValueError(f"{value} has no timezone; attach Asia/Shanghai first")
    return value.astimezone(SHANGHAI).strftime(TIME_FORMAT)


def listing(record: Record, name: str) -> list[Any]:
    """A list; empty where it is absent, null or an empty text.

    Raises:
        UnreadableField: it is something else.
    """
    value = record.get(name)
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        raise UnreadableField(name, value, Message("a list"))
    return value


def nested(record: Record, name: str) -> list[Record]:
    """A list of records inside a record.

    Raises:
        UnreadableField: it is not a list, or one of its members is not a record.
    """
    members = listing(record, name)
    for member in members:
        if not isinstance(member, Mapping):
            raise UnreadableField(name, member, Message("a list of records"))
    return members


def names(record: Record, name: str) -> tuple[str, ...]:
    """A comma-separated list of names, blanks and empty parts left out."""
    return tuple(part.strip() for part in text(record, name).split(",") if part.strip())


def known(kind: type[Code], code: int) -> Code | None:
    """The Enum member of a number, None where nobody told us about it: never a guess (R-350)."""
    try:
        return kind(code)
    except ValueError:
        return None
