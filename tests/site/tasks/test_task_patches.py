"""What older versions left behind is mended on existing sites."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.orders.hands import hands_on_order
from order_flow.flow.tasks.giving import keep_task
from order_flow.install import TASKS_OF_ROLES
from order_flow.patches.v0_1 import (
    forget_assigned_comments,
    keep_hands_of_earlier_orders,
    say_the_rate_of_own_currency,
    stop_technologys_clock_by_its_answer,
)
from tests.site.support.builders import acting_as, new_order, user_of

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


def test_earlier_orders_know_who_had_a_hand_in_them(site: Any) -> None:
    """K-14: who gave an order away before the field existed does not approve it now."""
    first, second = user_of(Role.SALES), user_of(Role.SALES_MANAGER)
    with acting_as(user_of(Role.ORDER_DESK)):
        order = new_order(sales_rep=first)
    with acting_as(second):
        order = frappe.get_doc("Order", order.name)
        order.update({"sales_rep": user_of(Role.ORDER_DESK), "buyer_message": "call first"})
        order.save()
        # The framework keeps no record of changes while it tests itself.
        version = frappe.new_doc("Version")
        assert version.update_version_info(order.get_doc_before_save(), order)
        version.insert(ignore_permissions=True)
    frappe.db.set_value("Order", order.name, "hands", None)
    keep_hands_of_earlier_orders.execute()
    assert {first, second, user_of(Role.ORDER_DESK)} <= hands_on_order(order.name)


def test_hands_that_are_known_stay(site: Any) -> None:
    order = new_order()
    frappe.db.set_value("Order", order.name, "hands", "somebody@example.com")
    keep_hands_of_earlier_orders.execute()
    assert frappe.db.get_value("Order", order.name, "hands") == "somebody@example.com"


def test_only_the_companys_own_currency_gets_the_rate_1(site: Any) -> None:
    own, foreign = new_order(), new_order(currency="USD", exchange_rate=7.1)
    for order in (own, foreign):
        frappe.db.set_value("Order", order.name, "exchange_rate", 0)
    say_the_rate_of_own_currency.execute()
    rates = [frappe.db.get_value("Order", order.name, "exchange_rate") for order in (own, foreign)]
    assert rates == [1, 0]
