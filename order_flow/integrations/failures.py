"""What a failed HTTP call means for the caller: the classes of ``errors`` from statuses and exceptions."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

from order_flow.domain.message import Message
from order_flow.integrations.call import Effect, Request
from order_flow.integrations.errors import (
    Blocked,
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)

BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)
NOT_CONNECTED = (ConnectTimeoutError, NewConnectionError, requests.exceptions.ProxyError)
TIMED_OUT = (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError)
TUNNEL_REFUSED = "Tunnel connection failed"
TUNNEL_BROKEN = re.compile(f"{TUNNEL_REFUSED}: (5|408|429)")
"""How Python's HTTP client says that a proxy did not open the way to the far side."""


def lost_answer(request: Request, reason: Message) -> IntegrationError:
    """The error of a call that was sent and has no usable answer.

    Args:
        request: the call.
        reason: what happened, as part of a sentence.
    """
    if request.effect is Effect.WRITE:
        return OutcomeUnknown(
            Message(
                "{0}: {1}; it may have been carried out. It is looked up over there before anything is sent "
                "again.",
                request.endpoint,
                reason,
            )
        )
    return Transient(Message("{0}: {1}. The question is asked again later.", request.endpoint, reason))


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
        return RateLimited(
            Message("{0}: too many calls. The account rests.", label), code=code, retry_after=wait
        )
    if status == 407:
        return Misconfigured(
            Message("{0}: the proxy asks for a login. Correct the proxy's address.", label), code=code
        )
    if status in (401, 403):
        return Blocked(
            Message("{0}: access is refused. Check the account's credentials and rights.", label), code=code
        )
    if 300 <= status < 400 or status in (404, 405, 406):
        return Blocked(
            Message("{0}: this is not the interface. Check the account's address.", label), code=code
        )
    if status >= 500 or status == 408:
        error = lost_answer(request, Message("the far side answered HTTP {0}", status))
        error.code, error.retry_after = code, wait
        return error
    return Rejected(Message("{0}: the request is refused. Look at the logged answer.", label), code=code)


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


def connection_error(
    error: requests.RequestException, request: Request, waited: float, limit: float
) -> IntegrationError:
    """Class of a failure below HTTP: not sent, badly set up, or sent and unanswered.

    Args:
        error: what the HTTP library raised.
        request: the call.
        waited: seconds since the call began.
        limit: the call's total time limit in seconds.
    """
    endpoint = request.endpoint
    chain = tuple(causes(error))
    if isinstance(error, BAD_ADDRESS):
        return Misconfigured(
            Message("{0}: the account's address is not a web address. Correct it.", endpoint)
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain):
        return Misconfigured(
            Message(
                "{0}: the far side's certificate is not trusted. Check the account's address, and the "
                "certificate authorities in Order Flow Settings.",
                endpoint,
            )
        )
    refused = next((str(cause) for cause in chain if str(cause).startswith(TUNNEL_REFUSED)), "")
    if TUNNEL_BROKEN.match(refused):
        return Transient(
            Message("{0}: the proxy reaches nobody; nothing was sent. It is tried again later.", endpoint)
        )
    if refused:
        return Misconfigured(
            Message(
                "{0}: the proxy refuses the connection. Check the proxy in Order Flow Settings.", endpoint
            )
        )
    if any(isinstance(cause, NOT_CONNECTED) for cause in chain):
        return Transient(
            Message(
                "{0}: no connection to the far side; nothing was sent. It is tried again later.", endpoint
            )
        )
    if any(isinstance(cause, TIMED_OUT) for cause in chain):
        if waited >= limit:
            return lost_answer(request, Message("the answer took longer than {0} s", f"{limit:g}"))
        return lost_answer(request, Message("no answer in time"))
    return lost_answer(request, Message("the connection broke before the answer was complete"))
