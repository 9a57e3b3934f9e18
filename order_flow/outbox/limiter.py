"""One rate limit per account over all workers and machines, counted in the site's Redis."""

from __future__ import annotations

import uuid

import frappe
from redis.exceptions import RedisError

from order_flow.integrations.errors import RateLimited
from order_flow.integrations.rate_limit import PERIOD, InProcessRateLimiter

ASSUMED_WORKERS = 4
"""Without Redis each process only sees its own calls and takes this fraction of the limit."""

_TAKE = """
local parts = redis.call('TIME')
local now = parts[1] * 1000000 + parts[2]
local period = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - period)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], now, ARGV[3])
    redis.call('PEXPIRE', KEYS[1], math.ceil(period / 1000) + 1000)
    return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return oldest[2] + period - now
"""
"""Counts a call, or says in how many microseconds the next one is free. Redis runs it as one step."""


class SharedRateLimiter:
    """At most so many calls of an account in any 60 seconds (``RateLimiter`` of transport.py).

    Args:
        account_type: DocType of the accounts.
        calls_per_minute: positive number of calls.

    Raises:
        ValueError: the number of calls is not positive.
    """

    def __init__(self, account_type: str, calls_per_minute: int) -> None:
        self._account_type = account_type
        self._limit = calls_per_minute
        InProcessRateLimiter(calls_per_minute)  # refuses what is no limit
        self._fallback = InProcessRateLimiter(max(1, calls_per_minute // ASSUMED_WORKERS))

    def acquire(self, account: str) -> None:
        """Count one call.

        Args:
            account: name of the account that is called.

        Raises:
            RateLimited: the account used its calls up; ``retry_after`` says when the next is free.
        """
        try:
            wait = self._take(account)
        except RedisError as error:
            frappe.logger("order_flow", allow_site=True).warning(
                f"The shared rate limit of {self._account_type} {account} cannot be counted: Redis does not "
                f"answer ({error}). This process keeps to a quarter of it until Redis is back."
            )
            self._fallback.acquire(account)
            return
        if wait > 0:
            raise RateLimited(
                f"Account {account} used its {self._limit} calls of this minute; "
                "the call is made as soon as one is free.",
                code="own-rate-limit",
                retry_after=wait,
            )

    def _take(self, account: str) -> float:
        cache = frappe.cache()
        key = cache.make_key(f"order_flow:calls:{self._account_type}:{account}")
        microseconds = cache.eval(_TAKE, 1, key, self._limit, int(PERIOD * 1_000_000), uuid.uuid4().hex)
        return int(microseconds) / 1_000_000
