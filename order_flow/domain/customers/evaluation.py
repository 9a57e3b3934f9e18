"""The quarter's evaluation of a customer: what the figures propose (R-252)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import HUNDRED, ZERO

MONTHS: Final = 3


class Grade(StrEnum):
    """From best to worst."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class EvaluationState(StrEnum):
    """Whether a person has judged."""

    PREPARED = "Prepared"
    EVALUATED = "Evaluated"


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the calendar year, its number from 1 to 4."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return date(self.year, MONTHS * (self.number - 1) + 1, 1)

    @property
    def following(self) -> Quarter:
        """The next one; its first day is the first that belongs to this one no more."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)


def last_ended(day: date) -> Quarter:
    """The last quarter that has ended on a day."""
    number = (day.month - 1) // MONTHS + 1
    return Quarter(day.year, number - 1) if number > 1 else Quarter(day.year - 1, 4)


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """A customer's quarter.

    Args:
        orders: how many were ordered.
        late_orders: of them, how many were paid late or are late now.
        overdue: what is overdue at the moment, in the company's currency.
        changes: change notices that the customer asked for.
        cancellations: orders that the customer called off.
        sales: net sales of the lines whose cost is known.
        cost: what those lines cost; None where no line's cost is known.
    """

    orders: int
    late_orders: int = 0
    overdue: Decimal = ZERO
    changes: int = 0
    cancellations: int = 0
    sales: Decimal = ZERO
    cost: Decimal | None = None


LATE_STEPS: Final = ((Decimal(0), Grade.A), (Decimal(10), Grade.B), (Decimal(30), Grade.C))
TROUBLE_STEPS: Final = ((Decimal(5), Grade.A), (Decimal(15), Grade.B), (Decimal(30), Grade.C))
MARGIN_STEPS: Final = ((Decimal(30), Grade.A), (Decimal(15), Grade.B), (Decimal(5), Grade.C))
"""Percentages; the source names the three aspects only, the steps are our defaults."""


def _share(part: int, whole: int) -> Decimal:
    return HUNDRED * part / whole if whole else ZERO


def ability_to_pay(facts: QuarterFacts) -> Grade:
    """By the share of orders paid late; whoever owes something overdue now is never better than C."""
    grade = _at_most(_share(facts.late_orders, facts.orders), LATE_STEPS)
    return max(grade, Grade.C) if facts.overdue > ZERO else grade


def cooperation(facts: QuarterFacts) -> Grade:
    """By changes and cancellations of the customer's in a hundred orders."""
    return _at_most(_share(facts.changes + facts.cancellations, facts.orders), TROUBLE_STEPS)


def margin(facts: QuarterFacts) -> Decimal | None:
    """Gross margin in percent of the sales whose cost is known; None where none is, never guessed."""
    if facts.cost is None or not facts.sales:
        return None
    return HUNDRED * (facts.sales - facts.cost) / facts.sales


def profit(facts: QuarterFacts) -> Grade | None:
    """By the margin; None where no cost is known."""
    value = margin(facts)
    if value is None:
        return None
    return next((grade for limit, grade in MARGIN_STEPS if value >= limit), Grade.D)


def _at_most(share: Decimal, steps: tuple[tuple[Decimal, Grade], ...]) -> Grade:
    return next((grade for limit, grade in steps if share <= limit), Grade.D)
