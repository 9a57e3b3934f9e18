"""Gate Override: somebody let an order pass an open gate, with name and reason (K-14)."""

from __future__ import annotations

from order_flow.flow.gates.overrides import guard_override
from order_flow.flow.records.entry_document import EntryDocument


class GateOverride(EntryDocument):
    """A named exception; made and closed by methods only."""

    def validate(self) -> None:
        """Nobody writes one past the method that checks his right to."""
        guard_override(self)

    def on_trash(self) -> None:
        """Kept as the order is (R-382)."""
        guard_override(self)
