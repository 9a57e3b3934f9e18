"""How far one stream of an account has been read; moved by ``order_flow.outbox.reading.positions``."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class SyncPosition(Document):
    """One row per account and stream."""


def on_doctype_update() -> None:
    """Create the index that makes a position unique."""
    frappe.db.add_unique(
        "Sync Position", ["account_type", "account", "stream"], constraint_name="sync_position_stream"
    )
