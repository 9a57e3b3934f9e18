"""Order Event: who did what with an order, when, from which state to which (R-031)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.refusals import StepRefused


class OrderEvent(Document):
    """Written by the system in one statement (``flow/lifecycle/steps``); nobody writes, changes or removes
    one."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        actor: DF.Link | None
        at: DF.Datetime | None
        order_id: DF.Link
        origin: DF.Data | None
        remark: DF.SmallText | None
        state_after: DF.Data | None
        state_before: DF.Data | None
        step: DF.Data | None
    # end: auto-generated types

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
