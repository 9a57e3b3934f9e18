"""One call to an outside system: what was sent, what came back, how long it took. Secrets are masked."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.outbox.sending import attempts


class SyncAttempt(Document):
    """Written by ``order_flow.outbox.sending.attempts`` only (R-352)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.DynamicLink
        account_type: DF.Link
        answer: DF.Code | None
        at: DF.Datetime | None
        body_in: DF.Link | None
        direction: DF.Literal["Outbound", "Inbound"]
        document: DF.DynamicLink | None
        document_type: DF.Link | None
        elapsed_ms: DF.Float
        endpoint: DF.Data | None
        error: DF.SmallText | None
        http_status: DF.Int
        outbox_row: DF.Link | None
        request: DF.Code | None
        result: DF.Literal[
            "OK",
            "Transient",
            "Rate Limited",
            "Rejected",
            "Misconfigured",
            "Outcome Unknown",
            "Defect",
            "Worker Lost",
        ]
        rows_in_call: DF.Int
    # end: auto-generated types

    @staticmethod
    def clear_old_logs(days: int | None = None) -> None:
        """Delete attempts past their retention; failures stay longer than successes.

        Args:
            days: keep successful attempts this many days instead of the time in Order Flow Settings.
        """
        attempts.clear_old(days)


def on_doctype_update() -> None:
    """Create the indexes for retention and for the calls of one document."""
    frappe.db.add_index("Sync Attempt", ["result", "at"], "sync_attempt_retention")
    frappe.db.add_index("Sync Attempt", ["document_type", "document"], "sync_attempt_document")
