"""Allocation Run Line: what one order line got of the stock, and why (R-258)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class AllocationRunLine(EntryRow, Document):
    """Written by ``flow.allocation_runs`` only."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        allocated: DF.Float
        order_id: DF.Link | None
        order_item: DF.Data | None
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Link | None
        reason: DF.Data | None
        short: DF.Float
        wanted: DF.Float
        warehouses: DF.Data | None
    # end: auto-generated types
