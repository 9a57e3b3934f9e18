"""A plain messaging service over HTTP (ADR 0021): one POST a message, once for each reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from order_flow.domain.message import Message
from order_flow.integrations.messaging.port import ShortMessage
from order_flow.integrations.transport import Effect, Request, Transport, lost_answer

_ENDPOINT: Final = "messages"
_HIDDEN: Final = frozenset({"key", "to", "text"})
"""Neither the key nor what customers are told, nor where, belongs in a log."""


class MessagingClient:
    """One account of a messaging service.

    Args:
        base_url: its address.
        key: the account's key; never logged.
        transport: makes the calls.
    """

    def __init__(self, base_url: str, key: str, transport: Transport) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._transport = transport

    def send(self, message: ShortMessage) -> str:
        """See ``MessagingPort.send``."""
        request = Request(
            endpoint=_ENDPOINT,
            method="POST",
            url=f"{self._base_url}/{_ENDPOINT}",
            effect=Effect.WRITE,
            json={
                "key": self._key,
                "reference": message.reference,
                "medium": message.medium.value,
                "to": message.to,
                "text": message.text,
            },
            secrets=_HIDDEN,
        )
        payload = self._transport.call(request).payload
        number = payload.get("id") if isinstance(payload, Mapping) else None
        if not isinstance(number, str) or not number:
            raise lost_answer(request, Message("the answer names no message"))
        return number
