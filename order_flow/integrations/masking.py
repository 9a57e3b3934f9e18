"""What a log may show of a request and its answer: names stay, secrets and personal values go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

MASK = "***"
LOGGED_CHARACTERS = 20_000
MIN_SECRET_LENGTH = 6
"""Shorter values are not searched for in free text: they would blot out innocent characters."""


def masked(value: object, secrets: frozenset[str]) -> object:
    """Copy a JSON-like value with the values of secret names replaced, at any depth.

    Text that is itself a JSON object or array (a form field of WDT) is masked inside as well.

    Args:
        value: mapping, list, text or number.
        secrets: names whose values must not be seen, lower case.

    Returns:
        A copy that is safe to log.
    """
    if isinstance(value, Mapping):
        return {
            str(name): MASK
            if str(name).lower() in secrets and item not in (None, "")
            else masked(item, secrets)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(item, secrets) for item in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            inner = json.loads(value)
        except ValueError:
            return value
        return masked(inner, secrets)
    return value


def secret_values(value: object, secrets: frozenset[str]) -> Iterable[str]:
    """The values that ``masked`` would hide on the top level, for a search in free text."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if str(name).lower() in secrets and len(str(item)) >= MIN_SECRET_LENGTH:
                yield str(item)


def without_values(text: str, values: Iterable[str]) -> str:
    """Replace every occurrence of the given secret values in a text."""
    for value in values:
        text = text.replace(value, MASK)
    return text


def capped(text: str, limit: int = LOGGED_CHARACTERS) -> str:
    """Cut a text for the log and say how much is missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... [{len(text) - limit} more characters]"


def log_text(value: object, secrets: frozenset[str], values: Iterable[str] = ()) -> str:
    """Render a request or an answer for the log: masked, then cut.

    Args:
        value: what was sent or received; None gives an empty text.
        secrets: names whose values must not be seen, lower case.
        values: secret values to remove wherever they occur.
    """
    if value is None or value == {}:
        return ""
    hidden = masked(value, secrets)
    text = hidden if isinstance(hidden, str) else json.dumps(hidden, ensure_ascii=False, default=str)
    return capped(without_values(text, values))
