"""Columns whose values are compared byte by byte: numbers that other systems gave (ADR 0025)."""

from __future__ import annotations

from typing import Final

import frappe

EXACT: Final = "utf8mb4_bin"
EXACT_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "Order": ("external_number", "customer_order_number"),
    "Order Payment": ("reference", "reference_key"),
    "Shipment": ("waybill_number",),
}
"""The framework's own comparison takes ``A1`` for ``a1``, ``e`` for ``é`` and every emoji for every other."""

_COLUMNS: Final = """select column_name, column_type, collation_name from information_schema.columns
    where table_schema = database() and table_name = %s and column_name in %s"""


def ensure_exact_keys(doctype: str | None = None) -> None:
    """Give the columns the exact comparison where they lost it; the framework's changes of a table may.

    Args:
        doctype: only its columns; all where it is left out.
    """
    for name in [doctype] if doctype else EXACT_KEYS:
        rows = frappe.db.sql(_COLUMNS, (f"tab{name}", EXACT_KEYS[name]))
        changes = [
            f"modify `{column}` {kind} character set utf8mb4 collate {EXACT}"
            for column, kind, collation in rows
            if collation != EXACT
        ]
        if changes:
            frappe.db.sql_ddl(f"alter table `tab{name}` {', '.join(changes)}")
