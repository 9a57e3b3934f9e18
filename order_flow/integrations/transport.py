"""The only sockets of the app: one HTTP call, its time limits, its log record and the class of its failure.

Nothing is retried here. A repeat is a decision of the outbox, which knows whether the call may have had an
effect; the class of the raised error tells it (``errors.py``).
"""

from __future__ import annotations

import json
import logging
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.integrations.masking import capped, log_text, secret_values, without_values

logger = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
ANSWER_BYTES = 32 * 1024 * 1024
POOL_SIZE = 4
BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


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
class AttemptRecord:
    """What the log keeps of one call, secrets masked; ``error_kind`` is empty when it succeeded."""

    account: str
    endpoint: str
    method: str
    url: str
    effect: Effect
    started_at: datetime
    elapsed_ms: int
    status: int | None
    request: str
    answer: str
    error_kind: str
    error: str


class RateLimiter(Protocol):
    """Says whether an account may be called now."""

    def acquire(self, account: str) -> None:
        """Count one call of the account.

        Raises:
            RateLimited: not now; ``retry_after`` says in how many seconds.
        """


AttemptSink = Callable[[AttemptRecord], None]


@dataclass(slots=True)
class _Exchange:
    """What is known of a call while it runs."""

    started_at: datetime
    clock_start: float
    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport:
    """Calls one account of a far side.

    Args:
        account: our name of the account, for the rate limit and the log.
        sink: takes a record of every attempt, failed ones too. A sink that raises is logged and does not
            change the outcome of the call.
        limiter: asked before each call.
        timeouts: time limits; there is no call without.
    """

    def __init__(
        self, account: str, sink: AttemptSink, limiter: RateLimiter, timeouts: Timeouts | None = None
    ) -> None:
        self.account = account
        self._sink = sink
        self._limiter = limiter
        self._timeouts = timeouts or Timeouts()
        self._local = threading.local()

    def call(self, request: Request) -> Response:
        """Make one call.

        Args:
            request: what to send.

        Returns:
            The decoded answer of a successful HTTP exchange; what it says is the client's business.

        Raises:
            Transient: no connection, or a failed read: nothing happened over there.
            RateLimited: our own limiter or HTTP 429.
            Misconfigured: HTTP 401, 403, 404, 405 or a redirect; a bad address; an untrusted certificate.
            Rejected: another HTTP 4xx.
            OutcomeUnknown: a write whose answer was lost, unreadable or HTTP 5xx.
        """
        self._limiter.acquire(self.account)
        exchange = _Exchange(datetime.now(UTC), time.monotonic())
        try:
            response = self._answered(request, exchange)
        except BaseException as error:
            self._report(request, exchange, error)
            raise
        self._report(request, exchange, None)
        return response

    def close(self) -> None:
        """Close the pooled connections of this thread."""
        session = getattr(self._local, "session", None)
        if session is not None:
            session.close()
            self._local.session = None

    def _answered(self, request: Request, exchange: _Exchange) -> Response:
        failure: IntegrationError | None = None
        try:
            self._exchange(request, exchange)
        except requests.RequestException as cause:
            failure = connection_error(cause, request)
        if failure is not None:
            # Raised here, so that it carries no cause: the library's text and variables hold the address
            # with token and secret, and whoever logs an error logs its causes.
            raise failure
        payload = decoded(exchange.body, request)
        return Response(exchange.status or 0, payload, elapsed_ms(exchange.clock_start))

    def _exchange(self, request: Request, exchange: _Exchange) -> None:
        with self._session().request(
            request.method,
            request.url,
            params=dict(request.params),
            data=dict(request.form) if request.form is not None else None,
            json=request.json,
            timeout=(self._timeouts.connect, self._timeouts.read),
            allow_redirects=False,
            stream=True,
        ) as answer:
            exchange.status = answer.status_code
            exchange.headers = answer.headers
            exchange.body = self._read(answer, request, exchange.clock_start)
        refusal = status_error(answer.status_code, answer.headers, request)
        if refusal is not None:
            raise refusal

    def _read(self, answer: requests.Response, request: Request, started: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_content(CHUNK_BYTES):
            parts.append(part)
            size += len(part)
            if size > ANSWER_BYTES:
                raise lost_answer(request, f"the answer is larger than {ANSWER_BYTES // 1024 // 1024} MB")
            if time.monotonic() - started > self._timeouts.total:
                raise lost_answer(request, f"the answer took longer than {self._timeouts.total:g} s")
        return b"".join(parts)

    def _session(self) -> requests.Session:
        # A session is not safe across threads, and a forked worker must not share its parent's sockets.
        if getattr(self._local, "pid", None) != os.getpid():
            self._local.session = None
            self._local.pid = os.getpid()
        session: requests.Session | None = self._local.session
        if session is None:
            session = requests.Session()
            session.trust_env = False  # a netrc of the machine must not add credentials to signed calls
            session.headers["User-Agent"] = "order_flow"
            adapter = HTTPAdapter(pool_connections=POOL_SIZE, pool_maxsize=POOL_SIZE, max_retries=0)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            self._local.session = session
        return session

    def _report(self, request: Request, exchange: _Exchange, error: BaseException | None) -> None:
        record = attempt_record(self.account, request, exchange, error)
        try:
            self._sink(record)
        except Exception:
            # The far side has already acted: a log that fails must not turn the outcome into another one.
            logger.exception("the record of call %s could not be stored", request.endpoint)


def attempt_record(
    account: str, request: Request, exchange: _Exchange, error: BaseException | None
) -> AttemptRecord:
    """Build the log record of one call; secrets are masked by name and by value."""
    hidden = frozenset(name.lower() for name in request.secrets)
    values = [
        value
        for part in (request.params, request.form, request.json)
        for value in secret_values(part, hidden)
    ]
    sent = {"params": request.params, "form": request.form, "json": request.json}
    return AttemptRecord(
        account=account,
        endpoint=request.endpoint,
        method=request.method,
        url=without_values(request.url.partition("?")[0], values),
        effect=request.effect,
        started_at=exchange.started_at,
        elapsed_ms=elapsed_ms(exchange.clock_start),
        status=exchange.status,
        request=log_text({name: part for name, part in sent.items() if part}, hidden, values),
        answer=log_text(exchange.body.decode("utf-8", "replace"), hidden, values),
        error_kind=type(error).__name__ if error else "",
        error=capped(without_values(str(error), values)) if error else "",
    )


def elapsed_ms(started: float) -> int:
    """Milliseconds since a reading of the monotonic clock."""
    return round((time.monotonic() - started) * 1000)


def decoded(body: bytes, request: Request) -> object:
    """Decode a JSON answer.

    Raises:
        OutcomeUnknown or Transient: the answer is not JSON, by the request's effect.
    """
    try:
        payload: object = json.loads(body, parse_constant=_not_a_number)
    except ValueError as cause:
        raise lost_answer(request, "the answer is not readable JSON") from cause
    return payload


def _not_a_number(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def lost_answer(request: Request, reason: str) -> IntegrationError:
    """The error of a call that was sent and has no usable answer.

    Args:
        request: the call.
        reason: what happened, as part of a sentence.
    """
    if request.effect is Effect.WRITE:
        return OutcomeUnknown(
            f"{request.endpoint}: {reason}; it may have been carried out. "
            "It is looked up over there before anything is sent again."
        )
    return Transient(f"{request.endpoint}: {reason}. The question is asked again later.")


def status_error(status: int, headers: Mapping[str, str], request: Request) -> IntegrationError | None:
    """Class of an HTTP status; None for 2xx.

    Args:
        status: HTTP status code.
        headers: the answer's headers, for Retry-After.
        request: the call.
    """
    label = f"{request.endpoint}: HTTP {status}"
    code = f"http-{status}"
    wait = retry_after(headers)
    if 200 <= status < 300:
        return None
    if status == 429 or (status == 503 and wait is not None):
        return RateLimited(f"{label}: too many calls. The account rests.", code=code, retry_after=wait)
    if status in (401, 403):
        return Misconfigured(
            f"{label}: access is refused. Check the account's credentials and rights.", code=code
        )
    if 300 <= status < 400 or status in (404, 405):
        return Misconfigured(f"{label}: this is not the interface. Check the account's address.", code=code)
    if status >= 500 or status == 408:
        error = lost_answer(request, f"the far side answered HTTP {status}")
        error.code, error.retry_after = code, wait
        return error
    return Rejected(f"{label}: the request is refused. Look at the logged answer.", code=code)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by a Retry-After header (a number or a date), None where there is none."""
    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it wraps, as requests and urllib3 wrap it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__, *current.args]
        if isinstance(current, MaxRetryError):
            waiting.append(current.reason)


def connection_error(error: requests.RequestException, request: Request) -> IntegrationError:
    """Class of a failure below HTTP: not sent, badly set up, or sent and unanswered.

    Args:
        error: what the HTTP library raised.
        request: the call.
    """
    chain = tuple(causes(error))
    if isinstance(error, BAD_ADDRESS):
        return Misconfigured(f"{request.endpoint}: the account's address is not a web address. Correct it.")
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain):
        return Misconfigured(
            f"{request.endpoint}: the far side's certificate is not trusted. "
            "Check the account's address and this machine's certificates."
        )
    if any(isinstance(cause, ConnectTimeoutError | NewConnectionError) for cause in chain):
        return Transient(
            f"{request.endpoint}: no connection to the far side; nothing was sent. It is tried again later."
        )
    if isinstance(error, requests.exceptions.Timeout):
        return lost_answer(request, "no answer in time")
    return lost_answer(request, "the connection broke before the answer was complete")
