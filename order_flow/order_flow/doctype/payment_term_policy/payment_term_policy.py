"""Payment Term Policy: what a company's procedure wants paid when (K-03)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class PaymentTermPolicy(EntryRow, Document):
    """A row of a Flow Profile; ``flow.payment_plan`` reads it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        credit_check: DF.Check
        due_days: DF.Int
        due_rule: DF.Literal["Days after Shipment", "Days after Month End"]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        payment_term: DF.Literal[
            "Online Payment",
            "Postal Remittance",
            "Bank Transfer",
            "Cash",
            "Card",
            "Prepayment",
            "Deposit and Balance",
            "Letter of Credit",
            "Cash on Delivery",
            "Instalments",
            "Monthly Account",
        ]
        percent_after_shipment: DF.Percent
        percent_before_planning: DF.Percent
        percent_before_shipment: DF.Percent
    # end: auto-generated types
