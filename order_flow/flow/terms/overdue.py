"""Finance tells sales at once when a customer has not paid in time (R-169); the system does it every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import format_date, getdate, nowdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

ORDERS_AT_ONCE = 500
"""What a later run still finds is told then."""

_NEWLY_OVERDUE = """
    select name, 'Order' as doctype, customer_name, sales_rep, open_amount, payment_due_date from `tabOrder`
    where payment_due_date < %(today)s and open_amount > 0
        and (overdue_told is null or overdue_told < payment_due_date)
    order by payment_due_date, name limit %(limit)s
"""


def tell_sales_of_overdue() -> int:
    """Give each newly overdue order's salesperson a task, once for each due date.

    Returns:
        How many orders became overdue.
    """
    orders = frappe.db.sql(_NEWLY_OVERDUE, {"today": nowdate(), "limit": ORDERS_AT_ONCE}, as_dict=True)
    for order in orders:
        _task(order)
    if orders:
        frappe.db.sql(
            "update `tabOrder` set overdue_told = payment_due_date where name in %s",
            (tuple(order.name for order in orders),),
        )
    return len(orders)


def follow_overdue(order: Order) -> None:
    """An order that is not overdue any more: nobody asks for its money; overdue again, it is told again.

    Args:
        order: the Order document with its figures as they are now. A statement only where sales was told.
    """
    if not order.get("overdue_told"):
        return
    due = order.payment_due_date
    if to_decimal(order.open_amount) > ZERO and due and getdate(due) < getdate(nowdate()):
        return
    end_task(order, TaskReason.OVERDUE)
    order.db_set("overdue_told", None, update_modified=False)


def _task(order: Order) -> None:
    text = Message(
        "{0} has not paid order {1} in time: {2} is open, due on {3}. Ask for the payment.",
        order.customer_name,
        order.name,
        order.open_amount,
        format_date(order.payment_due_date),
    )
    role = Role.SALES if order.sales_rep else Role.SALES_MANAGER
    keep_task(role, order, TaskReason.OVERDUE, text, person=order.sales_rep or "")
