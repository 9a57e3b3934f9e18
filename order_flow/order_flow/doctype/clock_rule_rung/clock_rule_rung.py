"""Clock Rule Rung: when which role hears of a clock."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class ClockRuleRung(EntryRow, Document):
    """Changes with its parent only; holds no rules of its own."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        minutes_late: DF.Int
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        percent: DF.Percent
        role: DF.Link
    # end: auto-generated types
