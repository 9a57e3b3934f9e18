"""What a quarter's figures propose about a customer (R-252)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from order_flow.domain.customers.evaluation import (
    Grade,
    Quarter,
    QuarterFacts,
    ability_to_pay,
    cooperation,
    last_ended,
    margin,
    profit,
)

D = Decimal


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), Quarter(2025, 4)),
        (date(2026, 3, 31), Quarter(2025, 4)),
        (date(2026, 4, 1), Quarter(2026, 1)),
        (date(2026, 12, 31), Quarter(2026, 3)),
    ],
)
def test_the_quarter_that_ended_last(day: date, quarter: Quarter) -> None:
    assert last_ended(day) == quarter
    assert quarter.first_day < quarter.following.first_day <= day


@pytest.mark.parametrize(
    ("late", "overdue", "grade"),
    [(0, 0, "A"), (1, 0, "B"), (2, 0, "B"), (3, 0, "C"), (6, 0, "C"), (7, 0, "D"), (0, 1, "C"), (7, 1, "D")],
)
def test_ability_to_pay(late: int, overdue: int, grade: str) -> None:
    assert ability_to_pay(QuarterFacts(20, late_orders=late, overdue=D(overdue))) == Grade(grade)


@pytest.mark.parametrize(
    ("changes", "cancelled", "grade"), [(0, 0, "A"), (1, 0, "A"), (1, 2, "B"), (3, 3, "C"), (4, 3, "D")]
)
def test_cooperation(changes: int, cancelled: int, grade: str) -> None:
    assert cooperation(QuarterFacts(20, changes=changes, cancellations=cancelled)) == Grade(grade)


@pytest.mark.parametrize(
    ("cost", "grade"), [("70", "A"), ("70.01", "B"), ("85", "B"), ("95", "C"), ("95.01", "D"), ("130", "D")]
)
def test_profit(cost: str, grade: str) -> None:
    assert profit(QuarterFacts(1, sales=D(100), cost=D(cost))) == Grade(grade)


def test_an_unknown_cost_is_not_guessed() -> None:
    facts = QuarterFacts(1, sales=D(0), cost=None)
    assert (margin(facts), profit(facts)) == (None, None)
