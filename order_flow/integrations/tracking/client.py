"""A plain tracking service over HTTP (ADR 0020): one question a parcel, one JSON answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from order_flow.domain.message import Message
from order_flow.integrations.errors import UnreadableAnswer
from order_flow.integrations.tracking.port import TrackingEvent, TrackingStatus
from order_flow.integrations.transport import Effect, Request, Transport, lost_answer
from order_flow.integrations.window import SHANGHAI

_SECRETS: Final = frozenset({"key"})
_ENDPOINT: Final = "tracks"
_FIELDS: Final = ("time", "status", "text", "place")
_KNOWN: Final = {status.value: status for status in TrackingStatus if status is not TrackingStatus.UNCLEAR}


class TrackingClient:
    """One account of a tracking service.

    Args:
        base_url: its address.
        key: the account's key; never logged.
        transport: makes the calls.
    """

    def __init__(self, base_url: str, key: str, transport: Transport) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._transport = transport

    def events(self, carrier: str, number: str) -> Sequence[TrackingEvent]:
        """See ``TrackingPort.events``."""
        request = Request(
            endpoint=_ENDPOINT,
            method="GET",
            url=f"{self._base_url}/{_ENDPOINT}",
            effect=Effect.READ,
            params={"carrier": carrier, "number": number, "key": self._key},
            secrets=_SECRETS,
        )
        payload = self._transport.call(request).payload
        if not isinstance(payload, Mapping) or payload.get("number") != number:
            raise lost_answer(request, Message("the answer is about another parcel"))
        rows = payload.get("events")
        if not isinstance(rows, list):
            raise lost_answer(request, Message("the answer has no list of events"))
        try:
            found = [_event(row) for row in rows]
        except (KeyError, TypeError, ValueError):
            # Raised below, so that it carries no cause: the row may hold more of a receiver's data.
            found = None
        if found is None:
            raise UnreadableAnswer(
                Message("An event of parcel {0} cannot be read. Look at the logged answer.", number),
                key=number,
                record=[
                    {name: str(value)[:140] for name, value in row.items() if name in _FIELDS}
                    if isinstance(row, Mapping)
                    else type(row).__name__
                    for row in rows
                ],
            )
        return sorted(found, key=lambda event: event.at)


def _event(row: Mapping[str, object]) -> TrackingEvent:
    word = str(row["status"])
    return TrackingEvent(
        at=datetime.strptime(str(row["time"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI),
        status=_KNOWN.get(word, TrackingStatus.UNCLEAR),
        text=str(row["text"])[:500],
        place=str(row.get("place") or "")[:140],
    )
