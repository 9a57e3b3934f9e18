"""What stands in an answer of WDT beside its records, and a record set aside where it cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from order_flow.domain.message import Message
from order_flow.integrations.wdt.fields import Record, UnreadableField, integer
from order_flow.integrations.wdt.port import UnreadableRecord
from order_flow.integrations.wdt.signing import ascii_json

Item = TypeVar("Item")


def stored_count(answer: Record) -> int | None:
    """Count the orders a push created or changed; None where the answer does not say."""
    if answer.get("new_count") is None and answer.get("chg_count") is None:
        return None
    try:
        return integer(answer, "new_count") + integer(answer, "chg_count")
    except UnreadableField:
        return None


def message_of(answer: Record) -> str:
    """The ``message`` of an answer; a list that came unserialised is written as JSON again."""
    message = answer.get("message")
    return ascii_json(message) if isinstance(message, list | Mapping) else str(message or "")


def parsed(stream: str, identity: str, row: Any, parse: Callable[[Record], Item]) -> Item | UnreadableRecord:
    """Read one record, or set it aside with the reason and its payload.

    Args:
        stream: name of the query, for the record that is set aside.
        identity: field that names the record.
        row: what arrived.
        parse: reader of the record.
    """
    if not isinstance(row, Mapping):
        return UnreadableRecord(stream, "", Message("It is not a record."), row)
    try:
        return parse(row)
    except UnreadableField as error:
        return UnreadableRecord(stream, str(row.get(identity) or ""), error.message, row)
