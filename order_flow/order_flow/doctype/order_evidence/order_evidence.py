"""Order Evidence: what proves that the customer confirmed an order (R-003, R-110, R-111)."""

from __future__ import annotations

from order_flow.flow.lifecycle.evidence import guard_evidence
from order_flow.flow.records.entry_document import EntryDocument


class OrderEvidence(EntryDocument):
    """One proof; recorded by a method that checks it, and kept as it is."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        attachment: DF.Attach | None
        content: DF.Data | None
        kind: DF.Literal[
            "Written Confirmation",
            "Returned Order",
            "Signed Contract",
            "Verbal Order Record",
            "Customer Acknowledgement",
            "E-mail",
            "SMS",
            "Phone Call",
            "Payment Proof",
            "Part Shipment Agreed",
        ]
        order_id: DF.Link
        received_at: DF.Datetime
        received_from: DF.Data
        recorded_by: DF.Link
        remark: DF.SmallText | None
    # end: auto-generated types

    def validate(self) -> None:
        """Nobody writes one past the method."""
        guard_evidence(self)

    def on_trash(self) -> None:
        """Kept as the order is (R-382)."""
        guard_evidence(self)
