"""What hangs on an order ends with it: open change notices and tasks; what is still true stays (R-147)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.changes.model import OPEN_CHANGE_STATES, ChangeStep
from order_flow.domain.orders.classes import TEAM_OF_KIND
from order_flow.domain.states import OrderState, OrderStep, OrderTransition
from order_flow.domain.tasks.reasons import ENDS_WHEN_GOODS_LEFT, OUTLIVES_ITS_ORDER, TaskReason
from order_flow.flow.changes.steps import take_change_step
from order_flow.flow.tasks.giving import OPEN, end_task, end_tasks_of, reason_of, withdraw
from order_flow.flow.tasks.languages import speaking_site_language
from order_flow.outbox.accounts.discrepancies import SHIPMENT_ASPECT, close_resolved
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

NOTICE = "Change Notice"
_PAPERS = ("Shipment", "Review Checklist", NOTICE, "Open Point", "Shortage", "Gate Override")
"""Documents of an order that nobody needs to act on any more; trouble with goods that left goes on."""


def follow_calling_off(order: Order, transition: OrderTransition) -> None:
    """Close what an order leaves open when it is called off, when its goods have left and at its end.

    Args:
        order: the Order document at the end of the step's save; its review was withdrawn already.
        transition: the step.
    """
    if transition.step is OrderStep.SHIP:
        _end_what_was_for_the_goods(order)
    if transition.target is OrderState.COMPLETED and TEAM_OF_KIND.get(order.order_kind):
        end_task(order, TaskReason.ORDER_TAKEOVER)
    if transition.step is not OrderStep.CANCEL:
        return
    _withdraw_notices(order)
    end_tasks_of("Order", [order.name], but=OUTLIVES_ITS_ORDER)
    papers = (f"select '{name}', name from `tab{name}` where order_id = %(order)s" for name in _PAPERS)
    rows = frappe.db.sql(" union all ".join(papers), {"order": order.name})
    for doctype in _PAPERS:
        end_tasks_of(doctype, [name for kind, name in rows if kind == doctype], but=OUTLIVES_ITS_ORDER)


def _end_what_was_for_the_goods(order: Order) -> None:
    """One statement where there is no such task, and one where WDT ships."""
    if order.wdt_account:
        # WDT may have shipped before the order was allowed to; the order has followed now.
        close_resolved(
            DiscrepancyKind.CONTRADICTION,
            AccountType.WDT,
            order.wdt_account,
            order.doctype,
            order.name,
            SHIPMENT_ASPECT,
        )
    papers = (
        f"""select task.name from `tab{doctype}` paper
        join `tabToDo` task on task.reference_type = '{doctype}' and task.reference_name = paper.name
        where paper.{column} = %(order)s and task.status = %(open)s"""
        for doctype, column in (("Order", "name"), ("Shortage", "order_id"), ("Open Point", "order_id"))
    )
    tasks = frappe.db.sql_list(" union all ".join(papers), {"order": order.name, "open": OPEN})
    withdraw(task for task in tasks if reason_of(task) in ENDS_WHEN_GOODS_LEFT)


@speaking_site_language()
def _withdraw_notices(order: Order) -> None:
    """A handful at most: open notices of one order never touch the same line."""
    open_states = ("in", [state.value for state in OPEN_CHANGE_STATES])
    for name in frappe.get_all(NOTICE, {"order_id": order.name, "change_state": open_states}, pluck="name"):
        notice = frappe.get_doc(NOTICE, name)
        notice.flags.by_system = True
        notice.flags.ignore_permissions = True  # who calls an order off need not write its notices
        take_change_step(
            notice, ChangeStep.WITHDRAW, remark=_("Order {0} was called off.").format(order.name)
        )
