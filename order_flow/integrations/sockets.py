"""Connections that keep the total time limit of a call, however slowly the far side sends.

The HTTP library limits the time between two pieces; a far side that sends one byte a second would keep a
worker for hours. Here every read and every send waits at most until the call's own end.
"""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

POOL_SIZE = 4
NO_LIMIT = float("inf")
_ends_at: ContextVar[float] = ContextVar("order_flow_call_ends_at", default=NO_LIMIT)


@contextmanager
def time_limit(ends_at: float) -> Iterator[None]:
    """Let no read or send of this thread wait beyond a moment.

    Args:
        ends_at: reading of the monotonic clock.
    """
    token = _ends_at.set(ends_at)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _shorten_wait(sock: Any) -> None:
    """Let the next wait of a socket end with the call at the latest.

    Raises:
        TimeoutError: the call's time is over.
    """
    rest = _ends_at.get() - time.monotonic()
    if rest <= 0:
        raise TimeoutError("the call's total time is over")
    own = sock.gettimeout()
    if rest != NO_LIMIT and (own is None or own > rest):
        sock.settimeout(rest)


class _TimedReader(io.RawIOBase):
    """A socket's stream whose every read looks at the clock first."""

    def __init__(self, stream: io.RawIOBase, sock: Any) -> None:
        super().__init__()
        self._stream = stream
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        _shorten_wait(self._sock)
        count: int | None = self._stream.readinto(buffer)
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))


class _TimedConnection(HTTPConnection):
    response_class = _TimedResponse

    def send(self, data: Any) -> None:
        if self.sock is not None:
            _shorten_wait(self.sock)
        super().send(data)


class _TimedSecureConnection(HTTPSConnection):
    response_class = _TimedResponse

    def send(self, data: Any) -> None:
        if self.sock is not None:
            _shorten_wait(self.sock)
        super().send(data)


class _TimedPool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _TimedSecurePool(HTTPSConnectionPool):
    ConnectionCls = _TimedSecureConnection


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _TimedPool, "https": _TimedSecurePool}


class TimedAdapter(HTTPAdapter):
    """Opens such connections; nothing is ever repeated by it.

    Args:
        trust: whom to trust besides the public certificate authorities; None trusts only those.
    """

    def __init__(self, trust: ssl.SSLContext | None = None) -> None:
        self._trust = trust
        super().__init__(pool_connections=POOL_SIZE, pool_maxsize=POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Build the pools of direct connections."""
        super().init_poolmanager(*args, **self._with_trust(options))  # type: ignore[no-untyped-call]
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> PoolManager:
        """Build the pools of connections through a proxy."""
        manager: PoolManager = super().proxy_manager_for(  # type: ignore[no-untyped-call]
            proxy, **self._with_trust(options)
        )
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def _with_trust(self, options: dict[str, Any]) -> dict[str, Any]:
        return options if self._trust is None else options | {"ssl_context": self._trust}
