"""Orders by file: checked as a whole, the good ones taken one by one, the bad given back (issue: face 6).

Nothing is stored by the check. Taking goes through the same door as an order of another system, so every
rule holds, and a file that is taken twice makes no order twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.likely_dates import KIND_OF_DATE, check_likely
from order_flow.domain.orders.file import (
    BY_FIELD,
    COLUMNS,
    GIFT_WITH_PRICE,
    LESS_THAN_A_CENT,
    MANY_CUSTOMERS,
    NO_CUSTOMER,
    NO_PRICE,
    NO_PRODUCT,
    NOT_ABOVE_ZERO,
    NOT_IN_CARE,
    PRICE_BELOW_ZERO,
    UNKNOWN_WORD,
    Checked,
    FileOrder,
    RowFault,
    Table,
    check_file,
    columns_of,
    refuse_rows,
)
from order_flow.domain.orders.file_cells import Value
from order_flow.flow.access.care import limited_to_own
from order_flow.flow.files.tables import read_table
from order_flow.flow.refusals import StepRefused
from order_flow.site_time import site_now

LANGUAGES = ("en", "zh", "zh-TW")
"""A template taken in one language is understood in all."""
WORD_FIELDS = ("payment_term", "transport_mode")
"""Columns whose cells are options of the order's field, in any language."""


def template_rows() -> Table:
    """The template's head in the reader's language; required columns carry a star."""
    return [[_label(column.field) + ("*" if column.required else "") for column in COLUMNS]]


def check(url: str) -> tuple[Table, Checked]:
    """Check a file as a whole against its own form and the stored customers, products and words.

    Args:
        url: ``file_url`` of a file that the user may read.

    Returns:
        The file's rows with the head, and what became of them.

    Raises:
        StepRefused: the file is no table of orders at all.
    """
    table = read_table(url)
    try:
        columns = columns_of(table[0] if table else [], _names())
        checked = check_file(table[1:], columns)
    except OrderFlowError as error:
        params = {name: _shown(value) for name, value in error.params.items()}
        frappe.throw(_(error.template).format(**params), StepRefused, title=_("File Not Taken"))
    return table, _against_masters(checked)


def body_of(order: FileOrder, customers: Mapping[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An order of the file as the intake takes it.

    Args:
        order: a good order.
        customers: customer code by the word that the file says.

    Returns:
        Its fields and its lines.
    """
    body = {field: _plain(field, value) for field, value in order.body.items()}
    body["customer"] = customers[str(order.body["customer"])]
    return body, [{field: _plain(field, value) for field, value in line.items()} for line in order.lines]


def customer_codes(orders: Iterable[FileOrder]) -> dict[str, str]:
    """Customer code by what the file says, where exactly one customer is meant."""
    return {word: found[0].name for word, found in _customers(orders).items() if len(found) == 1}


def fault_text(fault: RowFault) -> str:
    """One fault in the reader's language."""
    return _(fault.template).format(**{name: _param(name, value) for name, value in fault.params.items()})


def _param(name: str, value: object) -> object:
    return _label(str(value)) if name == "column" else value


def _shown(value: object) -> object:
    """Field names as labels; a head that stands there twice is shown as it was written."""
    if isinstance(value, tuple):
        return "、".join(_label(str(field)) for field in value)
    return value


def _label(field: str, language: str | None = None) -> str:
    doctype = "Order Item" if BY_FIELD[field].of_line else "Order"
    return str(_(frappe.get_meta(doctype).get_label(field), language))


def _names() -> dict[str, str]:
    labels = {
        _label(column.field, language).lower(): column.field for column in COLUMNS for language in LANGUAGES
    }
    return labels | {column.field: column.field for column in COLUMNS}


def _plain(field: str, value: Value) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if field in WORD_FIELDS:
        return _option(field, str(value)) or value
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _options(field: str) -> list[str]:
    return [word for word in frappe.get_meta("Order").get_options(field).split("\n") if word]


def _option(field: str, said: str) -> str | None:
    """The stored word for one that a person wrote in any language."""
    for word in _options(field):
        if said in {word, *(_(word, language) for language in LANGUAGES)}:
            return word
    return None


def _against_masters(checked: Checked) -> Checked:
    orders = (*checked.orders, *checked.faulty)
    customers, products = _customers(orders), _products(orders)
    user = frappe.session.user
    limited = limited_to_own(user)
    found: dict[int, list[RowFault]] = {}
    for order in orders:
        # What an order says once is told at its first row.
        first = found.setdefault(order.rows[0], [])
        if said := str(order.body.get("customer") or ""):
            first += _customer_faults(said, customers.get(said, []), user if limited else None)
        first += _word_faults(order.body)
        first += _date_faults("Order", order.body)
        for row, line in zip(order.rows, order.lines, strict=True):
            told = {fault.params.get("column") for fault in checked.faults.get(row, ())}
            faults = (*_line_faults(line, products, told), *_date_faults("Order Item", line))
            found.setdefault(row, []).extend(faults)
    return refuse_rows(checked, found)


def _customers(orders: Iterable[FileOrder]) -> dict[str, list[Any]]:
    words = sorted({str(order.body["customer"]) for order in orders if "customer" in order.body})
    found: dict[str, list[Any]] = {}
    rows = frappe.get_all(
        "Customer",
        filters={"disabled": 0},
        or_filters={"name": ("in", words or [""]), "customer_name": ("in", words or [""])},
        fields=["name", "customer_name", "sales_rep", "owner"],
    )
    for row in rows:
        for word in {row.name, row.customer_name} & set(words):
            found.setdefault(word, []).append(row)
    # A code means its customer, whatever others are called.
    return {word: [row for row in hits if row.name == word] or hits for word, hits in found.items()}


def _products(orders: Iterable[FileOrder]) -> frozenset[str]:
    codes = sorted({str(line["product"]) for order in orders for line in order.lines if "product" in line})
    return frozenset(
        frappe.get_all("Product", filters={"name": ("in", codes or [""]), "disabled": 0}, pluck="name")
    )


def _customer_faults(said: str, found: Sequence[Any], limited_user: str | None) -> Iterable[RowFault]:
    if not found:
        yield RowFault(NO_CUSTOMER, {"value": said})
    elif len(found) > 1:
        yield RowFault(MANY_CUSTOMERS, {"value": said})
    elif limited_user and limited_user not in (found[0].sales_rep, found[0].owner):
        yield RowFault(NOT_IN_CARE, {"value": said})


def _word_faults(body: Mapping[str, Value]) -> Iterable[RowFault]:
    for field in WORD_FIELDS:
        if field in body and not _option(field, str(body[field])):
            known = "、".join(_(word) for word in _options(field))
            yield RowFault(UNKNOWN_WORD, {"column": field, "value": str(body[field]), "words": known})


def _date_faults(doctype: str, values: Mapping[str, Value]) -> Iterable[RowFault]:
    """Dates that the taking would refuse, e.g. 1900 from an empty cell."""
    for field, value in values.items():
        kind = KIND_OF_DATE.get((doctype, field))
        if kind is None or not isinstance(value, date):
            continue
        try:
            check_likely(kind, value, _label(field), site_now())
        except OrderFlowError as error:
            yield RowFault(error.template, {"column": field, **error.params})


def _line_faults(
    line: Mapping[str, Value], products: frozenset[str], told: Set[object]
) -> Iterable[RowFault]:
    """Return what is wrong with a row; columns that could not be read are told already."""
    code = {"value": str(line.get("product", ""))}
    if "product" in line and code["value"] not in products:
        yield RowFault(NO_PRODUCT, code)
    quantity, price = line.get("quantity"), line.get("unit_price", ZERO)
    assert isinstance(quantity, Decimal | None) and isinstance(price, Decimal)
    if quantity is not None and quantity <= ZERO:
        yield RowFault(NOT_ABOVE_ZERO, code)
    if told & {"unit_price", "is_gift"}:
        return
    if price < ZERO:
        yield RowFault(PRICE_BELOW_ZERO, code)
    elif line.get("is_gift"):
        if price:
            yield RowFault(GIFT_WITH_PRICE, code)
    elif price == ZERO:
        yield RowFault(NO_PRICE, code)
    elif quantity is not None and quantity > ZERO and round_money(price * quantity) == ZERO:
        yield RowFault(LESS_THAN_A_CENT, code)
