"""Values of an order as a change notice writes them: one text for one value, and back again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import cint, cstr, get_datetime, getdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.changes.model import Level
from order_flow.domain.changes.rules import FIXED_FIELDS
from order_flow.domain.errors import OrderFlowError
from order_flow.flow.records.entry_fields import likely_date
from order_flow.flow.records.values import day_of, number_of, time_of
from order_flow.flow.refusals import StepRefused, refuse_rule

_NUMBERS = frozenset({"Currency", "Float", "Percent"})
_WHOLE = frozenset({"Int", "Check"})
DOCTYPE_OF_LEVEL = {Level.ORDER: "Order", Level.LINE: "Order Item"}


def number_text(value: Any) -> str:
    """A number without the zeros and the exponent that the database or Python add."""
    number = to_decimal(value)
    return "0" if not number else format(number.normalize(), "f")


def text_of(value: Any, df: Any) -> str:
    """The one text of a stored value.

    Args:
        value: as the document holds it.
        df: the field's definition.

    Returns:
        Plain digits, ``YYYY-MM-DD``, ``YYYY-MM-DD HH:MM:SS`` or the trimmed text; empty for nothing.
    """
    if df.fieldtype in _NUMBERS:
        return number_text(value)
    if df.fieldtype in _WHOLE:
        return str(cint(value))
    if not value:
        return ""
    if df.fieldtype == "Date":
        return str(getdate(value).isoformat())
    if df.fieldtype == "Datetime":
        return str(get_datetime(value).strftime("%Y-%m-%d %H:%M:%S"))
    return cstr(value).strip()


def value_of(text: Any, df: Any, label: str) -> Any:
    """The value that a text of a notice means.

    Args:
        text: what somebody entered.
        df: the field's definition.
        label: for the refusal, translated.

    Returns:
        A value of the field's type, as a document takes it.

    Raises:
        StepRefused: no number, no date, or none of the field's options.
    """
    entered = cstr(text).strip()
    if df.fieldtype in _NUMBERS:
        return float(number_of(entered, label))
    if df.fieldtype in _WHOLE:
        return int(number_of(entered, label))
    if not entered:
        return None
    if df.fieldtype in ("Date", "Datetime"):
        value = day_of(entered, label) if df.fieldtype == "Date" else time_of(entered, label)
        try:
            return likely_date(df, value, label)
        except OrderFlowError as error:
            refuse_rule(error)
    if df.fieldtype == "Select" and entered not in (df.options or "").split("\n"):
        frappe.throw(_("{0}: '{1}' is not one of the choices.").format(label, entered), StepRefused)
    return entered


def quantity_of(text: Any) -> Decimal:
    """A quantity of a notice's row whose text was checked before."""
    return to_decimal(cstr(text).strip())


def changeable_field(level: Level, fieldname: str) -> Any:
    """The definition of a field that a notice may change at all.

    Args:
        level: order or line.
        fieldname: its name.

    Returns:
        The definition; None where there is no such field, the system writes it, or it makes the order the
        order it is.
    """
    df = frappe.get_meta(DOCTYPE_OF_LEVEL[level]).get_field(fieldname)
    if df is None or df.read_only or df.hidden or df.fieldtype in (*no_value_fields, *table_fields):
        return None
    return None if level is Level.ORDER and fieldname in FIXED_FIELDS else df
