"""Windows and the rate limit of one process (wdt-openapi 1.5)."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from order_flow.integrations.errors import RateLimited
from order_flow.integrations.rate_limit import InProcessRateLimiter
from order_flow.integrations.window import SHANGHAI, Window

START = datetime(2025, 1, 1, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("hours", "count"), [(0, 1), (0.5, 1), (1, 1), (1.5, 2), (2, 2), (24, 24)])
def test_pieces_cover_the_window_and_touch(hours: float, count: int) -> None:
    window = Window(START, START + timedelta(hours=hours))
    pieces = list(window.pieces(HOUR))
    assert len(pieces) == count
    assert (pieces[0].start, pieces[-1].end) == (window.start, window.end)
    assert all(piece.end - piece.start <= HOUR for piece in pieces)
    assert all(left.end == right.start for left, right in itertools.pairwise(pieces))


def test_windows_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="timezone"):
        Window(datetime(2025, 1, 1), START)
    with pytest.raises(ValueError, match="cannot end"):
        Window(START, START - HOUR)
    with pytest.raises(ValueError, match="positive"):
        list(Window(START, START).pieces(timedelta(0)))


def test_the_limit_counts_the_last_minute_per_account() -> None:
    now = [0.0]
    limiter = InProcessRateLimiter(2, clock=lambda: now[0])
    limiter.acquire("a")
    now[0] = 20.0
    limiter.acquire("a")
    limiter.acquire("b")
    with pytest.raises(RateLimited) as caught:
        limiter.acquire("a")
    assert caught.value.retry_after == 40.0
    now[0] = 60.0
    limiter.acquire("a")
    with pytest.raises(RateLimited):
        limiter.acquire("a")


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        InProcessRateLimiter(0)
