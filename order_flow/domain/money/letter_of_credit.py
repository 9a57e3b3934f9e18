"""Letters of credit: what must be known, and until when goods may leave (R-157..R-159, ADD 6.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.errors import OrderFlowError

DAYS_BEFORE_EXPIRY = 7
"""Goods leave at least a week before the expiry (R-157); a company's profile may want more."""


class CreditCheck(StrEnum):
    """Whether the papers of a letter of credit are right (R-159)."""

    OPEN = "Not Verified"
    CORRECT = "Correct"
    FAULTY = "Faulty"


class CreditFault(StrEnum):
    """Why an order cannot rely on its letter of credit."""

    MISSING = "missing"
    UNVERIFIED = "unverified"
    EXPIRY_UNKNOWN = "expiry unknown"
    SHIPS_TOO_LATE = "ships too late"
    AMOUNT_TOO_LOW = "amount too low"


class AmendmentRefused(OrderFlowError):
    """An amendment that changes nothing or cannot be."""

    code = "amendment_refused"


_CHANGES_NOTHING = "The amendment changes nothing. Enter a new amount, expiry date or latest ship date."
_AMOUNT_NOT_POSITIVE = "A letter of credit over {amount} cannot be. Enter an amount above zero."
_SHIPS_AFTER_EXPIRY = "The latest ship date {latest} is after the expiry date {expiry}. Correct the dates."


@dataclass(frozen=True, slots=True)
class LetterOfCredit:
    """A letter of credit as an order sees it; the amount in its currency."""

    amount: Decimal
    expiry: date | None = None
    latest_ship: date | None = None
    check: CreditCheck = CreditCheck.OPEN
    received_on: date | None = None


def check_dates(letter: LetterOfCredit) -> None:
    """Refuse what no bank would issue.

    Raises:
        AmendmentRefused: no amount, or goods that may leave after the expiry.
    """
    if letter.amount <= ZERO:
        raise AmendmentRefused(_AMOUNT_NOT_POSITIVE, {"amount": round_money(letter.amount)})
    if letter.latest_ship and letter.expiry and letter.latest_ship > letter.expiry:
        raise AmendmentRefused(_SHIPS_AFTER_EXPIRY, {"latest": letter.latest_ship, "expiry": letter.expiry})


def last_ship_day(letter: LetterOfCredit, days_before: int = DAYS_BEFORE_EXPIRY) -> date | None:
    """The last day on which goods may leave: expiry less a week, or the credit's own date where earlier.

    Args:
        letter: the letter of credit.
        days_before: calendar days between ship date and expiry.

    Returns:
        The day, None while the expiry is not known.
    """
    if letter.expiry is None:
        return None
    by_expiry = letter.expiry - timedelta(days=days_before)
    return min(by_expiry, letter.latest_ship) if letter.latest_ship else by_expiry


def credit_faults(
    letter: LetterOfCredit | None, claimed: Decimal, ships_on: date | None, days_before: int
) -> tuple[CreditFault, ...]:
    """Everything that keeps an order from relying on its letter of credit.

    Args:
        letter: the letter; None where none is there.
        claimed: what all orders under it claim together, in its currency.
        ships_on: the planned ship date; None while there is no plan, which is no fault of the credit.
        days_before: calendar days between ship date and expiry.

    Returns:
        The faults, empty where it holds.
    """
    if letter is None:
        return (CreditFault.MISSING,)
    faults = []
    if letter.check is not CreditCheck.CORRECT:
        faults.append(CreditFault.UNVERIFIED)
    last_day = last_ship_day(letter, days_before)
    if last_day is None:
        faults.append(CreditFault.EXPIRY_UNKNOWN)
    elif ships_on is not None and ships_on > last_day:
        faults.append(CreditFault.SHIPS_TOO_LATE)
    if claimed > letter.amount:
        faults.append(CreditFault.AMOUNT_TOO_LOW)
    return tuple(faults)


def amended(letter: LetterOfCredit, changes: Mapping[str, Decimal | date | None]) -> LetterOfCredit:
    """A letter of credit after the bank's amendment; it has to be verified again (R-159).

    Args:
        letter: as it is.
        changes: new ``amount``, ``expiry`` and ``latest_ship``; None keeps what is there.

    Raises:
        AmendmentRefused: it changes nothing, or the result cannot be.
    """
    wanted = {name: value for name, value in changes.items() if value is not None}
    if all(getattr(letter, name) == value for name, value in wanted.items()):
        raise AmendmentRefused(_CHANGES_NOTHING)
    result = replace(letter, check=CreditCheck.OPEN, **wanted)  # type: ignore[arg-type]
    check_dates(result)
    return result
