"""Allocation Run Line: what one order line got of the stock, and why (R-258)."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow


class AllocationRunLine(EntryRow, Document):
    """Written by ``flow.allocation_runs`` only."""
