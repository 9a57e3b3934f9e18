"""An order's facts as JSON and back, for messages that must keep what an order was when they were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from order_flow.domain.orders.facts import OrderFacts


def facts_to_json(facts: OrderFacts) -> dict[str, Any]:
    """JSON values of an order's facts; amounts as text, times in ISO form with their zone."""
    encoded = _encode(facts)
    assert isinstance(encoded, dict)
    return encoded


def facts_from_json(values: Mapping[str, Any]) -> OrderFacts:
    """The facts behind ``facts_to_json``.

    Raises:
        KeyError, ValueError: the values are not an order's facts.
    """
    decoded = _decode(OrderFacts, values)
    assert isinstance(decoded, OrderFacts)
    return decoded


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: _encode(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _decode(kind: Any, value: Any) -> Any:
    if get_origin(kind) is UnionType:
        if value is None:
            return None
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        # A message written before a field was added lacks it; the field's default says what it meant then.
        known = {
            entry.name: _decode(hints[entry.name], value[entry.name])
            for entry in fields(kind)
            if entry.name in value or entry.default is MISSING
        }
        return kind(**known)  # type: ignore[operator]
    if kind is datetime:
        return datetime.fromisoformat(value)
    return kind(value)
