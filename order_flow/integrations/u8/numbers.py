"""Numbers as U8 writes and reads them: always text (u8-openapi 1.3, 1.6)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from order_flow.domain.amounts import CENT, ZERO

_NO_EXPONENT = "f"
MOST_DIGITS = 30
"""No figure of U8 has more before or behind the point; ``1e999999999`` would stop a worker."""


def amount_text(amount: Decimal) -> str:
    """An amount with exactly two decimals."""
    return format(amount.quantize(CENT), _NO_EXPONENT)


def price_text(price: Decimal) -> str:
    """A unit price with the decimals it was rounded to."""
    return format(price, _NO_EXPONENT)


def quantity_text(number: Decimal) -> str:
    """A quantity or rate without trailing zeros and without exponent."""
    text = format(number, _NO_EXPONENT)
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def known_number(value: object) -> Decimal | None:
    """Read a figure of a document; None where it is missing, null or empty: that is unknown, never zero.

    Raises:
        ValueError: the text is no number.
    """
    return None if value is None or value == "" else number_of(value)


def number_of(value: object) -> Decimal:
    """Read a number out of an answer, where it may be text, missing, null or empty (u8-openapi 1.6).

    Raises:
        ValueError: the text is no number.
    """
    if value is None or value == "":
        return ZERO
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation as cause:
        raise ValueError(f"{value!r} is not a number") from cause
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(f"{value!r} is not a number")
    return number
