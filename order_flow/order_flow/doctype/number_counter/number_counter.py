"""Number Counter: the last number of one series; written by ``flow/records/numbers`` only."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class NumberCounter(Document):
    """One series."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        counter_key: DF.Data
        last_number: DF.Int
    # end: auto-generated types

    def validate(self) -> None:
        """A counter that somebody sets back would give numbers twice."""
        frappe.throw(_("Counters are written by the system only."), StepRefused)

    def on_trash(self) -> None:
        """The same."""
        frappe.throw(_("Counters are written by the system only."), StepRefused)
