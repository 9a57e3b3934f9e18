"""Evidence Policy: a kind of evidence that confirms an order under a Flow Profile (K-15)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class EvidencePolicy(EntryRow, Document):
    """A kind of evidence that confirms an order under a Flow Profile (K-15)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

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
        ]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        together: DF.Int
    # end: auto-generated types
