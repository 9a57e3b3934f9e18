"""What the app asks a messaging service; a provider's own interface is another adapter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Medium(StrEnum):
    """How a short message travels."""

    SMS = "sms"
    WECOM = "wecom"


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """One message.

    Args:
        reference: ours; the service takes a message with the same reference once.
        medium: how it travels.
        to: mobile number, or the person's id in WeCom.
        text: plain text.
    """

    reference: str
    medium: Medium
    to: str = field(repr=False)
    text: str = field(repr=False)


class MessagingPort(Protocol):
    """A messaging service."""

    def send(self, message: ShortMessage) -> str:
        """Hand a message over; the same reference again changes nothing.

        Returns:
            The service's id of the message.

        Raises:
            Rejected: the service will never take it, e.g. a number that cannot be.
            OutcomeUnknown: the answer was lost; sending it again is safe.
            IntegrationError: another failure; nothing was taken.
        """
