"""How far one stream of an account has been read; moved by ``order_flow.outbox.reading.positions``."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class SyncPosition(Document):
    """One row per account and stream."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.DynamicLink
        account_type: DF.Link
        interrupted: DF.Check
        last_document: DF.Data | None
        last_error: DF.SmallText | None
        last_records: DF.Int
        last_run_at: DF.Datetime | None
        last_success_at: DF.Datetime | None
        position: DF.Datetime | None
        records_read: DF.Int
        stream: DF.Data
        unfinished_window: DF.SmallText | None
        waiting: DF.LongText | None
    # end: auto-generated types


def on_doctype_update() -> None:
    """Create the index that makes a position unique."""
    frappe.db.add_unique(
        "Sync Position", ["account_type", "account", "stream"], constraint_name="sync_position_stream"
    )
