"""How many calls of an account each use may make, and a limit inside one process.

Sending, reading back, comparing and a person's question share one account's limit. Each has a guaranteed
share that the others leave free even while it is not used; what no share takes belongs to whoever asks first.

Workers on several machines share one account: they are given a limiter that counts in one place instead
(``order_flow/outbox/limiter.py``); both speak the ``RateLimiter`` protocol of ``transport.py``.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum

from order_flow.domain.message import Message
from order_flow.integrations.errors import NoCallLeft

PERIOD = 60.0


class CallUse(StrEnum):
    """What an account is called for."""

    SENDING = "sending"
    READING = "reading"
    COMPARING = "comparing"
    """Reconciliation: many questions, none of them urgent."""
    ASKING = "asking"
    """A person waits for the answer about one order, also while a round compares all of them."""


ALL_USES = frozenset(CallUse)
SHARE_PERCENT: Mapping[CallUse, int] = {
    CallUse.SENDING: 35,
    CallUse.READING: 35,
    CallUse.COMPARING: 10,
    CallUse.ASKING: 5,
}
"""Of an account's calls a minute; what is left is open to all."""


def guaranteed_calls(limit: int, uses: Collection[CallUse] = ALL_USES) -> dict[CallUse, int]:
    """Return how many calls a minute each use can count on.

    Args:
        limit: calls a minute of the account.
        uses: what the account is called for at all.

    Returns:
        Calls by use, at least one each; all zero where the limit is smaller than the number of uses.
    """
    if limit < len(uses):
        return dict.fromkeys(uses, 0)
    return {use: max(1, limit * SHARE_PERCENT[use] // 100) for use in uses}


def may_call(
    use: CallUse, used: Mapping[CallUse, int], limit: int, uses: Collection[CallUse] = ALL_USES
) -> bool:
    """Tell whether a use may make one more call now.

    Args:
        use: what the call is for.
        used: calls of the last minute by use.
        limit: calls a minute of the account.
        uses: what the account is called for at all.

    Returns:
        True while the call leaves the others what they have not used of their shares.
    """
    held_back = sum(
        max(0, calls - used.get(other, 0))
        for other, calls in guaranteed_calls(limit, uses).items()
        if other is not use
    )
    return sum(used.values()) + held_back < limit


class InProcessRateLimiter:
    """At most so many calls in any 60 seconds, per account.

    Args:
        calls_per_minute: positive number of calls.
        clock: seconds that only grow; a test turns them.
        use: what this limiter's calls are for.
        uses: what the account is called for at all.
        counted: calls that limiters of other uses made as well, by account; None counts its own only.

    Raises:
        ValueError: the number of calls is not positive.
    """

    def __init__(
        self,
        calls_per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        use: CallUse = CallUse.SENDING,
        uses: Collection[CallUse] = frozenset({CallUse.SENDING}),
        counted: dict[str, deque[tuple[float, CallUse]]] | None = None,
    ) -> None:
        if calls_per_minute < 1:
            raise ValueError("a rate limit must allow at least one call a minute")
        self._limit = calls_per_minute
        self._clock = clock
        self._use = use
        self._uses = uses
        self._lock = threading.Lock()
        self._calls = {} if counted is None else counted

    def acquire(self, account: str) -> None:
        """Count one call.

        Args:
            account: name of the account that is called.

        Raises:
            NoCallLeft: the account used its calls up; ``retry_after`` says when the next may be free.
        """
        with self._lock:
            now = self._clock()
            calls = self._calls.setdefault(account, deque())
            while calls and calls[0][0] <= now - PERIOD:
                calls.popleft()
            used = Counter(use for _moment, use in calls)
            if not may_call(self._use, used, self._limit, self._uses):
                wait = calls[0][0] + PERIOD - now if calls else PERIOD
                raise no_call_left(account, self._limit, wait)
            calls.append((now, self._use))


def no_call_left(account: str, limit: int, wait: float) -> NoCallLeft:
    """The error of a call that our own limit does not allow now.

    Args:
        account: name of the account.
        limit: its calls a minute.
        wait: seconds until a call may be free.
    """
    return NoCallLeft(
        Message(
            "Account {0} has no call left in this minute (limit: {1}); it is called as soon as one is free.",
            account,
            limit,
        ),
        code="own-rate-limit",
        retry_after=wait,
    )


class Unlimited:
    """No limit: for a far side on this machine."""

    def acquire(self, account: str) -> None:
        """Let every call pass."""
