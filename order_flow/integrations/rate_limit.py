"""A rate limit inside one process, for scripts, tests and single workers.

Workers on several machines share one account: they are given a limiter that counts in one place instead
(``order_flow/outbox/limiter.py``); both speak the ``RateLimiter`` protocol of ``transport.py``.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from order_flow.integrations.errors import RateLimited

PERIOD = 60.0


class InProcessRateLimiter:
    """At most so many calls in any 60 seconds, per account.

    Args:
        calls_per_minute: positive number of calls.
        clock: seconds that only grow; a test turns them.

    Raises:
        ValueError: the number of calls is not positive.
    """

    def __init__(self, calls_per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        if calls_per_minute < 1:
            raise ValueError("a rate limit must allow at least one call a minute")
        self._limit = calls_per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}

    def acquire(self, account: str) -> None:
        """Count one call.

        Args:
            account: name of the account that is called.

        Raises:
            RateLimited: the account used its calls up; ``retry_after`` says when the next is free.
        """
        with self._lock:
            now = self._clock()
            calls = self._calls.setdefault(account, deque())
            while calls and calls[0] <= now - PERIOD:
                calls.popleft()
            if len(calls) >= self._limit:
                raise RateLimited(
                    f"Account {account} used its {self._limit} calls of this minute; "
                    "the call is made as soon as one is free.",
                    code="own-rate-limit",
                    retry_after=calls[0] + PERIOD - now,
                )
            calls.append(now)


class Unlimited:
    """No limit: for a far side on this machine."""

    def acquire(self, account: str) -> None:
        """Let every call pass."""
