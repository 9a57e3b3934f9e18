"""Why the system asks somebody to do something: each reason has one open task about a document at most."""

from __future__ import annotations

from enum import StrEnum


class TaskReason(StrEnum):
    """What a task stands for, and how its name begins."""

    SURPLUS = "surplus"
    """More was paid than is owed."""
    REFUND_DUE = "refund-due"
    """Money of an order that was called off, or of a part of it, goes back."""
    MONEY_MISSING = "money-missing"
    """An order counts as paid, and a change or a refund left a part of it open."""
    CREDIT_NOTE_PROPOSED = "credit-note-proposed"
    """A credit note waits for finance's decision."""
    RED_DOCUMENT = "red-document"
    """An approved credit note is to be booked in the ledger by hand."""
    CANCELLATION_REFUSED = "cancellation-refused"
    """WDT shipped before it could cancel: somebody speaks with the customer."""
