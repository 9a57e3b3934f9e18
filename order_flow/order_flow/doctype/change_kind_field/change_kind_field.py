"""Change Kind Field: one field, or one whole-line action, that a kind of change may touch."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ChangeKindField(EntryRow, Document):
    """A row of a kind; the kind checks it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        fieldname: DF.Data | None
        level: DF.Literal["Order", "Line", "Add Line", "Remove Line"]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
    # end: auto-generated types
