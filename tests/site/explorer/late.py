"""A worker that dies with its document for U8 on the way: it arrives when another worker may have the row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import requests

from order_flow.integrations.call import Request, Response
from order_flow.integrations.transport import Transport
from tests.site.explorer.clock import TurnedClock

UNDER_WAY: Final = 420.0
"""Seconds: longer than a lease (300), shorter than U8 is searched before a document counts as lost (600)."""
PATIENCE: Final = 10.0
DOCUMENTS: Final = ("saleorder", "oughtreceive", "accept")


class Died(BaseException):
    """The end of a worker; nothing of the product may catch it."""


@contextmanager
def lost_on_the_way(clock: TurnedClock) -> Iterator[None]:
    """Let the worker die that sends a document to U8 in this block; nobody ever hears U8's answer.

    Args:
        clock: lets the document arrive.
    """
    call = Transport.call

    def dies(transport: Transport, request: Request) -> Response:
        resource, _slash, verb = request.endpoint.partition("/")
        if resource not in DOCUMENTS or verb != "add":
            return call(transport, request)
        clock.later(UNDER_WAY, lambda: _arrive(request))
        raise Died

    Transport.call = dies  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Transport.call = call  # type: ignore[method-assign]


def _arrive(request: Request) -> None:
    # Whatever U8 answers is said to nobody.
    requests.request(
        request.method, request.url, params=dict(request.params), json=request.json, timeout=PATIENCE
    )
