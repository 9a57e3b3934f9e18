"""The picking plan of the warehouse on a real site (R-271 to R-273, requirements 2.5)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily
from order_flow.flow.lifecycle.steps import take_step
from order_flow.order_flow.report.picking_plan.picking_plan import execute
from tests.site.support.builders import PRODUCTS, new_order, order_in

START = "2018-01-09 08:00:00"
CARTONS = {PRODUCTS[0]: 50, PRODUCTS[1]: 10, PRODUCTS[2]: 30, PRODUCTS[3]: 30}


@pytest.fixture(autouse=True)
def standard_times(site: Any) -> None:
    """Every product comes in cartons of one; a carton takes 12 seconds, a search 30, the paperwork 180."""
    times = {"pieces_per_carton": 1, "carton_seconds": 12, "search_seconds": 30}
    frappe.db.set_value("Product", {"name": ("in", PRODUCTS)}, times)
    frappe.db.set_single_value("Order Flow Settings", {"paperwork_seconds": 180, "pickers": 1})
    frappe.db.set_value("Order", {"on_hold": 0}, "on_hold", 1)


def ordered(**values: Any) -> Any:
    items = [{"product": code, "quantity": number, "unit_price": 10} for code, number in CARTONS.items()]
    order = new_order(payment_term="Cash on Delivery", items=items, **values)
    take_step(order, OrderStep.CONFIRM)
    return order


def test_the_exercise_of_the_slides(site: Any) -> None:
    """Four lines in cartons, wanted before 16:00 on 10 January: 29 minutes of work, ready in time."""
    order = ordered(requested_delivery_at="2018-01-10 16:00:00")
    _columns, (row,), _message, chart = execute({"start": START})
    assert (row["order"], row["lines"], row["minutes"], row["is_late"]) == (order.name, 4, 29.0, False)
    assert str(row["ends"]) == "2018-01-09 08:29:00"
    assert chart["data"] == {
        "labels": ["2018-01-10"],
        "datasets": [{"name": "Minutes of Work", "values": [29.0]}],
    }


def test_only_orders_that_may_leave_are_planned(site: Any) -> None:
    """An unpaid order of those who pay first, and one on hold, wait for something else."""
    order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    held, paid = ordered(), order_in(OrderState.PAID, PaymentFamily.PAY_FIRST)
    frappe.db.set_value("Order", held.name, "on_hold", 1)
    assert [row["order"] for row in execute({"start": START})[1]] == [paid.name]


def test_the_sequence_follows_the_day_of_dispatch(site: Any) -> None:
    late, early = ordered(), ordered()
    frappe.db.set_value("Order", late.name, "planned_ship_date", "2018-01-12")
    frappe.db.set_value("Order", early.name, "planned_ship_date", "2018-01-08")
    rows = execute({"start": START})[1]
    assert [(row["order"], row["is_late"]) for row in rows] == [(early.name, True), (late.name, False)]


def test_one_statement_for_any_number_of_orders(site: Any) -> None:
    def count() -> int:
        with recorded_statements() as statements:
            execute({"start": START})
        return len(statements)

    ordered()
    count()
    few = count()
    for _number in range(4):
        ordered()
    assert count() == few
