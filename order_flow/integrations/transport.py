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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import requests

from order_flow.domain.addresses import is_on_this_machine
from order_flow.domain.message import Message
from order_flow.integrations.call import Effect, Request, Response, Route, Timeouts
from order_flow.integrations.errors import Blocked, IntegrationError, Misconfigured, Transient
from order_flow.integrations.failures import connection_error, lost_answer, retry_after, status_error
from order_flow.integrations.masking import capped, log_text, secret_values, without_values
from order_flow.integrations.sockets import TimedAdapter, time_limit

__all__ = [
    "AttemptRecord",
    "AttemptSink",
    "Effect",
    "RateLimiter",
    "Request",
    "Response",
    "Route",
    "Timeouts",
    "Transport",
    "lost_answer",
    "retry_after",
]

logger = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
ANSWER_BYTES = 32 * 1024 * 1024
OWN_FIELDS = frozenset({"code", "errcode"})
"""Fields by one of which the interfaces' own answers are told from pages of proxies and firewalls."""


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
        route: the company's proxy and certificate authorities.
    """

    def __init__(
        self,
        account: str,
        sink: AttemptSink,
        limiter: RateLimiter,
        timeouts: Timeouts | None = None,
        route: Route | None = None,
    ) -> None:
        self.account = account
        self._sink = sink
        self._limiter = limiter
        self._timeouts = timeouts or Timeouts()
        self._route = route or Route()
        self._local = threading.local()

    def call(self, request: Request) -> Response:
        """Make one call.

        Args:
            request: what to send.

        Returns:
            The decoded answer of a successful HTTP exchange; what it says is the client's business.

        Raises:
            Transient: no connection, a closed way out, or a failed read: nothing happened over there.
            RateLimited: our own limiter or HTTP 429.
            Blocked: HTTP 401, 403, 404, 405, 406 or a redirect that does not come from the interface itself.
            Misconfigured: the same with an answer in JSON; a bad address or proxy; an untrusted certificate.
            Rejected: another HTTP 4xx.
            OutcomeUnknown: a write whose answer was lost, unreadable or HTTP 5xx.
        """
        if self._route.closed and not is_on_this_machine(request.url):
            raise Transient(Message("The site is a rehearsal: no call leaves this machine."))
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
            waited = time.monotonic() - exchange.clock_start
            failure = connection_error(cause, request, waited, self._timeouts.total)
        if failure is not None:
            # Raised here, so that it carries no cause: the library's text and variables hold the address
            # with token and secret, and whoever logs an error logs its causes.
            raise failure
        payload = decoded(exchange.body, request)
        return Response(exchange.status or 0, payload, elapsed_ms(exchange.clock_start))

    def _exchange(self, request: Request, exchange: _Exchange) -> None:
        with (
            time_limit(exchange.clock_start + self._timeouts.total),
            self._session().request(
                request.method,
                request.url,
                params=dict(request.params),
                data=dict(request.form) if request.form is not None else None,
                json=request.json,
                timeout=(self._timeouts.connect, self._timeouts.read),
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            exchange.status = answer.status_code
            exchange.headers = answer.headers
            exchange.body = self._read(answer, request, exchange.clock_start)
        refusal = status_error(answer.status_code, answer.headers, request)
        if refusal is not None:
            raise own_words(refusal, exchange.body)

    def _read(self, answer: requests.Response, request: Request, started: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_content(CHUNK_BYTES):
            parts.append(part)
            size += len(part)
            if size > ANSWER_BYTES:
                largest = ANSWER_BYTES // 1024 // 1024
                raise lost_answer(request, Message("the answer is larger than {0} MB", largest))
            if time.monotonic() - started > self._timeouts.total:
                limit = f"{self._timeouts.total:g}"
                raise lost_answer(request, Message("the answer took longer than {0} s", limit))
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
            if self._route.proxy:
                session.proxies = {"http": self._route.proxy, "https": self._route.proxy}
            adapter = TimedAdapter(self._trust())
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            self._local.session = session
        return session

    def _trust(self) -> ssl.SSLContext | None:
        """Trust the company's own certificate authorities besides the public ones.

        Raises:
            Misconfigured: the text holds no certificate.
        """
        if not self._route.certificates:
            return None
        try:
            return ssl.create_default_context(cadata=self._route.certificates)
        except (ssl.SSLError, ValueError) as cause:
            raise Misconfigured(
                Message(
                    "The certificate authorities in Order Flow Settings cannot be read. Enter them as PEM "
                    "text."
                )
            ) from cause

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
    except (ValueError, RecursionError) as cause:
        raise lost_answer(request, Message("the answer is not readable JSON")) from cause
    return payload


def own_words(refusal: IntegrationError, body: bytes) -> IntegrationError:
    """A refusal that came as JSON is the interface's own; any other page may come from something between.

    Args:
        refusal: class of the HTTP status.
        body: what came with it.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return refusal
    if not isinstance(payload, dict) or not OWN_FIELDS & payload.keys():
        return refusal
    if isinstance(refusal, Blocked):
        refusal = Misconfigured(refusal.message, code=refusal.code)
    refusal.payload = payload
    return refusal


def _not_a_number(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
