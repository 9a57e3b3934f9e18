"""Sales Policy: a combination of terms that a company sells under (R-058)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class SalesPolicy(EntryRow, Document):
    """A combination of terms that a company sells under (R-058)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        payment_term: DF.Literal[
            "",
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
        trade: DF.Literal["", "Domestic", "Foreign"]
        transport_mode: DF.Literal[
            "", "Express", "Road", "Rail", "Sea", "Air", "Customer Collects", "Own Vehicle"
        ]
    # end: auto-generated types
