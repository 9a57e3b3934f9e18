"""Saves an order's lines with few statements: what did not change is written together (design 8)."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.flow.records.child_rows import update_rows

ITEMS = "items"
_SAME_IN_ALL = ("docstatus", "modified", "modified_by")
_WRITTEN_BY_A_SAVE = frozenset(
    {"docstatus", "idx", "modified", "modified_by", "parent", "parenttype", "parentfield"}
)


class LinesSavedTogether:
    """Mixed into Order before Document.

    The framework writes every child row at every save. A step leaves the lines as they are, a change notice
    touches a few of them, and an order may have hundreds, so the common columns of the others are written at
    once, and what changed in several lines as well.
    """

    flags: Any
    name: str
    items: list[Any]

    def update_child_table(self, fieldname: str, df: Any = None) -> None:
        """Write one child table as the framework does, or the order's lines as far as they changed."""
        before = self.get_doc_before_save()  # type: ignore[attr-defined]
        if fieldname != ITEMS or before is None or not self.items:
            super().update_child_table(fieldname, df)  # type: ignore[misc]
            return
        stored = {line.name: line for line in before.items}
        self._delete_missing(stored)
        changed = {
            line.name: _changed(line, stored[line.name]) for line in self.items if _is_kept(line, stored)
        }
        touched = [line for line in self.items if changed.get(line.name)]
        update_rows(touched, changed, _SAME_IN_ALL)
        if len(touched) < len(self.items):
            self._touch_all()
        for line in self.items:
            if line.name not in changed:
                line.db_update()  # inserts a new one, with all the others
        self._renumber(stored)

    def _touch_all(self) -> None:
        frappe.db.sql(
            "update `tabOrder Item` set docstatus = %s, modified = %s, modified_by = %s where parent = %s",
            (int(self.docstatus), self.modified, self.modified_by, self.name),  # type: ignore[attr-defined]
        )

    def _delete_missing(self, stored: dict[str, Any]) -> None:
        gone = stored.keys() - {line.name for line in self.items}
        if gone:
            frappe.db.delete("Order Item", {"name": ("in", sorted(gone))})

    def _renumber(self, stored: dict[str, Any]) -> None:
        """A line that goes moves all that follow it."""
        if any(line.name in stored and line.idx != stored[line.name].idx for line in self.items):
            frappe.db.sql(
                "update `tabOrder Item` set idx = find_in_set(name, %s) where parent = %s",
                (",".join(line.name for line in self.items), self.name),
            )


def _is_kept(line: Any, stored: dict[str, Any]) -> bool:
    return line.name in stored and not line.is_new()


def _changed(line: Any, old: Any) -> frozenset[str]:
    columns = [column for column in line.get_valid_columns() if column not in _WRITTEN_BY_A_SAVE]
    return frozenset(column for column in columns if line.get(column) != old.get(column))
