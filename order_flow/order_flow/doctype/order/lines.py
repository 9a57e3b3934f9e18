"""Saves an order's lines in one statement where only the order's own state moved on."""

from __future__ import annotations

from typing import Any

import frappe

ITEMS = "items"
_WRITTEN_BY_A_SAVE = frozenset(
    {"docstatus", "modified", "modified_by", "parent", "parenttype", "parentfield"}
)


class LinesSavedTogether:
    """Mixed into Order before Document.

    The framework writes every child row at every save. A step leaves the lines as they are, and an order
    may have hundreds of them, so their common columns are written at once (design 8).
    """

    flags: Any
    name: str
    items: list[Any]

    def update_child_table(self, fieldname: str, df: Any = None) -> None:
        """Write one child table as the framework does, or all unchanged lines in one statement."""
        before = self.get_doc_before_save()  # type: ignore[attr-defined]
        if fieldname != ITEMS or before is None or not self._lines_unchanged(before):
            super().update_child_table(fieldname, df)  # type: ignore[misc]
            return
        frappe.db.sql(
            "update `tabOrder Item` set docstatus = %s, modified = %s, modified_by = %s where parent = %s",
            (int(self.docstatus), self.modified, self.modified_by, self.name),  # type: ignore[attr-defined]
        )

    def _lines_unchanged(self, before: Any) -> bool:
        if not self.items or len(self.items) != len(before.items):
            return False
        columns = [column for column in self.items[0].get_valid_columns() if column not in _WRITTEN_BY_A_SAVE]
        return all(
            line.get(column) == old.get(column)
            for line, old in zip(self.items, before.items, strict=True)
            for column in columns
        )
