"""Number Counter: the last number of one series; written by ``flow/records/numbers`` only."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class NumberCounter(Document):
    """One series."""

    def validate(self) -> None:
        """A counter that somebody sets back would give numbers twice."""
        frappe.throw(_("Counters are written by the system only."), StepRefused)

    def on_trash(self) -> None:
        """The same."""
        frappe.throw(_("Counters are written by the system only."), StepRefused)
