"""Reads the fields of a document as they come in, by their kind, whichever door they came through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils.html_utils import sanitize_html

from order_flow.domain.entry_values import (
    carries_markup,
    clean_key,
    clean_line,
    clean_text,
    exact_number,
    read_day,
    read_moment,
    whole_number,
    yes_no,
)
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.likely_dates import KIND_OF_DATE, check_likely
from order_flow.flow.records.choices import refuse_choice
from order_flow.flow.records.values import refuse_unstorable
from order_flow.flow.refusals import StepRefused, refuse_rule
from order_flow.site_time import site_now, site_zone

KEY_FIELDS: Final = frozenset(
    {
        *(
            "external_number",
            "customer_order_number",
            "reference",
            "waybill_number",
            "product_code",
            "barcode",
        ),
        *("mobile", "phone", "notice_mobile", "postal_code", "tax_number", "contract_number"),
        *("quotation_number", "drawing_number", "customer_product_code", "u8_inventory_code"),
        *("u8_customer_code", "lc_number", "carrier_code", "warehouse_code"),
    }
)
"""Fields that are compared: what looks the same is the same (ADR 0025)."""
_LINES: Final = frozenset({"Data", "Link", "Dynamic Link", "Select", "Autocomplete", "Phone"})
_TEXTS: Final = frozenset({"Small Text", "Text", "Long Text"})
_PLACES: Final = {"Currency": 2, "Float": 4, "Percent": 4}
"""Decimals where the field does not say: cents, and what WDT takes of a quantity."""
_BYTES_OF_TEXT: Final = 65_535
"""What a column of a Small Text or Text holds."""
_MOST_SHOWN: Final = 60
_NOT_SHOWN: Final = frozenset({"Code", "JSON", "Attach", "Attach Image", "Password", "Barcode", "Signature"})
"""Kinds whose text the desk never shows as part of a page."""


class _Label:
    """A field's name for a refusal; translated only where one is written."""

    def __init__(self, df: Any, row: Any) -> None:
        self._df, self._row = df, row

    def __str__(self) -> str:
        label = str(_(self._df.label or self._df.fieldname))
        number = self._row.get("parentfield") and self._row.get("idx")
        return f"{_('Line {0}').format(number)}, {label}" if number else label


def read_entries(document: Any) -> None:
    """Clean and read everything that changed in a document and its rows, in place.

    Args:
        document: at the start of its save; unchanged values of a stored one are left alone.

    Raises:
        StepRefused: a value that cannot be read for certain or does not fit; names field and line.
    """
    before = document.get_doc_before_save()
    _read_row(document, before)
    for table in document.meta.get_table_fields():
        stored = {row.name: row for row in before.get(table.fieldname)} if before else {}
        for row in document.get(table.fieldname) or []:
            _read_row(row, stored.get(row.name))


def _read_row(row: Any, stored: Any) -> None:
    values = row.__dict__
    for df in _fields(row.doctype):
        value = values.get(df.fieldname)
        if value is None or (stored is not None and value == stored.get(df.fieldname)):
            continue
        read = read_field(df, value, _Label(df, row))
        if read is not value:
            row.set(df.fieldname, read)


def _fields(doctype: str) -> Iterator[Any]:
    return (
        df for df in frappe.get_meta(doctype).fields if df.fieldtype not in (*no_value_fields, *table_fields)
    )


def read_field(df: Any, value: Any, label: object) -> Any:
    """One value as its field stores it.

    Args:
        df: the field's definition.
        value: as it came, not None.
        label: the field's name for a refusal; a text, or what becomes one.

    Returns:
        The value; the same object where nothing had to change.

    Raises:
        StepRefused: it cannot be read for certain or does not fit.
    """
    if isinstance(value, dict | list | tuple | set) and df.fieldtype != "JSON":
        frappe.throw(
            _("{0}: '{1}' cannot be used here. Send {2}.").format(
                label, str(value)[:_MOST_SHOWN], _("a text") if df.fieldtype in _TEXTS else _("one value")
            ),
            StepRefused,
        )
    try:
        if df.fieldtype in _LINES | _TEXTS:
            return _text(df, value, label)
        if reader := _READERS.get(df.fieldtype):
            return value if value == "" else reader(df, value, label)
    except OrderFlowError as error:
        refuse_rule(error)
    if isinstance(value, str) and "<" in value and df.fieldtype not in _NOT_SHOWN:
        return sanitize_html(value, linkify=df.fieldtype == "Text Editor")
    return value


def _text(df: Any, value: Any, label: object) -> Any:
    if isinstance(value, bool | float):
        frappe.throw(
            _("{0}: '{1}' cannot be used here. Send {2}.").format(label, value, _("a text")), StepRefused
        )
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str):
        return value  # a date, or a record of the framework, that the app itself sets
    refuse_unstorable(text, df.fieldname)
    if df.fieldtype in _TEXTS:
        cleaned = clean_text(text)
        if len(cleaned.encode()) > _BYTES_OF_TEXT and df.fieldtype != "Long Text":
            frappe.throw(_("{0}: the text is too long. Shorten it.").format(label), StepRefused)
    else:
        cleaned = clean_key(text) if df.fieldname in KEY_FIELDS else clean_line(text)
        if df.fieldtype == "Select":
            _refuse_unknown_choice(df, cleaned, label)
    if "<" in cleaned and not df.ignore_xss_filter and carries_markup(cleaned):
        return sanitize_html(cleaned)
    return text if cleaned == text else cleaned


def _refuse_unknown_choice(df: Any, word: str, label: object) -> None:
    choices = (df.options or "").split("\n")
    if word and any(choices) and word not in choices:
        refuse_choice(label, word[:_MOST_SHOWN], choices)


def _number(df: Any, value: Any, label: object) -> Any:
    if df.read_only and not isinstance(value, str | bool):
        return value  # a sum or share that the system computed, to the column's full precision
    places = int(df.precision or _PLACES[df.fieldtype])
    number = float(exact_number(value, label, places))
    return value if isinstance(value, float | int) and value == number else number


def likely_date(df: Any, value: Any, label: object) -> Any:
    """A date as its field takes it.

    Args:
        df: the field's definition.
        value: a date or moment of the site; None stays None.
        label: the field's name for a refusal.

    Raises:
        ValueRefused: it was surely mistyped, e.g. 1900 from an empty cell.
    """
    kind = KIND_OF_DATE.get((df.parent, df.fieldname))
    if kind is not None and value:
        check_likely(kind, value, label, site_now())
    return value


_READERS: Final[dict[str, Callable[[Any, Any, object], Any]]] = {
    "Currency": _number,
    "Float": _number,
    "Percent": _number,
    "Int": lambda _df, value, label: whole_number(value, label),
    "Check": lambda _df, value, label: int(yes_no(value, label)),
    "Date": lambda df, value, label: likely_date(df, read_day(value, label), label),
    "Datetime": lambda df, value, label: likely_date(df, read_moment(value, label, site_zone()), label),
}
