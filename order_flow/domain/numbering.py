"""Numbers that people read: customer codes now; the order number's pattern has its place here."""

from __future__ import annotations

from order_flow.domain.errors import NumbersExhausted

_DIGITS_LIMIT = 999
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which are read as 1 and 0 on a label."""


def customer_code(running_number: int, *, letters_allowed: bool) -> str:
    """The three-character customer code for a running number (R-049, K-16).

    Args:
        running_number: 1 for the first customer; a number is never used twice.
        letters_allowed: whether codes such as ``A01`` may follow ``999``.

    Returns:
        ``001`` to ``999``, then ``A00`` to ``Z99`` where allowed.

    Raises:
        NumbersExhausted: the codes are used up.
    """
    if running_number < 1:
        raise ValueError(f"a running number starts at 1, not {running_number}")
    if running_number <= _DIGITS_LIMIT:
        return f"{running_number:03d}"
    letter, rest = divmod(running_number - _DIGITS_LIMIT - 1, 100)
    if not letters_allowed or letter >= len(_LETTERS):
        raise NumbersExhausted("customer code", running_number)
    return f"{_LETTERS[letter]}{rest:02d}"


def technical_payment_name(running_number: int) -> str:
    """The document name of a payment record."""
    return f"PAY{running_number:08d}"


def technical_shipment_name(running_number: int) -> str:
    """The document name of a shipment."""
    return f"SHP{running_number:08d}"


def technical_order_name(running_number: int) -> str:
    """The document name of an order, also its number outside until a pattern is active (R-101, K-10)."""
    return f"SO{running_number:08d}"
