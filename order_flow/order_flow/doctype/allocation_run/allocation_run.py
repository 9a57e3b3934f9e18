"""Allocation Run: one time that the stock was given to the orders that want it (R-258)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class AllocationRun(Document):
    """Written by ``flow.allocation_runs`` only; kept as the explanation of who got what."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.allocation_run_line.allocation_run_line import AllocationRunLine

        lines: DF.Table[AllocationRunLine]
        lines_allocated: DF.Int
        lines_short: DF.Int
        nearest_first: DF.Check
        orders: DF.Int
        run_at: DF.Datetime | None
        run_by: DF.Link | None
        strategy: DF.SmallText | None
        whole_orders: DF.Check
    # end: auto-generated types

    def on_trash(self) -> None:
        """Runs are kept (R-382)."""
        frappe.throw(_("Allocation runs are kept: they explain who got what."), StepRefused)
