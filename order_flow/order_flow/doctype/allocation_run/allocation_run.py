"""Allocation Run: one time that the stock was given to the orders that want it (R-258)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class AllocationRun(Document):
    """Written by ``flow.allocation_runs`` only; kept as the explanation of who got what."""

    def on_trash(self) -> None:
        """Runs are kept (R-382)."""
        frappe.throw(_("Allocation runs are kept: they explain who got what."), StepRefused)
