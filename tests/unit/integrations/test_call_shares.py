"""Fair shares of an account's calls: nobody starves, nothing is given twice (design 5)."""

from __future__ import annotations

from collections import Counter, deque
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.integrations.errors import NoCallLeft
from order_flow.integrations.rate_limit import (
    ALL_USES,
    PERIOD,
    CallUse,
    InProcessRateLimiter,
    guaranteed_calls,
    may_call,
)

DEFAULT = 60
SENDING, READING, COMPARING, ASKING = CallUse


def greedy(use: CallUse, used: Counter[CallUse], limit: int = DEFAULT) -> int:
    """Call as often as it is allowed; returns how often that was."""
    calls = 0
    while may_call(use, used, limit):
        used[use] += 1
        calls += 1
    return calls


def test_the_shares_of_the_shipped_default() -> None:
    assert guaranteed_calls(DEFAULT) == {SENDING: 21, READING: 21, COMPARING: 6, ASKING: 3}


def test_reading_that_takes_all_it_can_leaves_sending_its_share() -> None:
    used: Counter[CallUse] = Counter()
    assert greedy(READING, used) == 30
    assert greedy(SENDING, used) == 21
    assert greedy(COMPARING, used) == 6
    assert greedy(ASKING, used) == 3
    assert sum(used.values()) == DEFAULT


def test_comparing_gets_the_rest_and_never_nothing() -> None:
    assert greedy(COMPARING, Counter()) == 15
    busy = Counter({SENDING: 30, READING: 21})
    assert greedy(COMPARING, busy) == 6


def test_a_person_who_asks_does_not_wait_for_a_round() -> None:
    """A round makes all calls that are left for comparing, minute by minute."""
    used: Counter[CallUse] = Counter()
    greedy(COMPARING, used)
    assert greedy(ASKING, used) == 3


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_limit_below_the_number_of_uses_belongs_to_whoever_asks_first(limit: int) -> None:
    assert greedy(COMPARING, Counter(), limit) == limit


@given(limit=st.integers(4, 500), asks=st.lists(st.sampled_from(sorted(ALL_USES)), max_size=600))
def test_whatever_is_asked_first_everybody_gets_his_share_and_the_limit_holds(
    limit: int, asks: list[CallUse]
) -> None:
    used: Counter[CallUse] = Counter()
    for use in asks:
        if may_call(use, used, limit):
            used[use] += 1
    for use, calls in guaranteed_calls(limit).items():
        assert used[use] + greedy(use, used, limit) >= calls
    assert sum(used.values()) <= limit


def test_a_use_that_is_not_made_of_an_account_holds_nothing_back() -> None:
    assert may_call(READING, {READING: 59}, DEFAULT, {READING})
    assert not may_call(READING, {READING: 60}, DEFAULT, {READING})


def test_limiters_of_different_uses_count_the_same_calls() -> None:
    now = [0.0]
    counted: dict[str, deque[tuple[float, CallUse]]] = {}
    reading, sending = (
        InProcessRateLimiter(DEFAULT, lambda: now[0], use, ALL_USES, counted) for use in (READING, SENDING)
    )
    for _call in range(30):
        reading.acquire("shop")
    with pytest.raises(NoCallLeft, match="no call left in this minute"):
        reading.acquire("shop")
    for _call in range(21):
        sending.acquire("shop")
    with pytest.raises(NoCallLeft) as refused:
        sending.acquire("shop")
    assert refused.value.retry_after == PERIOD
    now[0] = PERIOD
    reading.acquire("shop")


@pytest.mark.parametrize("order", list(permutations(CallUse)))
def test_a_storm_of_all_uses_starves_nobody(order: tuple[CallUse, ...]) -> None:
    """Thirty minutes in which everybody always wants more: each gets its share, whoever asks first."""
    now = [0.0]
    counted: dict[str, deque[tuple[float, CallUse]]] = {}
    limiters = {use: InProcessRateLimiter(60, lambda: now[0], use, ALL_USES, counted) for use in order}
    made: Counter[CallUse] = Counter()
    for _second in range(30 * 60):
        for use in order:
            for _call in range(5):
                try:
                    limiters[use].acquire("account")
                except NoCallLeft:
                    break
                made[use] += 1
        now[0] += 1
    assert made.total() == 30 * 60
    assert all(made[use] >= 30 * calls for use, calls in guaranteed_calls(60).items()), made
