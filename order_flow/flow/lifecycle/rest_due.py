"""When the day of dispatch is fixed, the customer hears what he still has to pay before it (R-155)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from frappe.utils import formatdate, getdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.customers.notices import NoticeEvent
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.notices.calls import end_calls
from order_flow.flow.notices.sending import rest_is_due
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def rest_before_shipment(order: Order) -> Decimal:
    """Return what is still to be paid before the goods may leave, in the order's currency."""
    return max(to_decimal(order.shipment_due) - to_decimal(order.paid_amount), ZERO)


def ask_for_the_rest(order: Order) -> None:
    """Tell the customer, and let sales follow it up; money that came meanwhile ends the matter.

    Args:
        order: the Order document with its ``planned_ship_date``.
    """
    rest = rest_before_shipment(order)
    if not order.planned_ship_date or rest <= ZERO:
        end_task(order, TaskReason.REST_DUE)
        end_calls(order.name, [NoticeEvent.REST_DUE])
        return
    told = rest_is_due(order, getdate(order.planned_ship_date), rest)
    _let_sales_follow(order, rest, told)


def _let_sales_follow(order: Order, rest: Decimal, told: bool) -> None:
    day = formatdate(order.planned_ship_date, "yyyy-MM-dd")
    facts = (order.name, day, f"{rest:,.2f}", order.currency)
    words = (
        Message(
            "Order {0} ships on {1}; {2} {3} are to be paid before. The customer was told; see that it "
            "comes.",
            *facts,
        )
        if told
        else Message(
            "Order {0} ships on {1}; {2} {3} are to be paid before. Ask the customer for it.", *facts
        )
    )
    keep_task(Role.SALES, order, TaskReason.REST_DUE, words, person=_salesperson(order))


def _salesperson(order: Order) -> str:
    """Whoever looks after the order, where he is of sales."""
    rep = order.sales_rep or ""
    return rep if rep and Role.SALES.value in frappe.get_roles(rep) else ""
