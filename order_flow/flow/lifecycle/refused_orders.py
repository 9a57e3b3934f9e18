"""Who hears that an order could not be confirmed: its customer, and the people who have it in their care.

The refusal rolls everything back, so what is told about it is written afterwards, by a job of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from order_flow.domain.message import Message
from order_flow.domain.states import ENTRY_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.lifecycle.checking import check, stopping
from order_flow.flow.notices.sending import check_failed
from order_flow.flow.records.order import locked_order
from order_flow.flow.tasks.giving import keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def tell_of_refusal(name: str) -> None:
    """Tell the customer what is wrong, and the order desk what to mend, each problem once.

    Args:
        name: the order; what stands in its way is judged anew.
    """
    order = locked_order(name)
    if OrderState(order.workflow_state) not in ENTRY_STATES:
        return
    result = check(order)
    if not (gates := stopping(result)):
        return
    # Past the document, as the check by hand writes it; it also says that there is a task to end.
    frappe.db.set_value("Order", name, "data_check", result.outcome, update_modified=False)
    check_failed(order, gates)
    codes = {gate.label for gate in gates}
    _ask_to_mend(order, [row.text for row in result.rules if row.gate in codes and row.text])


def _ask_to_mend(order: Order, problems: list[str]) -> None:
    text = Message(
        "Order {0} of {1} could not be confirmed: {2} Mend it, or speak with the customer.",
        order.name,
        order.customer_name,
        " ".join(dict.fromkeys(problems)),
    )
    keep_task(Role.ORDER_DESK, order, TaskReason.ENTRY_REFUSED, text)
