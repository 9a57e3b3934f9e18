"""Values as they come in: what no sum and no column could take is refused by its name (R-386)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from order_flow.domain.amounts import checked_number
from order_flow.domain.entry_values import read_day, read_moment
from order_flow.domain.errors import OrderFlowError
from order_flow.flow.refusals import ArgumentsRefused, refuse_rule
from order_flow.site_time import site_zone


def number_of(value: object, label: str) -> Decimal:
    """A number as REST, import or form give it.

    Args:
        value: int, float or text.
        label: the field's name for the refusal, translated.

    Returns:
        The exact decimal.

    Raises:
        StepRefused: not a number, not finite, or larger than the database holds.
    """
    try:
        return checked_number(value, label)
    except OrderFlowError as error:
        refuse_rule(error)


def time_of(value: object, label: str) -> datetime:
    """A date and time as REST, import or form give it.

    Args:
        value: text, e.g. ``2026-11-22 18:30:00`` in the site's time zone, or with an offset; or a datetime.
        label: the field's name for the refusal, translated.

    Returns:
        The moment without a zone, as the site stores it.

    Raises:
        StepRefused: not written in full, or no such moment.
    """
    try:
        return read_moment(value, label, site_zone())
    except OrderFlowError as error:
        refuse_rule(error)


def day_of(value: object, label: str) -> date:
    """A day as REST, import or form give it; arguments and errors as ``time_of``."""
    try:
        return read_day(value, label)
    except OrderFlowError as error:
        refuse_rule(error)


def refuse_unstorable(value: object, label: str) -> None:
    """Reject texts that no column can hold, at any depth: halves of a character that JSON can spell.

    Args:
        value: an argument as it was sent.
        label: its name for the refusal.

    Raises:
        ArgumentsRefused: naming the argument.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            frappe.throw(
                _("{0}: the text has characters that are not valid. Type them again.").format(label),
                ArgumentsRefused,
            )
    elif isinstance(value, dict):
        for key, part in value.items():
            refuse_unstorable(key, label)
            refuse_unstorable(part, label)
    elif isinstance(value, list):
        for part in value:
            refuse_unstorable(part, label)


def rows_of(value: object, label: str) -> list[dict[str, Any]]:
    """A list of objects, sent as JSON or as text of it.

    Args:
        value: what was sent.
        label: the argument's name for the refusal.

    Raises:
        ArgumentsRefused: it is none.
    """
    rows = parsed_json(value, label)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        frappe.throw(_("{0}: send a list of objects.").format(label), ArgumentsRefused)
    return rows


def names_of(value: object, label: str) -> list[str]:
    """A list of texts, sent as JSON or as text of it; arguments and errors as ``rows_of``."""
    names = parsed_json(value, label)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        frappe.throw(_("{0}: send a list of names.").format(label), ArgumentsRefused)
    return names


def fields_of(value: object, label: str) -> dict[str, Any]:
    """One object, sent as JSON or as text of it; arguments and errors as ``rows_of``."""
    fields = parsed_json(value, label)
    if not isinstance(fields, dict):
        frappe.throw(_("{0}: send an object.").format(label), ArgumentsRefused)
    return fields


def parsed_json(value: object, label: str) -> object:
    """Whatever JSON text says; arguments and errors as ``rows_of``."""
    try:
        parsed: object = frappe.parse_json(value)
    except (ValueError, RecursionError):
        frappe.throw(_("{0}: this is not JSON: {1}").format(label, str(value)[:80]), ArgumentsRefused)
    refuse_unstorable(parsed, label)
    return parsed
