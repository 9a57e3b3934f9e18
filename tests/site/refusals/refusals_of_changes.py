"""What a change notice refuses, in the words a person reads; nothing is stored then (R-026, K-25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import add_days, getdate

from order_flow.api.changes import loss, record_progress, step
from order_flow.domain.changes.model import ChangeStep
from order_flow.domain.states import OrderState, Role
from tests.site.support.builders import acting_as, user_of
from tests.site.support.change_lab import (
    DATE,
    QUANTITY,
    added_line,
    answer_all,
    line_change,
    order_change,
    removed_line,
    sent,
    take,
    written,
)

Provoke = Callable[[Any], object]


def state_of(order: Any, state: OrderState) -> Any:
    frappe.db.set_value("Order", order.name, "workflow_state", state.value)
    return frappe.get_doc("Order", order.name)


def shipped(order: Any, quantity: float) -> Any:
    frappe.db.set_value("Order Item", order.items[0].name, "shipped_quantity", quantity)
    return frappe.get_doc("Order", order.name)


def quantity(order: Any, value: object = 3, line: int = 0) -> Any:
    return written(order, QUANTITY, line_change(order, "quantity", value, line))


REFUSALS: list[tuple[str, Provoke, str, str]] = [
    (
        "finished order",
        lambda order: quantity(state_of(order, OrderState.COMPLETED)),
        "a finished order cannot be changed",
        "已结束的订单不能更改",
    ),
    (
        "unconfirmed order",
        lambda order: quantity(state_of(order, OrderState.UNCONFIRMED)),
        "is not confirmed yet",
        "尚未确认",
    ),
    (
        "shipped order",
        lambda order: quantity(state_of(order, OrderState.SHIPPED)),
        "what has left cannot be changed",
        "已发出的货物不能更改",
    ),
    (
        "quantity below shipped",
        lambda order: quantity(shipped(order, 5), 4),
        "the quantity cannot become 4",
        "数量不能改为 4",
    ),
    (
        "shipped line cancelled",
        lambda order: written(shipped(order, 5), "Line Cancelled", removed_line(order)),
        "the line cannot be cancelled",
        "不能取消此行",
    ),
    (
        "price of goods that left",
        lambda order: written(shipped(order, 5), "Price", line_change(order, "unit_price", 1)),
        "cannot change for them",
        "不能再更改",
    ),
    (
        "field of another kind",
        lambda order: written(order, QUANTITY, line_change(order, "unit_price", 1)),
        "may not touch 'Unit Price'",
        "不能涉及“单价”",
    ),
    (
        "promised date by another kind",
        lambda order: written(order, QUANTITY, order_change("promised_date", add_days(getdate(), 9))),
        "may not touch 'Promised Date'",
        "不能涉及“承诺交期”",
    ),
    (
        "nothing new",
        lambda order: quantity(order, 10),
        "'Quantity' is 10 already",
        "“数量”已经是 10",
    ),
    (
        "not a number",
        lambda order: quantity(order, "many"),
        "'many' is not a number",
        "many",
    ),
    (
        "no such line",
        lambda order: written(order, QUANTITY, {"line": "nothing", "field": "quantity", "value": 1}),
        "The order has no such line",
        "订单没有此行",
    ),
    (
        "twice the same",
        lambda order: written(
            order, QUANTITY, line_change(order, "quantity", 3), line_change(order, "quantity", 4)
        ),
        "Rows 1, 2 change the same thing",
        "第 1, 2 行更改的是同一内容",
    ),
    (
        "product that does not exist",
        lambda order: written(order, "Line Added", added_line(product="NO-SUCH")),
        "NO-SUCH",
        "NO-SUCH",
    ),
    (
        "line without a price",
        lambda order: written(order, "Line Added", added_line(unit_price=0)),
        "the price is missing",
        "缺少单价",
    ),
    (
        "other payment family",
        lambda order: written(order, "Payment Term", order_change("payment_term", "Monthly Account")),
        "cannot change from money before the goods",
        "不能在款到发货与货到付款之间更改",
    ),
    (
        "second notice",
        lambda order: (quantity(order, 3), quantity(order, 4)),
        "touches the same line or field",
        "涉及相同的行或字段",
    ),
    (
        "departments open",
        lambda order: take(sent(order, QUANTITY, line_change(order, "quantity", 3)), ChangeStep.APPROVE),
        "have not answered yet: Planning, Logistics",
        "尚未答复：计划、物流",
    ),
    (
        "customer not asked",
        lambda order: take(
            answer_all(sent(order, DATE, order_change("promised_date", add_days(getdate(), 9)))),
            ChangeStep.APPROVE,
        ),
        "The customer has not agreed yet",
        "客户尚未同意",
    ),
    (
        "step that the table lacks",
        lambda order: take(quantity(order), ChangeStep.APPLY),
        "possible steps now: Send to Departments",
        "目前可执行的步骤：送各部门评审",
    ),
    (
        "reject without a reason",
        lambda order: take(sent(order, QUANTITY, line_change(order, "quantity", 3)), ChangeStep.REJECT),
        "Say why the change is rejected",
        "请说明驳回更改的原因",
    ),
    (
        "not the one who approves",
        lambda order: take(
            answer_all(sent(order, QUANTITY, line_change(order, "quantity", 3))),
            ChangeStep.APPROVE,
            Role.SALES,
        ),
        "The step 'Approve' is taken by",
        "批准",
    ),
    (
        "loss without a bearer",
        lambda order: _as_desk(
            lambda: loss(sent(order, QUANTITY, line_change(order, "quantity", 3)).name, "Nobody")
        ),
        "'Nobody' is not known",
        "没有“Nobody”",
    ),
    (
        "progress below zero",
        lambda order: _as(
            Role.FINANCE, lambda: record_progress(order.name, "Invoiced", {order.items[0].name: -1})
        ),
        "a quantity cannot be below zero",
        "数量不能为负",
    ),
    (
        "unknown step",
        lambda order: _as_desk(lambda: step(quantity(order).name, "Burn")),
        "'Burn' is not known",
        "没有“Burn”",
    ),
]
"""(case, what provokes it on a confirmed order of one line of ten, the words in English, in Chinese)."""


def _as(role: Role, act: Callable[[], object]) -> object:
    with acting_as(user_of(role)):
        return act()


def _as_desk(act: Callable[[], object]) -> object:
    return _as(Role.ORDER_DESK, act)
