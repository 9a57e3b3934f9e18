"""Change Kind Department: one department of a kind of change; it answers or is informed (R-129..R-140)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ChangeKindDepartment(EntryRow, Document):
    """A row of a kind; the kind checks it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        department: DF.Literal[
            "Sales",
            "Sales Management",
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
        involvement: DF.Literal["Answers", "Informed"]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        question: DF.SmallText | None
    # end: auto-generated types
