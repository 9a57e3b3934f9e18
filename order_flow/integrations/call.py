"""One HTTP call as plain values: what is sent, how long it may take, what came back, which way it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Effect(Enum):
    """Whether a call may change something over there: decides what a lost answer means."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits of one call, in seconds: to connect, between two pieces of the answer, and in all."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0


@dataclass(frozen=True, slots=True)
class Request:
    """One call.

    ``params`` go into the address (never logged raw), ``form`` is posted url-encoded, ``json`` as JSON.
    ``secrets`` are names, at any depth of request and answer, whose values no log may show. What is sent is
    left out of the representation: the framework writes local variables into its error log.
    """

    endpoint: str
    """Short name for logs and fault reports, e.g. ``trade_push``."""
    method: str
    url: str
    effect: Effect
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    json: object = field(default=None, repr=False)
    secrets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Response:
    """A readable answer: HTTP 2xx with JSON."""

    status: int
    payload: object
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way out of the company's network.

    Args:
        proxy: address of the company's proxy, with login where it needs one; "" goes straight.
        certificates: the company's own certificate authorities as PEM text, trusted besides the public ones.
        closed: no way out at all: only interfaces on this machine are called.
    """

    proxy: str = field(default="", repr=False)
    certificates: str = field(default="", repr=False)
    closed: bool = False
