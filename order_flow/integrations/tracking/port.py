"""What the app asks a tracking service, and what it gets; a carrier's own interface is another adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TrackingStatus(StrEnum):
    """What an event says of the parcel."""

    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"
    UNCLEAR = "unclear"
    """A word that nobody told us about: shown as it came and marked as unclear (R-300)."""


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One thing that happened to a parcel.

    Args:
        at: when, aware.
        status: what it means.
        text: the carrier's words.
        place: where; may be empty.
    """

    at: datetime
    status: TrackingStatus
    text: str
    place: str = ""


class TrackingPort(Protocol):
    """A tracking service."""

    def events(self, carrier: str, number: str) -> Sequence[TrackingEvent]:
        """Everything known of a parcel, oldest first; empty where the service does not know it (yet).

        Args:
            carrier: the service's code of the carrier.
            number: the waybill number.

        Raises:
            IntegrationError: the service could not be read.
        """
