"""From when delivery time counts, and how long an order took to answer (R-006, R-007, K-18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Demanded:
    """A date that may have to be there.

    Args:
        applies: whether the order's terms demand it.
        on: when it happened; None while it has not.
    """

    applies: bool
    on: date | None = None


def delivery_start(confirmed: date | None, deposit: Demanded, credit: Demanded) -> date | None:
    """The day from which delivery time is counted (R-007).

    Args:
        confirmed: when the customer confirmed.
        deposit: arrival of the deposit in the company's account.
        credit: arrival of the letter of credit.

    Returns:
        The latest of the demanded dates; None while one of them is missing, so that no clock runs.
    """
    demanded = [Demanded(True, confirmed), deposit, credit]
    dates = [entry.on for entry in demanded if entry.applies]
    known = [day for day in dates if day is not None]
    return max(known) if len(known) == len(dates) else None


def response_days(confirmed: date | None, prepaid: Demanded, sailed: date | None) -> int | None:
    """Calendar days from confirmation with its prepayment to the sailing of the vessel (R-006).

    Returns:
        None while one of the dates is missing.
    """
    start = delivery_start(confirmed, prepaid, Demanded(False))
    if start is None or sailed is None:
        return None
    return (sailed - start).days


def reached_on(payments: Sequence[tuple[date, Decimal]], wanted: Decimal) -> date | None:
    """The day on which confirmed money first reached an amount, money paid back taken off.

    Args:
        payments: day and amount of each, a refund negative; any order.
        wanted: the amount, e.g. the deposit.

    Returns:
        None where the money does not reach it now. Where it fell below meanwhile, the later day counts.
    """
    total = Decimal(0)
    since: date | None = None
    for day, amount in sorted(payments):
        before = total
        total += amount
        if total < wanted:
            since = None
        elif before < wanted or since is None:
            since = day
    return since
