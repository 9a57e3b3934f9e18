"""Letters of credit: every fault at once, dates, amendments (R-157..R-159)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from order_flow.domain.money.letter_of_credit import (
    AmendmentRefused,
    CreditCheck,
    CreditFault,
    LetterOfCredit,
    amended,
    credit_faults,
    last_ship_day,
)

LATE = {CreditFault.SHIPS_TOO_LATE}
GOOD = LetterOfCredit(Decimal(1000), date(2026, 12, 31), None, CreditCheck.CORRECT, date(2026, 11, 1))


@pytest.mark.parametrize(
    "letter, claimed, ships_on, expected",
    [
        (None, "1000", None, {CreditFault.MISSING}),
        (GOOD, "1000", date(2026, 12, 24), set()),
        (GOOD, "1000", date(2026, 12, 25), {CreditFault.SHIPS_TOO_LATE}),
        (GOOD, "1000", None, set()),
        (GOOD, "1000.01", date(2026, 12, 1), {CreditFault.AMOUNT_TOO_LOW}),
        (
            replace(GOOD, latest_ship=date(2026, 12, 20)),
            "1",
            date(2026, 12, 21),
            {CreditFault.SHIPS_TOO_LATE},
        ),
        (
            replace(GOOD, latest_ship=date(2026, 12, 30)),
            "1",
            date(2026, 12, 25),
            {CreditFault.SHIPS_TOO_LATE},
        ),
        (replace(GOOD, expiry=None), "1", date(2026, 12, 1), {CreditFault.EXPIRY_UNKNOWN}),
        (replace(GOOD, check=CreditCheck.OPEN), "1", None, {CreditFault.UNVERIFIED}),
        (
            LetterOfCredit(Decimal(1), None, None, CreditCheck.FAULTY),
            "2",
            date(2026, 12, 1),
            {CreditFault.UNVERIFIED, CreditFault.EXPIRY_UNKNOWN, CreditFault.AMOUNT_TOO_LOW},
        ),
    ],
)
def test_faults(
    letter: LetterOfCredit | None, claimed: str, ships_on: date | None, expected: set[CreditFault]
) -> None:
    """R-157: a week before the expiry, exactly; R-159: verified; all faults at once."""
    assert set(credit_faults(letter, Decimal(claimed), ships_on, 7)) == expected


def test_days_before_expiry_are_data() -> None:
    """R-157: a company may want more than a week."""
    assert last_ship_day(GOOD, 21) == date(2026, 12, 10)


def test_an_amendment_has_to_be_verified_again() -> None:
    """R-159: the bank's new paper is a new paper."""
    changed = amended(GOOD, {"amount": None, "expiry": date(2027, 1, 31), "latest_ship": None})
    assert (changed.expiry, changed.amount, changed.check) == (
        date(2027, 1, 31),
        GOOD.amount,
        CreditCheck.OPEN,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None, "expiry": None, "latest_ship": None},
        {"amount": GOOD.amount, "expiry": None, "latest_ship": None},
        {"amount": Decimal(0), "expiry": None, "latest_ship": None},
        {"amount": None, "expiry": None, "latest_ship": date(2027, 1, 1)},
    ],
)
def test_amendments_that_cannot_be(changes: dict[str, Decimal | date | None]) -> None:
    """Nothing changed, no amount, or goods after the expiry."""
    with pytest.raises(AmendmentRefused):
        amended(GOOD, changes)
