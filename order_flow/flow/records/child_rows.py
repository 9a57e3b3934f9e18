"""Writes the rows of a document's table with few statements, however many there are (design 8).

The framework writes every row by itself; real orders have hundreds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import frappe

from order_flow.flow.records.rows import LINES_PER_STATEMENT, insert_rows


class RowInsertedWithOthers:
    """Mixed into a row's class before Document: new rows of a table are inserted at the first one's turn."""

    flags: Any
    doctype: str
    parentfield: str

    def db_insert(self, ignore_if_duplicate: bool = False) -> None:
        """Insert the row and those that wait beside it."""
        if self._is_stored():
            return
        parent = getattr(self, "parent_doc", None)
        rows = [row for row in parent.get(self.parentfield) if row.is_new() and row.name] if parent else []
        if ignore_if_duplicate or not any(row is self for row in rows):
            super().db_insert(ignore_if_duplicate=ignore_if_duplicate)  # type: ignore[misc]
            return
        values = [_stored_values(row) for row in rows]
        insert_rows(self.doctype, list(values[0]), [tuple(each.values()) for each in values])
        for row in rows:
            row.set("__islocal", False)
            row.flags.inserted_with_others = row is not self

    def db_update(self) -> None:
        """Update the row, where it was not inserted with the others just now."""
        if not self._is_stored():
            super().db_update()  # type: ignore[misc]

    def _is_stored(self) -> bool:
        """Tell once whether another row's turn has stored this one."""
        return bool(self.flags.pop("inserted_with_others", False))


def update_rows(rows: Sequence[Any], changed: Mapping[str, frozenset[str]], common: Sequence[str]) -> None:
    """Update the changed columns of rows, one statement for all rows that changed in the same columns.

    Args:
        rows: stored rows of one table.
        changed: by a row's name, the columns that changed.
        common: columns that have the same value in all rows and are written with them.
    """
    alike: dict[frozenset[str], list[Any]] = defaultdict(list)
    for row in rows:
        alike[changed[row.name]].append(row)
    for columns, group in alike.items():
        for start in range(0, len(group), LINES_PER_STATEMENT):
            _update(group[start : start + LINES_PER_STATEMENT], sorted(columns), common)


def _update(rows: Sequence[Any], columns: Sequence[str], common: Sequence[str]) -> None:
    values = {row.name: _stored_values(row) for row in rows}
    first = values[rows[0].name]
    cases = " ".join(["when %s then %s"] * len(rows))
    # No row outside the list is written, so that no value passes through the type of a ``case``.
    sets = [f"`{column}` = %s" for column in common]
    sets += [f"`{column}` = case name {cases} end" for column in columns]
    frappe.db.sql(
        f"update `tab{rows[0].doctype}` set {', '.join(sets)} where name in %s",
        [
            *(first[column] for column in common),
            *(part for column in columns for name, row in values.items() for part in (name, row[column])),
            tuple(values),
        ],
    )


def _stored_values(row: Any) -> dict[str, Any]:
    """Return a row's columns as the framework stores them."""
    values: dict[str, Any] = row.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True)
    return values
