"""The platform's access token: how long it is used and where it is kept (u8-openapi 1.2)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Protocol

_MARGIN = 24
"""A token of 2 hours is renewed 1/24 of its life early, after 1 h 55 min, as the official SDK does."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; ``renew_at`` is in seconds of the client's clock."""

    id: str = field(repr=False)
    renew_at: float


def token_of(token_id: str, expires_in: float, now: float) -> Token:
    """A token just received; ``expires_in`` is in **seconds** (a published SDK takes it for milliseconds)."""
    return Token(token_id, now + expires_in - expires_in / _MARGIN)


class TokenStore(Protocol):
    """Keeps the token of one account. Workers should share one: a new token may end the old one's life."""

    def load(self) -> Token | None:
        """The token last saved, or None."""
        ...

    def save(self, token: Token) -> None:
        """Keep a token."""
        ...

    def discard(self, token: Token) -> None:
        """Forget this token if it is still the one kept."""
        ...


class InProcessTokenStore:
    """Keeps the token for the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: Token | None = None

    def load(self) -> Token | None:
        """The token last saved, or None."""
        with self._lock:
            return self._token

    def save(self, token: Token) -> None:
        """Keep a token."""
        with self._lock:
            self._token = token

    def discard(self, token: Token) -> None:
        """Forget this token unless another thread has renewed it already."""
        with self._lock:
            if self._token == token:
                self._token = None
