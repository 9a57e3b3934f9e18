"""One call to an outside system: what was sent, what came back, how long it took. Secrets are masked."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.outbox.sending import attempts


class SyncAttempt(Document):
    """Written by ``order_flow.outbox.sending.attempts`` only (R-352)."""

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
