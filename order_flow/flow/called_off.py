"""What hangs on an order ends with it: open change notices and tasks; what is still true stays (R-147)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.domain.changes.model import OPEN_CHANGE_STATES, ChangeStep
from order_flow.domain.states import OrderStep, Transition
from order_flow.domain.task_reasons import OUTLIVES_ITS_ORDER, TaskReason
from order_flow.flow.change_steps import take_change_step
from order_flow.flow.languages import speaking_site_language
from order_flow.flow.role_tasks import end_task, end_tasks_of

NOTICE = "Change Notice"
_PAPERS = ("Shipment", "Review Checklist", NOTICE, "Open Point", "Shortage", "Gate Override")
"""Documents of an order that nobody needs to act on any more; trouble with goods that left goes on."""


def follow_calling_off(order: Any, transition: Transition) -> None:
    """Close what an order leaves open when it is called off, and planning's task when its goods have left.

    Args:
        order: the Order document at the end of the step's save; its review was withdrawn already.
        transition: the step.
    """
    if transition.step is OrderStep.SHIP and order.planning_released_at:
        # What planning was asked to have made has left.
        end_task(order, TaskReason.PLANNING_RELEASED)
    if transition.step is not OrderStep.CANCEL:
        return
    _withdraw_notices(order)
    end_tasks_of("Order", [order.name], but=OUTLIVES_ITS_ORDER)
    papers = (f"select '{name}', name from `tab{name}` where order_id = %(order)s" for name in _PAPERS)
    rows = frappe.db.sql(" union all ".join(papers), {"order": order.name})
    for doctype in _PAPERS:
        end_tasks_of(doctype, [name for kind, name in rows if kind == doctype], but=OUTLIVES_ITS_ORDER)


@speaking_site_language()
def _withdraw_notices(order: Any) -> None:
    """A handful at most: open notices of one order never touch the same line."""
    open_states = ("in", [state.value for state in OPEN_CHANGE_STATES])
    for name in frappe.get_all(NOTICE, {"order_id": order.name, "change_state": open_states}, pluck="name"):
        notice = frappe.get_doc(NOTICE, name)
        notice.flags.by_system = True
        notice.flags.ignore_permissions = True  # who calls an order off need not write its notices
        take_change_step(
            notice, ChangeStep.WITHDRAW, remark=_("Order {0} was called off.").format(order.name)
        )
