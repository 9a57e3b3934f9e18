"""What older versions left behind is mended on existing sites."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.clocks import ClockEvent
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.task_reasons import TaskReason
from order_flow.flow.role_tasks import keep_task
from order_flow.install import TASKS_OF_ROLES
from order_flow.patches.v0_1 import forget_assigned_comments, stop_technologys_clock_by_its_answer
from tests.site.builders import new_order

STOPS = {"parent": "R-231", "parentfield": "stop_events"}


def test_the_clock_of_technology_stops_with_its_own_answer(site: Any) -> None:
    frappe.db.set_value("Clock Rule Event", STOPS, "event", ClockEvent.CHANGE_ANSWERED.value)
    stop_technologys_clock_by_its_answer.execute()
    events = frappe.get_all("Clock Rule Event", STOPS, pluck="event")
    assert events == [ClockEvent.TECHNICAL_CHANGE_ANSWERED.value]


def test_events_that_a_company_chose_stay(site: Any) -> None:
    frappe.db.set_value("Clock Rule Event", STOPS, "event", ClockEvent.CUSTOMER_CHANGE.value)
    stop_technologys_clock_by_its_answer.execute()
    assert frappe.get_all("Clock Rule Event", STOPS, pluck="event") == [ClockEvent.CUSTOMER_CHANGE.value]


def test_sums_leave_the_timeline_and_other_comments_stay(site: Any) -> None:
    order, untouched = new_order(), new_order()
    keep_task(Role.FINANCE, order, TaskReason.SURPLUS, Message("{0} too much", 12))
    order.add_comment("Assigned", "A assigned: 12 too much")
    order.add_comment("Comment", "call him")
    untouched.add_comment("Assigned", "B self assigned: look")
    forget_assigned_comments.execute()
    about = {"reference_doctype": "Order", "reference_name": ("in", [order.name, untouched.name])}
    left = frappe.get_all(
        "Comment", {**about, "comment_type": ("in", ["Assigned", "Comment"])}, ["reference_name", "content"]
    )
    assert {(row.reference_name, row.content) for row in left} == {
        (order.name, "call him"),
        (untouched.name, "B self assigned: look"),
    }


def test_lists_of_open_tasks_have_an_index(site: Any) -> None:
    rows = frappe.db.sql("show index from `tabToDo` where Key_name = %s", TASKS_OF_ROLES, as_dict=True)
    assert [row.Column_name for row in rows] == ["status", "role"]
