"""Fills the order tables with generated rows, fast: copies of one real order by plain SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import frappe

TABLES: Final = (
    "Order",
    "Order Item",
    "Order Event",
    "Order Payment",
    "Shipment",
    "Shipment Item",
    "Shipment Event",
    "Sync Outbox",
    "Sync Attempt",
    "Sync Discrepancy",
    "Workflow Action",
    "Workflow Action Permitted Role",
    "Version",
)
"""What an order's life writes to."""
_STEP: Final = 20_000
"""Orders a transaction, so that the undo log stays small."""
_OUTBOX_SEQUENCE: Final = "NEXTVAL(`sync_outbox_id_seq`)"


def empty_tables() -> None:
    """Remove every order of the bench site with all that hangs on it."""
    for doctype in TABLES:
        frappe.db.sql_ddl(f"TRUNCATE TABLE `tab{doctype}`")


def stored_orders() -> int:
    """How many orders the site holds."""
    return int(frappe.db.sql("SELECT COUNT(*) FROM `tabOrder`")[0][0])


def fill_up_to(count: int, model: str, outbox_state: str) -> None:
    """Copy one order with its lines, event, waiting work and message until there are `count` orders.

    Args:
        count: orders the site shall hold afterwards.
        model: name of the order that is copied.
        outbox_state: state of the copied messages, a value of ``RowState``.
    """
    stored = stored_orders()
    for first in range(stored + 1, count + 1, _STEP):
        _copy(model, first, min(first + _STEP - 1, count), outbox_state)
        frappe.db.commit()
    for doctype in TABLES:
        frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")


def _copy(model: str, first: int, last: int, outbox_state: str) -> None:
    order = "CONCAT('BULK', LPAD(seq.seq, 10, '0'))"
    # Spread over a year, so that an index on time has something to choose from.
    age = "source.creation - INTERVAL (seq.seq % 525600) MINUTE"
    row = "CONCAT('B', source.idx, LPAD(seq.seq, 10, '0'))"
    _clone(
        "Order",
        f"name = {_text(model)}",
        {"name": order, "order_number": order, "creation": age, "ordered_at": age},
        first,
        last,
    )
    _clone("Order Item", f"parent = {_text(model)}", {"name": row, "parent": order}, first, last)
    _clone("Order Event", f"order_id = {_text(model)}", {"name": row, "order_id": order}, first, last)
    _clone(
        "Workflow Action",
        f"reference_name = {_text(model)}",
        {"name": order, "reference_name": order},
        first,
        last,
    )
    action = frappe.db.get_value("Workflow Action", {"reference_name": model})
    _clone(
        "Workflow Action Permitted Role",
        f"parent = {_text(action)}",
        {"name": row, "parent": order},
        first,
        last,
    )
    _clone(
        "Sync Outbox",
        f"document = {_text(model)}",
        {"name": _OUTBOX_SEQUENCE, "document": order, "state": _text(outbox_state)},
        first,
        last,
    )


def _text(value: Any) -> str:
    """A value as an SQL literal."""
    return str(frappe.db.escape(value))


def _clone(doctype: str, where: str, changes: Mapping[str, str], first: int, last: int) -> None:
    """Insert one copy of the selected rows for each number; `changes` are SQL expressions by column."""
    columns = frappe.db.get_table_columns(doctype)
    values = [changes.get(column, f"source.`{column}`") for column in columns]
    names = ", ".join(f"`{column}`" for column in columns)
    frappe.db.sql(
        f"""INSERT INTO `tab{doctype}` ({names}) SELECT {", ".join(values)}
        FROM (SELECT * FROM `tab{doctype}` WHERE {where}) source, seq_{first}_to_{last} seq"""
    )
