"""A step for several orders at once is answered in the call, whether socket.io runs or not."""

from __future__ import annotations

import json
from typing import Any

import frappe

from order_flow.api import orders as api
from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import order_in
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, message_of

BULK = "method/frappe.model.workflow.bulk_workflow_approval"


def test_each_order_gets_its_own_answer(callers: Callers, site: Any) -> None:
    """The one on hold says why and stays; the others are confirmed."""
    orders = [order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST).name for _number in range(3)]
    api.hold(orders[1], "客户来电要求暂缓")
    frappe.db.commit()
    try:
        answer = callers.of(Role.ORDER_DESK).post(
            BULK, docnames=json.dumps(orders), doctype="Order", action="Confirm"
        )
        assert answer.status_code == 200, answer.text[-500:]
        said = message_of(answer)
        assert "客户来电要求暂缓" in said
        assert all(order in said for order in orders)
        # A transaction that began before the call would still see the old states.
        frappe.db.rollback()
        states = dict(
            frappe.get_all("Order", {"name": ("in", orders)}, ["name", "workflow_state"], as_list=True)
        )
        assert [states[order] for order in orders] == ["Confirmed", "Unconfirmed", "Confirmed"]
    finally:
        frappe.db.rollback()
        remove_orders(orders)
        frappe.db.commit()


def test_somebody_without_the_step_is_refused_for_each(callers: Callers, site: Any) -> None:
    order = order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST).name
    frappe.db.commit()
    try:
        answer = callers.of(Role.FIELD_REP).post(
            BULK, docnames=json.dumps([order]), doctype="Order", action="Confirm"
        )
        assert order in message_of(answer)
        frappe.db.rollback()
        assert frappe.db.get_value("Order", order, "workflow_state") == "Unconfirmed"
    finally:
        frappe.db.rollback()
        remove_orders([order])
        frappe.db.commit()
