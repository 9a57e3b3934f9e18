"""What waits for people is written without locking neighbouring orders (R-386)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.database import get_db

from order_flow.domain.states import OrderState, OrderStep, PaymentFamily
from order_flow.flow.steps import take_step
from order_flow.patches.v0_1.name_what_waits import execute
from tests.site.builders import order_in
from tests.site.committed_orders import remove_orders

OPEN = "select name, workflow_state from `tabWorkflow Action` where reference_name = %s and status = 'Open'"


@pytest.fixture
def neighbours(site: Any) -> Iterator[tuple[str, str]]:
    """Two committed orders, one after the other."""
    names = [order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST).name for _ in range(2)]
    frappe.db.commit()
    yield names[0], names[1]
    frappe.db.rollback()
    remove_orders(names)


def test_a_step_locks_nothing_of_its_neighbour(neighbours: tuple[str, str]) -> None:
    """While one order's step is not stored yet, work is written for the orders beside it without waiting."""
    first, second = neighbours
    take_step(frappe.get_doc("Order", first), OrderStep.CONFIRM)
    beside = get_db()
    try:
        beside.sql("set session innodb_lock_wait_timeout = 1")
        for name in (f"{first} x", f"{second} x"):
            beside.sql(
                """insert into `tabWorkflow Action` (name, reference_doctype, reference_name, status)
                values (%s, 'Order', %s, 'Open')""",
                (name, name),
            )
        beside.rollback()
    finally:
        beside.close()


def test_an_order_waits_in_one_state_at_a_time(neighbours: tuple[str, str]) -> None:
    """Also where it comes back to a state."""
    order = neighbours[0]
    for step in (OrderStep.SEND_TO_REVIEW, OrderStep.RETURN_TO_ENTRY, OrderStep.CONFIRM):
        take_step(frappe.get_doc("Order", order), step)
        state = frappe.db.get_value("Order", order, "workflow_state")
        assert frappe.db.sql(OPEN, order) == ((f"{order} {state}", state),)


def test_what_waited_before_gets_its_name(neighbours: tuple[str, str]) -> None:
    """Rows of an earlier version are found by the next step, with their roles."""
    order = neighbours[0]
    frappe.db.sql("update `tabWorkflow Action` set name = 'abc' where reference_name = %s", order)
    roles = {"parent": f"{order} Unconfirmed"}
    count = frappe.db.count("Workflow Action Permitted Role", roles)
    frappe.db.set_value("Workflow Action Permitted Role", roles, "parent", "abc")
    execute()
    assert count and frappe.db.count("Workflow Action Permitted Role", roles) == count
    take_step(frappe.get_doc("Order", order), OrderStep.CONFIRM)
    assert frappe.db.sql(OPEN, order) == ((f"{order} Confirmed", "Confirmed"),)
