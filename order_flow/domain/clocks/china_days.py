"""China's public holidays and the weekends that are worked for them, from a library that is kept up to date.

The State Council decides each November about the next year; nobody can compute it (ADR 0015).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from chinese_calendar import get_holiday_detail

_LAST_YEAR_ASKED = 2100


@lru_cache(maxsize=8192)
def official_day(day: date) -> bool | None:
    """Return what the State Council says of a day.

    Args:
        day: the day.

    Returns:
        False for a public holiday or a day off in its lieu, True for a weekend day that is worked instead,
        None for a day like any other and for a year that is not published.
    """
    if not is_published(day.year):
        return None
    rests, name = get_holiday_detail(day)
    return None if name is None else not rests


@lru_cache(maxsize=256)
def is_published(year: int) -> bool:
    """Tell whether the library knows the holidays of a year."""
    try:
        get_holiday_detail(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=1)
def last_published_year() -> int:
    """The last year whose holidays the library knows."""
    return max(year for year in range(2004, _LAST_YEAR_ASKED) if is_published(year))
