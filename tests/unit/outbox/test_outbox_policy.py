"""What failures mean, as a table and as properties (design 5, R-352, model-codebases 1.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.outbox.policy import (
    PATIENCE,
    RetryPolicy,
    Stage,
    attempts_allowed,
    delay_after,
    judge,
    judge_lost_worker,
    judge_patience,
    judge_unsure,
    patience_after,
    portions,
)
from order_flow.outbox.states import ErrorKind, RowState

POLICY = RetryPolicy()
ERRORS = (Transient, RateLimited, Rejected, Misconfigured, OutcomeUnknown, IntegrationError)

TABLE = [
    # error, stage, next state, kind, counts, whole account held, may have arrived
    (Transient("x"), Stage.SEND, RowState.WAITING, ErrorKind.TRANSIENT, True, False, False),
    (Transient("x"), Stage.PREPARE, RowState.WAITING, ErrorKind.TRANSIENT, True, False, False),
    (Transient("x"), Stage.LOOK_UP, RowState.UNKNOWN, ErrorKind.TRANSIENT, True, False, True),
    (RateLimited("x"), Stage.SEND, RowState.WAITING, ErrorKind.RATE_LIMITED, False, True, False),
    (RateLimited("x"), Stage.LOOK_UP, RowState.UNKNOWN, ErrorKind.RATE_LIMITED, False, True, True),
    (Rejected("x"), Stage.SEND, RowState.DEAD, ErrorKind.REJECTED, True, False, False),
    (Rejected("x"), Stage.LOOK_UP, RowState.DEAD, ErrorKind.REJECTED, True, False, True),
    (Misconfigured("x"), Stage.SEND, RowState.WAITING, ErrorKind.MISCONFIGURED, False, True, False),
    (Misconfigured("x"), Stage.LOOK_UP, RowState.UNKNOWN, ErrorKind.MISCONFIGURED, False, True, True),
    (OutcomeUnknown("x"), Stage.SEND, RowState.UNKNOWN, ErrorKind.OUTCOME_UNKNOWN, True, False, True),
    (IntegrationError("x"), Stage.SEND, RowState.UNKNOWN, ErrorKind.OUTCOME_UNKNOWN, True, False, True),
    (KeyError("x"), Stage.PREPARE, RowState.WAITING, ErrorKind.DEFECT, True, False, False),
    (KeyError("x"), Stage.SEND, RowState.UNKNOWN, ErrorKind.DEFECT, True, False, True),
    (KeyError("x"), Stage.LOOK_UP, RowState.UNKNOWN, ErrorKind.DEFECT, True, False, True),
    (KeyError("x"), Stage.STORE, RowState.UNKNOWN, ErrorKind.DEFECT, True, False, True),
    (Rejected("x"), Stage.STORE, RowState.UNKNOWN, ErrorKind.DEFECT, True, False, True),
]


@pytest.mark.parametrize(("error", "stage", "state", "kind", "counts", "held", "unclear"), TABLE)
def test_verdict_of_a_first_failure(
    error: Exception,
    stage: Stage,
    state: RowState,
    kind: ErrorKind,
    counts: bool,
    held: bool,
    unclear: bool,
) -> None:
    verdict = judge(error, stage, attempts=1, policy=POLICY, chance=0.5)
    assert (verdict.state, verdict.kind, verdict.counts) == (state, kind, counts)
    assert (verdict.pauses or verdict.rest > 0) is held
    assert verdict.unclear is unclear
    assert verdict.reason


@pytest.mark.parametrize("kind", list(PATIENCE))
def test_patience_ends_at_the_ceiling_and_not_before(kind: ErrorKind) -> None:
    error = {
        ErrorKind.TRANSIENT: Transient("down"),
        ErrorKind.OUTCOME_UNKNOWN: OutcomeUnknown("lost"),
        ErrorKind.DEFECT: KeyError("bug"),
    }.get(kind)
    limit = attempts_allowed(kind, POLICY)
    if error is None:
        assert judge_lost_worker(limit, POLICY) is None
        last = judge_lost_worker(limit + 1, POLICY)
    else:
        assert judge(error, Stage.SEND, limit - 1, POLICY, 0.5).state is not RowState.DEAD
        last = judge(error, Stage.SEND, limit, POLICY, 0.5)
    assert last is not None
    assert last.state is RowState.DEAD
    assert "Send again" in last.reason


def test_an_outage_of_a_weekend_kills_no_row() -> None:
    """An unreachable far side is nothing a person must act on row by row."""
    waited = 0.0
    for attempt in range(1, attempts_allowed(ErrorKind.TRANSIENT, POLICY)):
        waited += judge(Transient("down"), Stage.SEND, attempt, POLICY, chance=1.0).delay
    assert waited > 60 * 3600


@pytest.mark.parametrize("attempts", [10, 10_000])
def test_limits_that_are_not_the_rows_burn_no_attempt(attempts: int) -> None:
    for error in (RateLimited("slow down"), Misconfigured("wrong secret")):
        assert judge(error, Stage.SEND, attempts, POLICY, 0.0).state is RowState.WAITING


def test_hint_of_the_far_side_wins() -> None:
    assert judge(Transient("x", retry_after=7), Stage.SEND, 5, POLICY, 0.3).delay == 7
    limited = judge(RateLimited("x", retry_after=300), Stage.SEND, 1, POLICY, 0.3)
    assert (limited.delay, limited.rest) == (300, 300)
    absurd = judge(RateLimited("x", retry_after=10**9), Stage.SEND, 1, POLICY, 0.3)
    assert absurd.rest == POLICY.longest_hint


def test_an_unclear_outcome_is_not_looked_up_at_once() -> None:
    """Over there it may still be running: an early look-up would say 'not found' and double it."""
    assert judge(OutcomeUnknown("x"), Stage.SEND, 1, POLICY, 1.0).delay >= POLICY.unknown_delay
    assert judge(OutcomeUnknown("x", retry_after=1), Stage.SEND, 1, POLICY, 1.0).delay >= POLICY.unknown_delay


def test_unsure_look_up_stays_unknown_and_says_why() -> None:
    verdict = judge_unsure("their report lags", 1, POLICY, 0.5)
    assert verdict.state is RowState.UNKNOWN
    assert "their report lags" in verdict.reason


def test_far_side_may_not_ask_for_patience_for_ever() -> None:
    assert judge_patience(POLICY.max_polls - 1, POLICY) is None
    last = judge_patience(POLICY.max_polls, POLICY)
    assert last is not None and last.state is RowState.DEAD and last.unclear


@given(st.floats(0, 10**5), st.integers(0, 10**4))
def test_patience_grows_slower_and_never_below_what_was_asked(after: float, polls: int) -> None:
    wait = patience_after(after, polls, POLICY)
    assert after <= wait <= max(after, POLICY.longest_delay)
    assert patience_after(after, polls + 1, POLICY) >= wait


def test_a_shipment_may_take_two_weeks() -> None:
    """Completion waits for WDT's shipment a minute at a time; a slow warehouse must not kill the row."""
    waited = sum(patience_after(60, polls, POLICY) for polls in range(POLICY.max_polls))
    assert waited > 14 * 86400


def test_reason_carries_the_far_sides_code() -> None:
    assert "(code 10023)" in judge(Rejected("no such shop", code="10023"), Stage.SEND, 1, POLICY, 0).reason


@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_delay_stays_within_its_bounds(attempts: int, chance: float, jitter: float) -> None:
    policy = RetryPolicy(jitter=jitter)
    delay = delay_after(attempts, policy, chance)
    assert 0 <= delay <= policy.longest_delay
    assert delay >= (1 - jitter) * min(policy.first_delay, policy.longest_delay) - 1e-9


@given(st.integers(1, 200), st.floats(0, 1))
def test_delay_never_shrinks_from_one_attempt_to_the_next(attempts: int, chance: float) -> None:
    assert delay_after(attempts + 1, POLICY, chance) >= delay_after(attempts, POLICY, chance)


@given(
    st.sampled_from(ERRORS),
    st.sampled_from([stage for stage in Stage if stage is not Stage.STORE]),
    st.integers(1, 500),
    st.floats(0, 1),
    st.one_of(st.none(), st.floats(0, 10**7)),
)
def test_every_verdict_moves_the_row_somewhere_sensible(
    error_class: type[IntegrationError], stage: Stage, attempts: int, chance: float, hint: float | None
) -> None:
    verdict = judge(error_class("x", retry_after=hint), stage, attempts, POLICY, chance)
    assert verdict.state in (RowState.WAITING, RowState.UNKNOWN, RowState.DEAD)
    assert 0 <= verdict.delay <= POLICY.longest_hint
    if verdict.state is RowState.UNKNOWN:
        assert verdict.unclear
    if stage is Stage.LOOK_UP:
        assert verdict.unclear, "a look-up that failed proves nothing"


@given(attempts=st.lists(st.integers(0, 12), max_size=60), most=st.integers(1, 50))
def test_portions_cover_every_row_once_and_shrink_with_each_failure(attempts: list[int], most: int) -> None:
    cut = [attempts[part] for part in portions(attempts, most)]
    assert [row for part in cut for row in part] == attempts
    assert all(1 <= len(part) <= max(1, most >> max(max(part) - 1, 0)) for part in cut)


def test_a_row_that_breaks_its_calls_soon_stands_alone() -> None:
    assert list(portions([1] * 50, 50)) == [slice(0, 50)]
    assert list(portions([1, 1, 7], 50)) == [slice(0, 2), slice(2, 3)]
    assert [part.stop - part.start for part in portions([7, 7, 7], 50)] == [1, 1, 1]
