"""Working Calendar Day: a day that differs from the public calendar."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class WorkingCalendarDay(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        day: DF.Date
        kind: DF.Literal["Day of Rest", "Working Day"]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        remark: DF.Data | None
    # end: auto-generated types
