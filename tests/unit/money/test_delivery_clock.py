"""Start of delivery time and order response time (R-006, R-007, K-18)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.money.delivery_clock import Demanded, delivery_start, reached_on, response_days

D1, D5, D9 = date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 9)
NOT_DEMANDED = Demanded(False)


@pytest.mark.parametrize(
    "confirmed, deposit, credit, expected",
    [
        (D1, NOT_DEMANDED, NOT_DEMANDED, D1),
        (D1, Demanded(True, D5), NOT_DEMANDED, D5),
        (D9, Demanded(True, D5), Demanded(True, D1), D9),
        (D1, Demanded(True, D5), Demanded(True, D9), D9),
        (D1, Demanded(True), NOT_DEMANDED, None),
        (D1, Demanded(True, D5), Demanded(True), None),
        (None, NOT_DEMANDED, NOT_DEMANDED, None),
        (D1, Demanded(False, D9), Demanded(False, D9), D1),
    ],
)
def test_the_latest_demanded_date_starts_the_clock(
    confirmed: date | None, deposit: Demanded, credit: Demanded, expected: date | None
) -> None:
    """R-007: a demanded date that is missing leaves the start empty."""
    assert delivery_start(confirmed, deposit, credit) == expected


@pytest.mark.parametrize(
    "confirmed, prepaid, sailed, expected",
    [
        (D1, NOT_DEMANDED, D9, 8),
        (D1, Demanded(True, D5), D9, 4),
        (D1, Demanded(True), D9, None),
        (D1, NOT_DEMANDED, None, None),
        (D9, NOT_DEMANDED, D5, -4),
    ],
)
def test_response_time(confirmed: date, prepaid: Demanded, sailed: date | None, expected: int | None) -> None:
    """R-006: from confirmation and prepayment to sailing; a ship that left first shows as negative."""
    assert response_days(confirmed, prepaid, sailed) == expected


@pytest.mark.parametrize(
    "payments, expected",
    [
        ([(D1, "10"), (D5, "20")], D5),
        ([(D1, "30")], D1),
        ([(D1, "29.99")], None),
        ([], None),
        ([(D1, "30"), (D5, "-10")], None),
        ([(D1, "30"), (D5, "-10"), (D9, "10")], D9),
        ([(D9, "10"), (D1, "30")], D1),
    ],
)
def test_the_day_a_deposit_arrived(payments: list[tuple[date, str]], expected: date | None) -> None:
    """R-007: in full, wherever it came from in the list; money paid back takes the day away."""
    assert reached_on([(day, Decimal(amount)) for day, amount in payments], Decimal(30)) == expected


@given(
    payments=st.lists(
        st.tuples(
            st.dates(date(2026, 1, 1), date(2026, 12, 31)),
            st.decimals(min_value=-100, max_value=100, places=2),
        ),
        max_size=8,
    ),
    wanted=st.decimals(min_value=Decimal("0.01"), max_value=100, places=2),
)
def test_the_day_exists_exactly_where_the_money_is_there(
    payments: list[tuple[date, Decimal]], wanted: Decimal
) -> None:
    """R-007: never a start without its money, never money without its start."""
    total = sum((amount for _day, amount in payments), Decimal(0))
    assert (reached_on(payments, wanted) is not None) == (total >= wanted)
