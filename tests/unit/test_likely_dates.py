"""Dates that were surely mistyped are refused with a plain word."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from order_flow.domain.entry_values import ValueRefused
from order_flow.domain.likely_dates import LONGEST_PLAN, DateKind, check_likely

NOW = datetime(2026, 11, 22, 10, 0)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (DateKind.HAPPENED, date(1900, 1, 1), "before the year 2000"),
        (DateKind.PLANNED, datetime(1999, 12, 31, 23, 59), "before the year 2000"),
        (DateKind.RECORDED, date(1900, 1, 1), "before the year 2000"),
        (DateKind.HAPPENED, datetime(2036, 11, 22), "still to come"),
        (DateKind.HAPPENED, TODAY + timedelta(days=2), "still to come"),
        (DateKind.PLANNED, date(2036, 11, 22), "more than 5 years away"),
        (DateKind.PLANNED, TODAY + LONGEST_PLAN + timedelta(days=1), "more than 5 years away"),
    ],
)
def test_a_date_that_cannot_be_meant_is_refused(kind: DateKind, value: date, said: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        check_likely(kind, value, "Ordered At", NOW)
    assert said in refused.value.template.format(**refused.value.params)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DateKind.HAPPENED, date(2000, 1, 1)),
        (DateKind.HAPPENED, NOW + timedelta(hours=20)),
        (DateKind.PLANNED, TODAY - timedelta(days=400)),
        (DateKind.PLANNED, TODAY + LONGEST_PLAN),
    ],
)
def test_what_can_be_meant_is_taken(kind: DateKind, value: date) -> None:
    check_likely(kind, value, "Ordered At", NOW)
