"""Review Question: what a review template asks one department."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ReviewQuestion(EntryRow, Document):
    """A row of a Review Template."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        attachment_required: DF.Check
        department: DF.Literal[
            "Sales",
            "Sales Management",
            "Marketing Management",
            "General Management",
            "Technology",
            "Planning",
            "Material Control",
            "Purchasing",
            "Production",
            "Quality",
            "Warehouse",
            "Logistics",
            "Finance",
            "After-sales",
        ]
        due_after: DF.Int
        due_unit: DF.Literal["Hours", "Working Hours", "Working Days"]
        level: DF.Int
        may_defer: DF.Check
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        question: DF.SmallText
        required: DF.Check
    # end: auto-generated types
