"""Gives what is no sale to the team whose work it is (R-012)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from order_flow.domain.message import Message
from order_flow.domain.orders.classes import TEAM_OF_KIND, OrderKind
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def route_to_team(order: Order) -> None:
    """Give a service, complaint or refund order to its team; a product sale takes no statement.

    Args:
        order: the Order document, just stored. Only a new kind is routed: saving again gives no second task.
    """
    before = order.get_doc_before_save()
    if not order.order_kind or (before and before.order_kind == order.order_kind):
        return
    kind = OrderKind(order.order_kind)
    if before and before.order_kind and TEAM_OF_KIND[OrderKind(before.order_kind)]:
        end_task(order, TaskReason.ORDER_TAKEOVER)
    for role in TEAM_OF_KIND[kind]:
        keep_task(
            role,
            order,
            TaskReason.ORDER_TAKEOVER,
            Message(
                "Order {0} of {1} came in as '{2}'. Take it over and settle it with the customer.",
                order.name,
                order.customer_name,
                Message(kind.value),
            ),
        )
