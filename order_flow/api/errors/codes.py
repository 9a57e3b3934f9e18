"""The codes by which a program tells refusals apart; they stay, while sentences may be worded anew."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from order_flow.domain.message import Message


class ErrorCode(StrEnum):
    """Why a call was refused."""

    REFUSED = "REFUSED"
    ARGUMENTS = "ARGUMENTS"
    BODY = "BODY"
    NO_LOGIN = "NO_LOGIN"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_FOUND = "NOT_FOUND"
    DIFFERS = "DIFFERS"
    EXISTS = "EXISTS"
    OVERTAKEN = "OVERTAKEN"
    TOO_MANY_CALLS = "TOO_MANY_CALLS"
    RESTS = "RESTS"
    FAILED = "FAILED"


MEANINGS: Final[Mapping[ErrorCode, Message]] = {
    ErrorCode.REFUSED: Message("A rule of the order or of a record does not let it pass."),
    ErrorCode.ARGUMENTS: Message("An argument is missing, unknown or of a wrong type."),
    ErrorCode.BODY: Message("The body is not JSON."),
    ErrorCode.NO_LOGIN: Message("The API key or the login does not hold any more. Log in again."),
    ErrorCode.NOT_PERMITTED: Message("Your roles may not do this. Ask the order desk or your administrator."),
    ErrorCode.NOT_FOUND: Message("There is nothing with this name, or no method at this address."),
    ErrorCode.DIFFERS: Message("The same number came before with another content."),
    ErrorCode.EXISTS: Message("A record with this name or number exists already."),
    ErrorCode.OVERTAKEN: Message("Somebody else changed the record just now. Read it again and repeat."),
    ErrorCode.TOO_MANY_CALLS: Message("More calls than are allowed. Wait a while and try again."),
    ErrorCode.RESTS: Message("The site is being maintained. Try again later."),
    ErrorCode.FAILED: Message("A mistake of the site, kept in its error log. Tell your administrator."),
}
"""What each code means; said where a refusal has no sentence of its own."""

_OF_A_KIND: Final[Mapping[str, ErrorCode]] = {
    "ArgumentsRefused": ErrorCode.ARGUMENTS,
    "ChangedMeanwhile": ErrorCode.OVERTAKEN,
    "DuplicateDiffers": ErrorCode.DIFFERS,
    "DuplicateEntryError": ErrorCode.EXISTS,
    "NameError": ErrorCode.EXISTS,
    "TimestampMismatchError": ErrorCode.OVERTAKEN,
    "UniqueValidationError": ErrorCode.EXISTS,
    "UnreadableBody": ErrorCode.BODY,
}
"""Refusals whose class says more than their status."""
_OF_A_STATUS: Final[Mapping[int, ErrorCode]] = {
    400: ErrorCode.REFUSED,
    401: ErrorCode.NO_LOGIN,
    403: ErrorCode.NOT_PERMITTED,
    404: ErrorCode.NOT_FOUND,
    409: ErrorCode.EXISTS,
    417: ErrorCode.REFUSED,
    429: ErrorCode.TOO_MANY_CALLS,
    503: ErrorCode.RESTS,
}
_FIRST_OF_FAILURES: Final = 500


def code_of(status: int, kind: str = "") -> ErrorCode:
    """Name a refusal.

    Args:
        status: of the answer, 400 or more.
        kind: the class of the refusal, without its module; "" where it is not known.

    Returns:
        The code that a program may rest on.
    """
    if status >= _FIRST_OF_FAILURES:
        return _OF_A_STATUS.get(status, ErrorCode.FAILED)
    return _OF_A_KIND.get(kind) or _OF_A_STATUS.get(status, ErrorCode.REFUSED)
