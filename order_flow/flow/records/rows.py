"""Writes rows of the order's bookkeeping (events, waiting work, lines) with one plain statement.

The framework's query builder spends more time on building such a statement than the database on running it;
an order's creation writes four of them (design 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe.model.naming import is_autoincremented

LINES_PER_STATEMENT = 200
"""Keeps the statement of a very long order far below the server's packet limit."""


def insert_rows(doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows into a DocType's table without loading documents; rights were checked by the caller.

    Args:
        doctype: the table's DocType.
        columns: column names, written by our own code or taken from the DocType's definition.
        rows: values in the columns' order.
    """
    _insert("INSERT", doctype, columns, rows)


def insert_new_rows(doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The same, leaving out rows whose name is there already: the caller's names say what is the same.

    The database also turns values that do not fit into such that do; the caller gives none.
    """
    _insert("INSERT IGNORE", doctype, columns, rows)


def insert_rows_of_framework(doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The same for a DocType of the framework, which names its rows itself: by a sequence or at random.

    Which of the two differs between the framework's versions.
    """
    names = ", ".join(f"`{column}`" for column in ("name", *columns))
    if is_autoincremented(doctype):
        name = f"nextval(`{frappe.scrub(f'{doctype}_id_seq')}`)"
        named = rows
    else:
        name = "%s"
        named = [(frappe.generate_hash(length=10), *row) for row in rows]
    place = f"({', '.join([name, *['%s'] * len(columns)])})"
    for start in range(0, len(named), LINES_PER_STATEMENT):
        part = named[start : start + LINES_PER_STATEMENT]
        frappe.db.sql(
            f"INSERT INTO `tab{doctype}` ({names}) VALUES {', '.join([place] * len(part))}",
            [value for row in part for value in row],
        )


def _insert(verb: str, doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    names = ", ".join(f"`{column}`" for column in columns)
    places = f"({', '.join(['%s'] * len(columns))})"
    for start in range(0, len(rows), LINES_PER_STATEMENT):
        part = rows[start : start + LINES_PER_STATEMENT]
        frappe.db.sql(
            f"{verb} INTO `tab{doctype}` ({names}) VALUES {', '.join([places] * len(part))}",
            [value for row in part for value in row],
        )
