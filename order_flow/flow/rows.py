"""Writes rows of the order's bookkeeping (events, waiting work, lines) with one plain statement.

The framework's query builder spends more time on building such a statement than the database on running it;
an order's creation writes four of them (design 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

LINES_PER_STATEMENT = 200
"""Keeps the statement of a very long order far below the server's packet limit."""


def insert_rows(doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows into a DocType's table without loading documents; rights were checked by the caller.

    Args:
        doctype: the table's DocType.
        columns: column names, written by our own code or taken from the DocType's definition.
        rows: values in the columns' order.
    """
    names = ", ".join(f"`{column}`" for column in columns)
    places = f"({', '.join(['%s'] * len(columns))})"
    for start in range(0, len(rows), LINES_PER_STATEMENT):
        part = rows[start : start + LINES_PER_STATEMENT]
        frappe.db.sql(
            f"INSERT INTO `tab{doctype}` ({names}) VALUES {', '.join([places] * len(part))}",
            [value for row in part for value in row],
        )
