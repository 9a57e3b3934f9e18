"""Who hears of what happens to an order: colleagues by tasks, customers by notices (issue 10, C3 and C4)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.changes import propose
from order_flow.api.deliveries import report_trouble
from order_flow.api.gates import approve_urgency, decline_urgency
from order_flow.domain.gates.registry import CLEAR
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.desk.manual_events import set_ship_date
from order_flow.flow.lifecycle import planning
from order_flow.flow.lifecycle.holds import hold, release
from tests.site.support.builders import acting_as, new_order, order_in, pay_in_full, user_of

LATER, FIRST = PaymentFamily.PAY_LATER, PaymentFamily.PAY_FIRST


def task(order: Any, reason: TaskReason, role: Role) -> Any:
    found = frappe.get_all(
        "ToDo",
        {"name": ("like", f"{reason}-%"), "role": role.value, "reference_name": order.name},
        ["name", "description", "status", "allocated_to"],
    )
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("role", [Role.ORDER_DESK, Role.PLANNING, Role.PRODUCTION, Role.QUALITY])
def test_a_hold_is_reported_to_the_supervisor(site: Any, role: Role) -> None:
    """R-038, R-185: whoever stops an order; only some let it go on."""
    order = new_order()
    with acting_as(user_of(role)):
        hold(order.name, "no raw material")
    assert "no raw material" in task(order, TaskReason.ORDER_HELD, Role.SALES_MANAGER).description
    if role is not Role.ORDER_DESK:
        with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
            release(order.name)
    release(order.name)
    assert task(order, TaskReason.ORDER_HELD, Role.SALES_MANAGER).status == "Closed"


def test_the_handler_of_an_urgent_order_has_it_on_his_list(site: Any) -> None:
    """R-406; a declined urgency is told to the customer, here by a person (R-404)."""
    order = new_order(urgency="Urgent")
    with acting_as(user_of(Role.PLANNING_DIRECTOR)):
        approve_urgency(order.name, handler=user_of(Role.SALES))
    found = task(order, TaskReason.URGENT_ORDER, Role.PLANNING)
    assert found.allocated_to == user_of(Role.SALES)
    other = new_order(urgency="Urgent")
    with acting_as(user_of(Role.PLANNING_DIRECTOR)):
        decline_urgency(other.name, "no capacity")
    assert "no capacity" in task(other, TaskReason.URGENCY_DECLINED, Role.ORDER_DESK).description


def test_production_tells_sales_at_once_what_it_cannot_keep(site: Any) -> None:
    """R-201, R-185: by a case, or by a proposal of another date."""
    order = order_in(OrderState.CONFIRMED, LATER)
    with acting_as(user_of(Role.PRODUCTION)):
        case = report_trouble(order.name, "Production Delay", "machine is down")
    roles = frappe.get_all("ToDo", {"reference_name": case["case"]}, pluck="role")
    assert set(roles) == {"Sales", "Order Desk", "Planning", "Logistics"}
    with acting_as(user_of(Role.PRODUCTION)):
        day = frappe.utils.add_days(frappe.utils.nowdate(), 30)
        notice = propose(
            order.name,
            "Delivery Date",
            "machine is down",
            [{"field": "promised_date", "value": str(day)}],
            requested_by="Us",
            send=True,
        )
    name = notice["notice"]
    told_sales = task(frappe._dict(name=name), TaskReason.DATE_PROPOSED, Role.SALES)
    assert str(day) in told_sales.description


def test_a_voided_order_leaves_nothing_open(site: Any) -> None:
    """Its change notices and tasks end with it (desk 13); what is still true stays."""
    order = order_in(OrderState.CONFIRMED, LATER)
    day = frappe.utils.add_days(frappe.utils.nowdate(), 30)
    notice = propose(
        order.name,
        "Delivery Date",
        "later",
        [{"field": "promised_date", "value": str(day)}],
        requested_by="Us",
        send=True,
    )["notice"]
    hold(order.name, "wait")
    release(order.name)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
    assert frappe.db.get_value("Change Notice", notice, "change_state") == "Withdrawn"
    names = (order.name, notice)
    assert frappe.get_all("ToDo", {"reference_name": ("in", names), "status": "Open"}, pluck="name") == []


def test_planning_and_production_hear_of_the_release(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-173, R-373; which orders are released is tested elsewhere."""
    monkeypatch.setattr(planning, "can_be_released", lambda _order: True)
    monkeypatch.setattr(planning, "judge_planning", lambda _order: CLEAR)
    order = order_in(OrderState.CONFIRMED, LATER)
    planning.release_to_planning(order.name)
    for role in (Role.PLANNING, Role.PRODUCTION):
        assert order.name in task(order, TaskReason.PLANNING_RELEASED, role).description


def test_the_rest_is_asked_for_when_the_ship_date_is_fixed(site: Any) -> None:
    """R-155; money that came ends it."""
    order = order_in(OrderState.CONFIRMED, FIRST)
    order.db_set("shipment_due", order.total)
    day = frappe.utils.getdate(frappe.utils.add_days(frappe.utils.nowdate(), 5))
    set_ship_date(order.name, day)
    found = task(order, TaskReason.REST_DUE, Role.SALES)
    assert str(day) in found.description
    pay_in_full(frappe.get_doc("Order", order.name))
    assert task(order, TaskReason.REST_DUE, Role.SALES).status == "Closed"
