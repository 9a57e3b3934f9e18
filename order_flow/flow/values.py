"""Values as they come in: what no sum and no column could take is refused by its name (R-386)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate

from order_flow.domain.errors import OrderFlowError
from order_flow.domain.money import checked_number
from order_flow.flow.refusals import StepRefused, refuse_rule

_NUMBERS = frozenset({"Currency", "Float", "Percent"})
_READERS = {"Datetime": get_datetime, "Date": getdate}


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


def _entered(meta: Any, fieldtypes: Iterable[str]) -> list[Any]:
    return [df for df in meta.fields if df.fieldtype in fieldtypes and not df.read_only]


def _with_lines(order: Any) -> Iterator[tuple[Any, str]]:
    yield order, ""
    for line in order.items:
        yield line, _("Line {0}, ").format(line.idx)


def check_values(order: Any) -> None:
    """Check every number and every time that an order and its lines bring along; times are read once.

    Raises:
        StepRefused: naming the field, and the line where it is one.
    """
    for document, prefix in _with_lines(order):
        for df in _entered(document.meta, _NUMBERS):
            if document.get(df.fieldname):
                number_of(document.get(df.fieldname), prefix + _(df.label))
        for df in _entered(document.meta, _READERS):
            value = document.get(df.fieldname)
            if isinstance(value, str) and value:
                document.set(df.fieldname, time_of(value, prefix + _(df.label), df.fieldtype))


def time_of(value: str, label: str, fieldtype: str = "Datetime") -> Any:
    """A date, or a date and time, as REST, import or form give it.

    Args:
        value: text, e.g. ``2026-11-22 18:30:00`` in Asia/Shanghai.
        label: the field's name for the refusal, translated.
        fieldtype: ``Datetime`` or ``Date``.

    Returns:
        ``datetime`` or ``date`` without a time zone, as the site stores it.

    Raises:
        StepRefused: no such day or time.
    """
    try:
        return _READERS[fieldtype](value)
    except (ValueError, OverflowError, frappe.ValidationError):
        frappe.clear_last_message()
        frappe.throw(
            _("{0}: '{1}' is not a date. Write it as YYYY-MM-DD HH:MM:SS.").format(label, value), StepRefused
        )


def rows_of(value: object, label: str) -> list[dict[str, Any]]:
    """A list of objects, sent as JSON or as text of it.

    Args:
        value: what was sent.
        label: the argument's name for the refusal.

    Raises:
        StepRefused: it is none.
    """
    rows = _parsed(value, label)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        frappe.throw(_("{0}: send a list of objects.").format(label), StepRefused)
    return rows


def fields_of(value: object, label: str) -> dict[str, Any]:
    """One object, sent as JSON or as text of it; arguments and errors as ``rows_of``."""
    fields = _parsed(value, label)
    if not isinstance(fields, dict):
        frappe.throw(_("{0}: send an object.").format(label), StepRefused)
    return fields


def _parsed(value: object, label: str) -> object:
    try:
        return frappe.parse_json(value)
    except ValueError:
        frappe.throw(_("{0}: this is not JSON: {1}").format(label, str(value)[:80]), StepRefused)
