"""Order Payment: money received or paid back for an order, confirmed by finance (R-152)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.payments import RECORDED_PAYMENT, check_payable, confirm_payment, reject_payment
from order_flow.flow.refusals import StepRefused

_GUARDED = ("status", "confirmed_by", "confirmed_at")
_FIXED_ONCE_DECIDED = ("amount", "kind", "order_id", "received_on", "reference")


class OrderPayment(Document):
    """One movement of money."""

    def validate(self) -> None:
        """Only recording is free; deciding goes through ``confirm`` and ``reject``."""
        self.reference = self.reference or None
        if self.amount <= 0:
            frappe.throw(
                _("The amount must be above zero. A refund is a kind, not a negative amount."), StepRefused
            )
        order = frappe.db.get_value(
            "Order", self.order_id, ["name", "customer", "currency", "workflow_state"], as_dict=True
        )
        self.customer = order.customer
        self.currency = order.currency
        if self.is_new():
            self._start_as_recorded()
            check_payable(order, self.kind)
        self._guard_decision()

    def _start_as_recorded(self) -> None:
        if self.status not in (None, "", RECORDED_PAYMENT):
            frappe.throw(
                _("A payment starts as recorded; finance confirms it afterwards. Leave the status out."),
                StepRefused,
            )
        self.status = RECORDED_PAYMENT

    def _guard_decision(self) -> None:
        before = self.get_doc_before_save()
        if before is None or self.flags.status_open:
            return
        touched = [name for name in _GUARDED if self.has_value_changed(name)]
        if before.status != RECORDED_PAYMENT:
            touched += [name for name in _FIXED_ONCE_DECIDED if self.has_value_changed(name)]
        if touched:
            frappe.throw(
                _("These fields are written by the system only: {0}. Leave them out.").format(
                    ", ".join(_(self.meta.get_label(name)) for name in touched)
                ),
                StepRefused,
            )

    def on_trash(self) -> None:
        """Money facts are kept (R-382)."""
        frappe.throw(_("Payments are kept. Reject a wrong record instead of deleting it."), StepRefused)

    def confirm(self) -> None:
        """Confirm the money; finance only."""
        confirm_payment(self)

    def reject(self) -> None:
        """Reject the record; finance only."""
        reject_payment(self)


def on_doctype_update() -> None:
    """One reference per order, and the query for confirmed money."""
    frappe.db.add_unique("Order Payment", ["order_id", "reference"], constraint_name="unique_order_reference")
    frappe.db.add_index("Order Payment", ["order_id", "status"], index_name="order_status")
