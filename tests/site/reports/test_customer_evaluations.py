"""The quarter's customer evaluations: figures, judgement, clock, and who may see what (R-252)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.domain.clocks.model import ClockState
from order_flow.domain.customers.evaluation import EvaluationState, Quarter
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.clocks.months import month_ended
from order_flow.flow.customers.evaluations import prepare
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, acting_as, new_order, user_of

QUARTER = Quarter(2031, 2)
DAY = "2031-05-07 08:00:00"


def customer_with_orders(orders: int, called_off: int = 0, name: str = "Evaluated") -> str:
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": name}).insert().name
    for number in range(orders):
        order = new_order(
            customer=customer,
            items=[{"product": PRODUCTS[0], "quantity": 2, "unit_price": 113, "tax_percent": 13}],
        )
        take_step(order, OrderStep.CONFIRM)
        if number < called_off:
            request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
        frappe.db.set_value("Order", order.name, "ordered_at", DAY)
    return str(customer)


def evaluation_of(customer: str) -> Any:
    return frappe.get_doc("Customer Evaluation", {"customer": customer, "year": 2031, "quarter": 2})


def test_figures_and_proposals_are_prepared_once(site: Any) -> None:
    frappe.db.set_value("Product", PRODUCTS[0], "cost_price", 80)
    customer = customer_with_orders(4, called_off=1)
    assert prepare(QUARTER) == 1
    assert prepare(QUARTER) == 1
    assert frappe.db.count("Customer Evaluation", {"customer": customer}) == 1
    found = evaluation_of(customer)
    assert (found.orders, found.cancellations, found.late_orders) == (4, 1, 0)
    assert (found.ability_to_pay, found.cooperation) == ("A", "C")
    line = frappe.get_last_doc("Order", {"customer": customer, "docstatus": 1}).items[0]
    # Three of four orders stand; each sells two pieces for the line's net amount.
    assert found.margin_percent == pytest.approx(100 * (line.amount - 160) / line.amount)
    assert found.evaluation_state == EvaluationState.PREPARED


def test_a_missing_cost_price_is_said_and_not_guessed(site: Any) -> None:
    customer = customer_with_orders(1)
    prepare(QUARTER)
    found = evaluation_of(customer)
    assert (found.profit, found.lines_without_cost) == (None, 1)


def test_statements_do_not_grow_with_the_customers(site: Any) -> None:
    def count() -> int:
        with recorded_statements() as statements:
            prepare(QUARTER)
        return len(statements)

    customer_with_orders(1)
    few = count()
    for number in range(4):
        customer_with_orders(1, name=f"Evaluated {number}")
    assert count() == few


def test_the_last_judgement_ends_the_clock_of_the_quarter(site: Any) -> None:
    month_ended(frappe.utils.get_datetime("2031-07-02 09:00:00"))
    running = {"rule": "R-252", "state": ClockState.RUNNING.value}
    assert frappe.db.exists("Order Clock", running)
    customers = [customer_with_orders(1, name=f"Evaluated {number}") for number in range(2)]
    prepare(QUARTER)
    first, second = map(evaluation_of, customers)
    with acting_as(user_of(Role.SALES)):
        first.overall = "B"
        first.save()
    assert frappe.db.exists("Order Clock", running)
    with acting_as(user_of(Role.SALES_MANAGER)):
        second.overall = "A"
        second.save()
    assert not frappe.db.exists("Order Clock", running)
    assert (second.evaluated_by, second.evaluation_state) == (user_of(Role.SALES_MANAGER), "Evaluated")
    second.overall = ""
    with pytest.raises(StepRefused, match="Correct the grade"):
        second.save()


def test_who_may_not(site: Any) -> None:
    """Cost and margin stand on a higher level; field reps and the warehouse see nothing (R-388)."""
    customer = customer_with_orders(1)
    prepare(QUARTER)
    for role in (Role.FIELD_REP, Role.WAREHOUSE, Role.PURCHASING):
        with acting_as(user_of(role)):
            assert not frappe.has_permission("Customer Evaluation", "read")
    hidden = {"margin_percent", "profit", "lines_without_cost"}
    for role, sees in ((Role.SALES, False), (Role.SALES_MANAGER, True), (Role.GENERAL_MANAGER, True)):
        with acting_as(user_of(role)):
            found = evaluation_of(customer)
            found.apply_fieldlevel_read_permissions()
            shown = hidden & set(found.as_dict())
            assert bool(shown and found.get("lines_without_cost") is not None) is sees, role
    for role, sees in ((Role.SALES, False), (Role.FIELD_REP, False), (Role.FINANCE, True)):
        with acting_as(user_of(role)):
            assert ("cost_price" in frappe.get_meta("Product").get_permitted_fieldnames()) is sees, role
