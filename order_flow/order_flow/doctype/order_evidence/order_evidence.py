"""Order Evidence: what proves that the customer confirmed an order (R-003, R-110, R-111)."""

from __future__ import annotations

from order_flow.flow.lifecycle.evidence import guard_evidence
from order_flow.flow.records.entry_document import EntryDocument


class OrderEvidence(EntryDocument):
    """One proof; recorded by a method that checks it, and kept as it is."""

    def validate(self) -> None:
        """Nobody writes one past the method."""
        guard_evidence(self)

    def on_trash(self) -> None:
        """Kept as the order is (R-382)."""
        guard_evidence(self)
