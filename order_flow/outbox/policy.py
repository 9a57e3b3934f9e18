"""What a failure means for a row: the next state, the next delay, when to give up. Pure functions.

Source: design 5, model-codebases 1.5 and 6 (8, 14, 15), R-352.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.message import Message
from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    NoCallLeft,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.outbox.states import ErrorKind, RowState


class Stage(StrEnum):
    """Where in an attempt the failure happened: decides whether something may have reached the far side."""

    LOOK_UP = "look up"
    PREPARE = "prepare"
    SEND = "send"
    STORE = "store"
    """The far side said yes and we could not store it."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient an account is; times in seconds.

    Args:
        max_attempts: counted attempts before a person must act; see ``PATIENCE`` for the kinds that get more.
        first_delay: delay after the first failure.
        factor: growth of the delay from one failure to the next.
        longest_delay: the delay never grows beyond this.
        jitter: share of the delay that is left to chance, 0..1, so that rows do not come back in step.
        unknown_delay: shortest wait before an unclear outcome is looked up: it may still be running there.
        rate_limit_delay: rest after a refusal for too many calls that names no time.
        longest_hint: the longest time that a far side may ask us to wait.
        max_polls: how often the far side may ask for patience about one row.
        polls_before_slower: after so many the wait doubles, and so on up to the longest delay.
    """

    max_attempts: int = 12
    first_delay: float = 15.0
    factor: float = 2.0
    longest_delay: float = 3600.0
    jitter: float = 0.25
    unknown_delay: float = 30.0
    rate_limit_delay: float = 60.0
    longest_hint: float = 86400.0
    max_polls: int = 500
    polls_before_slower: int = 20


PATIENCE: dict[ErrorKind, int] = {
    ErrorKind.TRANSIENT: 10,
    ErrorKind.OUTCOME_UNKNOWN: 2,
    ErrorKind.WORKER_LOST: 1,
    ErrorKind.DEFECT: 1,
}
"""How many times ``max_attempts`` each counted kind gets: an outage over a weekend is no reason
to give up."""

_KIND_OF_ERROR: tuple[tuple[type[BaseException], ErrorKind], ...] = (
    (RateLimited, ErrorKind.RATE_LIMITED),
    (Transient, ErrorKind.TRANSIENT),
    (Rejected, ErrorKind.REJECTED),
    (Misconfigured, ErrorKind.MISCONFIGURED),
    (OutcomeUnknown, ErrorKind.OUTCOME_UNKNOWN),
    (IntegrationError, ErrorKind.OUTCOME_UNKNOWN),
)
"""First match wins; whatever is no IntegrationError is a defect of ours."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a row after a failure.

    Args:
        state: the row's next state.
        kind: what kind of failure it was.
        reason: what happened, why, and what to do next, in an operator's words.
        delay: seconds until the next attempt; 0 for a dead row.
        unclear: whether it may have arrived; also kept on a dead row, for the person who releases it.
        counts: whether the attempt counts towards the limit.
        rest: seconds the whole account rests, 0 for none.
        pauses: whether the whole account is paused until a person acts.
    """

    state: RowState
    kind: ErrorKind
    reason: str
    delay: float
    unclear: bool
    counts: bool = True
    rest: float = 0.0
    pauses: bool = False


def kind_of(error: BaseException) -> ErrorKind:
    """Class of a failure by what follows from it."""
    for error_class, kind in _KIND_OF_ERROR:
        if isinstance(error, error_class):
            return kind
    return ErrorKind.DEFECT


def delay_after(attempts: int, policy: RetryPolicy, chance: float) -> float:
    """Growing delay with jitter.

    Args:
        attempts: counted attempts so far, from 1.
        policy: the numbers.
        chance: a random number in 0..1.

    Returns:
        Seconds, between ``(1 - jitter)`` and 1 times the undisturbed delay, never above the longest.
    """
    # Powers beyond this are above any ceiling already and would only overflow.
    exponent = min(max(attempts, 1) - 1, 64)
    undisturbed = min(policy.longest_delay, policy.first_delay * policy.factor**exponent)
    return undisturbed * (1 - policy.jitter * chance)


def attempts_allowed(kind: ErrorKind, policy: RetryPolicy) -> int:
    """Counted attempts that a row may make while it fails in this way."""
    return policy.max_attempts * PATIENCE.get(kind, 1)


def judge(error: BaseException, stage: Stage, attempts: int, policy: RetryPolicy, chance: float) -> Verdict:
    """Decide what a failed attempt means for its row.

    Args:
        error: what was raised or returned for the row.
        stage: where it happened.
        attempts: counted attempts including this one.
        policy: the account's numbers.
        chance: a random number in 0..1 for the jitter.

    Returns:
        The verdict; deterministic for given arguments.
    """
    # Whatever failed while storing an accepted message, it is our mistake and the message has arrived.
    kind = ErrorKind.DEFECT if stage is Stage.STORE else kind_of(error)
    text = _text_of(error, stage)
    unclear = _may_have_arrived(kind, stage)
    if kind is ErrorKind.REJECTED:
        return _dead(kind, Message("{0} Correct the cause, then press 'Send again'.", text), unclear)
    state = RowState.UNKNOWN if unclear else RowState.WAITING
    if kind is ErrorKind.MISCONFIGURED:
        reason = Message("{0} The account is paused.", text)
        return Verdict(state, kind, reason, 0.0, unclear, counts=False, pauses=True)
    hint = _hint_of(error, policy)
    if kind is ErrorKind.RATE_LIMITED:
        wait = policy.rate_limit_delay if hint is None else hint
        # Our own limit concerns this use of the account only: the others have shares of their own.
        rest = 0.0 if isinstance(error, NoCallLeft) else wait
        return Verdict(state, kind, text, wait, unclear, counts=False, rest=rest)
    if attempts >= attempts_allowed(kind, policy):
        reason = Message("{0} Given up after {1} attempts: {2}", text, attempts, _way_out(unclear))
        return _dead(kind, reason, unclear)
    delay = delay_after(attempts, policy, chance) if hint is None else hint
    return Verdict(state, kind, text, max(delay, policy.unknown_delay) if unclear else delay, unclear)


def judge_unsure(reason: str, attempts: int, policy: RetryPolicy, chance: float) -> Verdict:
    """Decide about a row that the far side could not place yet; arguments as for ``judge``."""
    error = OutcomeUnknown(Message("Not yet clear whether it arrived: {0}", reason))
    return judge(error, Stage.LOOK_UP, attempts, policy, chance)


def judge_lost_worker(attempts: int, policy: RetryPolicy) -> Verdict | None:
    """Decide about a row whose worker ended without a word, before it is touched again.

    Args:
        attempts: counted attempts including the one that begins.
        policy: the account's numbers.

    Returns:
        Dead where the row used up its attempts (it may be what ends the workers), else None: go on.
    """
    if attempts <= attempts_allowed(ErrorKind.WORKER_LOST, policy):
        return None
    reason = Message(
        "The worker that held this row ended without a word, after {0} attempts: {1}",
        attempts - 1,
        _way_out(True),
    )
    return _dead(ErrorKind.WORKER_LOST, reason, True)


def judge_patience(polls: int, policy: RetryPolicy) -> Verdict | None:
    """Decide about a row for which the far side asks for patience once more.

    Args:
        polls: how often it asked before.
        policy: the account's numbers.

    Returns:
        Dead where it asked too often, else None: be patient.
    """
    if polls < policy.max_polls:
        return None
    reason = Message("The far side still had no result after {0} questions: {1}", polls, _way_out(True))
    return _dead(ErrorKind.TRANSIENT, reason, True)


def patience_after(after: float, polls: int, policy: RetryPolicy) -> float:
    """Seconds until a row that waits for the far side is looked at again; slower the longer it takes.

    Args:
        after: seconds the handler asked for.
        polls: how often the far side asked before.
        policy: the account's numbers.

    Returns:
        At least ``after``; grown beyond it at most to the longest delay.
    """
    doublings = min(polls // policy.polls_before_slower, 32)
    return max(after, min(policy.longest_delay, after * 2.0**doublings))


def portions(attempts: Sequence[int], most: int) -> Iterator[slice]:
    """Cut rows into calls: rows that failed before go out in ever smaller company.

    One row's content can break every call that it is in (a firewall hangs up, the far side fails on it). Its
    company shrinks by half with each attempt, so it soon stands alone and the others are through.

    Args:
        attempts: counted attempts of the rows, this one included, in the sequence of sending.
        most: most rows of one call.

    Returns:
        Neighbouring slices that cover all rows.
    """
    start = 0
    while start < len(attempts):
        room, end = most, start
        while end < len(attempts):
            room = min(room, max(1, most >> max(attempts[end] - 1, 0)))
            if end - start >= room:
                break
            end += 1
        yield slice(start, end)
        start = end


def judge_blocked(document: str, error: IntegrationError) -> Rejected:
    """The refusal of one row's content by something between this site and the far side.

    Args:
        document: the document that the row is about.
        error: what answered.
    """
    return Rejected(
        Message(
            "A firewall on the way refuses what {0} says, while other calls pass ({1}). Look for words that "
            "look like program code (select, script, '../', quotes) in names, remarks and addresses, and "
            "change them.",
            document,
            error.message,
        ),
        code=error.code,
    )


def _dead(kind: ErrorKind, reason: str, unclear: bool) -> Verdict:
    return Verdict(RowState.DEAD, kind, reason, 0.0, unclear)


def _may_have_arrived(kind: ErrorKind, stage: Stage) -> bool:
    if stage in (Stage.LOOK_UP, Stage.STORE) or kind is ErrorKind.OUTCOME_UNKNOWN:
        return True
    return kind is ErrorKind.DEFECT and stage is Stage.SEND


def _text_of(error: BaseException, stage: Stage) -> str:
    if stage is Stage.STORE:
        what = f"{type(error).__name__}: {error}"
        return Message("The far side accepted it, but storing that here failed: {0}.", what)
    if isinstance(error, IntegrationError):
        return Message("{0} (code {1})", error.message, error.code) if error.code else error.message
    what = f"{type(error).__name__}: {error}"
    return Message("A mistake in this app ({0}): {1}. The Error Log has the details.", stage.value, what)


def _way_out(unclear: bool) -> Message:
    if unclear:
        return Message("look it up over there, then press 'Send again' or 'Done outside'.")
    return Message("remove the cause, then press 'Send again'.")


def _hint_of(error: BaseException, policy: RetryPolicy) -> float | None:
    if not isinstance(error, IntegrationError) or error.retry_after is None:
        return None
    return min(max(error.retry_after, 0.0), policy.longest_hint)
