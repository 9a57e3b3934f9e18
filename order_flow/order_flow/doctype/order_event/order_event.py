"""Order Event: who did what with an order, when, from which state to which (R-031)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class OrderEvent(Document):
    """Written by the system in one statement (``flow/lifecycle/steps``); nobody writes, changes or removes
    one."""

    def validate(self) -> None:
        """Called only where somebody saves one as a document."""
        self._refuse()

    def on_trash(self) -> None:
        """Called only where somebody deletes one."""
        self._refuse()

    def _refuse(self) -> None:
        frappe.throw(
            _("What happened to an order is written by the system and kept as it is. Nothing was changed."),
            StepRefused,
        )
