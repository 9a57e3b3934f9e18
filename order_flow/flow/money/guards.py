"""What money that was recorded for an order does not let people do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.money.payments import PaymentRecord
from order_flow.flow.refusals import StepRefused

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_MONEY_HANGS_ON = ("customer", "currency")
"""Money was received from this customer and in this currency; another one would make it somebody else's."""


def refuse_change_under_money(order: Order) -> None:
    """Refuse another customer or currency for an order for which money is recorded.

    Args:
        order: the Order document in the middle of a save; no statement where neither changed.

    Raises:
        StepRefused: naming the record, and what to do.
    """
    before = order.get_doc_before_save()
    changed = [name for name in _MONEY_HANGS_ON if before is not None and order.get(name) != before.get(name)]
    if not changed:
        return
    undecided = (PaymentRecord.RECORDED.value, PaymentRecord.CONFIRMED.value)
    payment = frappe.db.get_value("Order Payment", {"order_id": order.name, "status": ("in", undecided)})
    if payment:
        frappe.throw(
            _(
                "Money is recorded for order {0} ({1}), so its {2} cannot change. Reject the record if the "
                "money never arrived; otherwise cancel the order, pay the money back, and enter a new order."
            ).format(order.name, payment, ", ".join(_(order.meta.get_label(name)) for name in changed)),
            StepRefused,
        )
