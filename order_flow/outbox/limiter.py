"""One rate limit per account over all workers and machines, counted in the site's Redis."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import frappe
from redis.exceptions import RedisError

from order_flow.integrations.rate_limit import (
    PERIOD,
    CallUse,
    InProcessRateLimiter,
    guaranteed_calls,
    no_call_left,
)

ASSUMED_WORKERS = 4
"""Without Redis each process only sees its own calls and takes this fraction of the limit."""

_TAKE = """
local parts = redis.call('TIME')
local now = parts[1] * 1000000 + parts[2]
local limit = tonumber(ARGV[1])
local period = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - period)
local total = redis.call('ZCARD', KEYS[1])
local held = 0
for i = 5, #ARGV, 2 do
    held = held + tonumber(ARGV[i + 1])
end
if total + held >= limit and held > 0 then
    local used = {}
    for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
        local use = string.match(member, '^[^:]+')
        used[use] = (used[use] or 0) + 1
    end
    held = 0
    for i = 5, #ARGV, 2 do
        held = held + math.max(0, tonumber(ARGV[i + 1]) - (used[ARGV[i]] or 0))
    end
end
if total + held < limit then
    redis.call('ZADD', KEYS[1], now, ARGV[3] .. ':' .. ARGV[4])
    redis.call('PEXPIRE', KEYS[1], math.ceil(period / 1000) + 1000)
    return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #oldest == 0 then
    return period
end
return oldest[2] + period - now
"""
"""The rule of ``rate_limit.may_call`` as one step of Redis: counts a call, or says in how many microseconds
the next one may be free. The calls are counted one by one only where the shares of the others matter."""


class SharedRateLimiter:
    """At most so many calls of an account in any 60 seconds (``RateLimiter`` of transport.py).

    Args:
        account_type: DocType of the accounts.
        calls_per_minute: positive number of calls.
        use: what this limiter's calls are for.
        uses: what accounts of this type are called for at all; each has its share.

    Raises:
        ValueError: the number of calls is not positive.
    """

    def __init__(
        self,
        account_type: str,
        calls_per_minute: int,
        use: CallUse = CallUse.SENDING,
        uses: Collection[CallUse] = frozenset({CallUse.SENDING}),
    ) -> None:
        self._account_type = account_type
        self._limit = calls_per_minute
        self._use = use
        InProcessRateLimiter(calls_per_minute)  # refuses what is no limit
        self._fallback = InProcessRateLimiter(max(1, calls_per_minute // ASSUMED_WORKERS))
        shares = guaranteed_calls(calls_per_minute, uses)
        self._held = [part for other in shares if other is not use for part in (other.value, shares[other])]

    def acquire(self, account: str) -> None:
        """Count one call.

        Args:
            account: name of the account that is called.

        Raises:
            NoCallLeft: the account used its calls up; ``retry_after`` says when the next may be free.
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
            raise no_call_left(account, self._limit, wait)

    def _take(self, account: str) -> float:
        cache = frappe.cache()
        key = cache.make_key(f"order_flow:calls:{self._account_type}:{account}")
        call, period = uuid.uuid4().hex, int(PERIOD * 1_000_000)
        microseconds = cache.eval(_TAKE, 1, key, self._limit, period, self._use.value, call, *self._held)
        return int(microseconds) / 1_000_000
