"""Orders from a table file: one row a line, checked as a whole before anything is stored (issue: face 6).

The file's head row names the columns. Rows with the same order number belong to one order; what an order
says once may stay empty in its other rows. An order with one bad row is not taken at all: half an order
would be worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from order_flow.domain.errors import OrderFlowError
from order_flow.domain.orders.file_cells import (
    Cell,
    CellRefused,
    ColumnKind,
    Merged,
    Value,
    read_cell,
    text_of,
)

MOST_ROWS: Final = 20_000
"""Larger files are refused: they are cut into several by whoever makes them."""


Table = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template.

    Args:
        field: name of the field in the order or its line.
        kind: what its cells hold.
        of_line: whether each row has its own value.
        required: whether an order (or line) without it is refused.
        places: decimals that its numbers may have.
    """

    field: str
    kind: ColumnKind = ColumnKind.TEXT
    of_line: bool = False
    required: bool = False
    places: int = 2


NUMBER_COLUMN: Final = "external_number"

COLUMNS: Final = (
    Column(NUMBER_COLUMN, ColumnKind.KEY, required=True),
    Column("customer", ColumnKind.KEY, required=True),
    Column("customer_order_number", ColumnKind.KEY),
    Column("ordered_at", ColumnKind.MOMENT),
    Column("requested_delivery_at", ColumnKind.MOMENT),
    Column("payment_term"),
    Column("transport_mode"),
    Column("contact_person"),
    Column("mobile", ColumnKind.KEY),
    Column("province"),
    Column("city"),
    Column("district"),
    Column("address_line"),
    Column("buyer_message"),
    Column("freight", ColumnKind.NUMBER),
    Column("product", ColumnKind.KEY, of_line=True, required=True),
    Column("quantity", ColumnKind.NUMBER, of_line=True, required=True, places=4),
    Column("unit_price", ColumnKind.NUMBER, of_line=True, places=6),
    Column("tax_percent", ColumnKind.PERCENT, of_line=True, places=4),
    Column("is_gift", ColumnKind.YES_NO, of_line=True),
    Column("requested_date", ColumnKind.DAY, of_line=True),
    Column("remark", of_line=True),
)
"""The template, in its order (R-040..R-043)."""

BY_FIELD: Final = {column.field: column for column in COLUMNS}

_MISSING = "{column} is missing. Fill it in."
_MERGED = "{column}: the cell is merged with the one above. Unmerge it and fill in every row."
_ROW_WITHOUT_NUMBER = "Row {row} has no order number and may belong to this order. Fill it in."
_SAYS_OTHERWISE = "{column}: row {first} of this order says '{said}', this one '{value}'. Make them equal."
_ANOTHER_ROW = "Another row of this order is at fault; an order is taken whole or not at all."
_NO_COLUMN = (
    "The file has no column {columns}. Take the template, or write these names into the first row, and try "
    "again."
)
_TWICE = "The column {columns} stands in the first row twice. Delete one of them and try again."
_EMPTY = "The file has no rows under the first one. Fill in orders and try again."
_TOO_LONG = "The file has {rows} rows; at most {most} are taken at once. Cut it into several files."

NO_CUSTOMER = "Customer '{value}' does not exist or is disabled. Write the customer's code or exact name."
MANY_CUSTOMERS = "Several customers are called '{value}'. Write the customer's code instead of the name."
NOT_IN_CARE = "Customer '{value}' is not in your care. Ask the sales manager to enter you there."
NO_PRODUCT = "Product '{value}' does not exist or is disabled. Write the product's code."
PRICE_BELOW_ZERO = "Product '{value}': the price is below zero. Correct it."
NO_PRICE = "Product '{value}' has no price. Enter it, or mark the line as a gift."
GIFT_WITH_PRICE = "Product '{value}': a gift has no price. Leave the price empty, or do not mark the line."
LESS_THAN_A_CENT = "Product '{value}': quantity and price come to less than a cent."
NOT_ABOVE_ZERO = "Product '{value}': the quantity must be above zero."
UNKNOWN_WORD = "{column}: '{value}' is not known. Choose one of: {words}."


class OrderFileRefused(OrderFlowError):
    """The file as a whole is no table of orders."""

    code = "order_file_refused"


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is not taken.

    Args:
        template: English text with named places.
        params: the places' values; ``column`` is a field name, which the edge shows by its label.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileOrder:
    """One good order of the file: its fields, its lines, and the file's rows they stand in."""

    number: str
    body: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a file: orders that can be taken, and faults by row number (the head is row 1)."""

    orders: tuple[FileOrder, ...]
    faults: Mapping[int, tuple[RowFault, ...]]
    faulty: tuple[FileOrder, ...] = ()
    """Orders that cannot be taken, as far as they could be read: the rest of them is checked all the same."""


def columns_of(head: Sequence[Cell], names: Mapping[str, str]) -> dict[int, Column]:
    """Find the template's columns in a file's first row; others are left alone.

    Args:
        head: the first row.
        names: field by each name a column may carry (label in any language, or the field itself), in lower
            case.

    Returns:
        Column by its place.

    Raises:
        OrderFileRefused: a required column is missing, or one stands there twice.
    """
    found: dict[int, Column] = {}
    for place, cell in enumerate(head):
        name = names.get(text_of(cell).rstrip("*").strip().lower())
        if name is None:
            continue
        if BY_FIELD[name] in found.values():
            raise OrderFileRefused(_TWICE, {"columns": text_of(cell)})
        found[place] = BY_FIELD[name]
    missing = [column.field for column in COLUMNS if column.required and column not in found.values()]
    if missing:
        raise OrderFileRefused(_NO_COLUMN, {"columns": tuple(missing)})
    return found


def check_file(rows: Sequence[Sequence[Cell]], columns: Mapping[int, Column]) -> Checked:
    """Read all rows and sort the good orders from the bad.

    Args:
        rows: everything below the head row; empty rows are left out.
        columns: as ``columns_of`` found them.

    Returns:
        Good orders in the order of their first row, and the faults of all others.

    Raises:
        OrderFileRefused: no rows, or too many.
    """
    filled = [(number, row) for number, row in enumerate(rows, 2) if any(text_of(cell) for cell in row)]
    if not filled:
        raise OrderFileRefused(_EMPTY)
    if len(filled) > MOST_ROWS:
        raise OrderFileRefused(_TOO_LONG, {"rows": len(filled), "most": MOST_ROWS})
    faults: dict[int, list[RowFault]] = {}
    grouped: dict[str, list[tuple[int, dict[str, Value]]]] = {}
    above = 0
    for number, row in filled:
        values, row_faults = _read_row(row, columns)
        faults[number] = row_faults
        if NUMBER_COLUMN in values:
            above = number
        elif above:
            # Half an order would be taken, and its corrected row would then be another content.
            faults[above].append(RowFault(_ROW_WITHOUT_NUMBER, {"row": number}))
        grouped.setdefault(str(values.get(NUMBER_COLUMN, f"\0{number}")), []).append((number, values))
    orders = [_order_of(name, group, faults) for name, group in grouped.items()]
    return _sorted_out(orders, faults)


def refuse_rows(checked: Checked, found: Mapping[int, Sequence[RowFault]]) -> Checked:
    """Add what a look at the stored data found, and take the orders out that it is about.

    Args:
        checked: what the file says by itself.
        found: faults by row.

    Returns:
        The rest; each row carries its own faults, one after the other.
    """
    orders = (*checked.orders, *checked.faulty)
    own = {
        row: [fault for fault in checked.faults.get(row, ()) if fault.template != _ANOTHER_ROW]
        for order in orders
        for row in order.rows
    }
    return _sorted_out(orders, {row: [*faults, *found.get(row, ())] for row, faults in own.items()})


def _sorted_out(orders: Iterable[FileOrder], faults: Mapping[int, Sequence[RowFault]]) -> Checked:
    """The good orders and the others; every row of these has a word to it."""
    good, faulty = [], []
    said: dict[int, tuple[RowFault, ...]] = {}
    for order in orders:
        if not any(faults[row] for row in order.rows):
            good.append(order)
            continue
        faulty.append(order)
        said |= {row: tuple(faults[row]) or (RowFault(_ANOTHER_ROW),) for row in order.rows}
    return Checked(tuple(good), said, tuple(faulty))


def _order_of(
    name: str, group: Sequence[tuple[int, Mapping[str, Value]]], faults: dict[int, list[RowFault]]
) -> FileOrder:
    body, said_in = {}, {}
    for number, values in group:
        for column in COLUMNS:
            value = values.get(column.field)
            if column.of_line or column.field == NUMBER_COLUMN or value is None:
                continue
            if column.field not in body:
                body[column.field], said_in[column.field] = value, number
            elif body[column.field] != value:
                said = {"first": said_in[column.field], "said": str(body[column.field]), "value": str(value)}
                faults[number].append(RowFault(_SAYS_OTHERWISE, {"column": column.field, **said}))
    first = group[0][0]
    for column in COLUMNS:
        if column.required and not column.of_line and column.field not in {*body, NUMBER_COLUMN}:
            faults[first].append(RowFault(_MISSING, {"column": column.field}))
    rows = tuple(number for number, _values in group)
    lines = tuple(
        {
            column.field: values[column.field]
            for column in COLUMNS
            if column.of_line and column.field in values
        }
        for _number, values in group
    )
    return FileOrder(name, body, lines, rows)


def _read_row(row: Sequence[Cell], columns: Mapping[int, Column]) -> tuple[dict[str, Value], list[RowFault]]:
    values: dict[str, Value] = {}
    faults: list[RowFault] = []
    for place, column in columns.items():
        cell = row[place] if place < len(row) else None
        if isinstance(cell, Merged) and column.of_line:
            faults.append(RowFault(_MERGED, {"column": column.field}))
        elif not text_of(cell):
            if column.required and (column.of_line or column.field == NUMBER_COLUMN):
                faults.append(RowFault(_MISSING, {"column": column.field}))
        else:
            try:
                values[column.field] = read_cell(column.kind, cell, column.places)
            except CellRefused as refused:
                faults.append(RowFault(refused.template, {"column": column.field, **refused.params}))
    return values, faults
