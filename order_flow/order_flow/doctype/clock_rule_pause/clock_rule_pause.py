"""Clock Rule Pause: a reason for which a clock may rest."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRulePause(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        reason: DF.Literal["On Hold", "Waiting for Customer", "Difference Under Discussion"]
    # end: auto-generated types
