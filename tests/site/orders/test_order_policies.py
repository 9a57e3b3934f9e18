"""Policies around an order: who gets it, how long it may be cancelled, what its numbers are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.api import orders as api
from order_flow.api.orders import confirm, record_payment, request_cancellation
from order_flow.domain.states import CancelWindow, OrderState, PaymentStatus, Role
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, new_order, pay_in_full, user_of
from tests.site.support.committed_orders import remove_orders

REASON = CancelReason.CHANGE_OF_MIND.value


def test_own_number_stands_in(site: Any) -> None:
    """Both numbers are on every order; ours stands in where the customer has none (R-048)."""
    assert new_order(customer_order_number="PO-77").customer_order_number == "PO-77"
    order = new_order()
    assert order.customer_order_number == order.name


@pytest.fixture
def fresh_caches() -> Iterator[None]:
    """The framework keeps assignment rules and channels in its cache, which no rollback empties."""
    yield
    frappe.db.rollback()
    frappe.clear_cache()


@pytest.mark.usefixtures("fresh_caches")
def test_orders_are_assigned_by_type_region_and_load(site: Any) -> None:
    """The framework's assignment rules see product type and region, and share the load (R-030)."""
    frappe.db.set_value("Product", PRODUCTS[0], "product_type", "Shock Absorber")
    handlers = [user_of(Role.ORDER_DESK), user_of(Role.SALES)]
    frappe.get_doc(
        {
            "doctype": "Assignment Rule",
            "name": "Test Rule",
            "document_type": "Order",
            "description": "by type and region",
            "rule": "Load Balancing",
            "assign_condition": 'product_type == "Shock Absorber" and province == "广东省"',
            "assignment_days": [
                {"day": day}
                for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
            ],
            "users": [{"user": handler} for handler in handlers],
        }
    ).insert()
    orders = [new_order() for _number in range(2)]
    elsewhere = new_order(province="浙江省")
    assigned = {
        row.allocated_to: row.reference_name
        for row in frappe.get_all(
            "ToDo", {"reference_type": "Order", "status": "Open"}, ["allocated_to", "reference_name"]
        )
        if row.reference_name in {orders[0].name, orders[1].name, elsewhere.name}
    }
    assert sorted(assigned) == sorted(handlers)
    assert elsewhere.name not in assigned.values()


def test_paid_cancellation_asks_finance_for_the_refund(site: Any) -> None:
    """Paid and not shipped: cancelled, and finance has a task to pay back (R-148)."""
    order = new_order()
    confirm(order.name)
    pay_in_full(order)
    assert request_cancellation(order.name, REASON)["state"] == OrderState.CANCELLED
    task = frappe.get_all("ToDo", {"reference_name": order.name}, ["role", "status"])
    assert [(found.role, found.status) for found in task] == [(Role.FINANCE.value, "Open")]


def test_money_of_a_cancelled_order_is_paid_back(site: Any) -> None:
    """The refund is recorded although the cancelled document takes no save (R-148)."""
    order = new_order()
    confirm(order.name)
    pay_in_full(order)
    request_cancellation(order.name, REASON)
    back = record_payment(order.name, order.total, "BACK", kind="Refund")
    assert (back["state"], back["payment_status"]) == (OrderState.CANCELLED, PaymentStatus.UNPAID)
    assert frappe.db.get_value("Order", order.name, "paid_amount") == 0


@pytest.mark.usefixtures("fresh_caches")
def test_a_channel_may_end_cancelling_at_payment(site: Any) -> None:
    """Out of the window: refused with the reason, nothing changed (R-148, K-06)."""
    frappe.get_doc("Sales Channel", OFFLINE_CHANNEL).update(
        {"cancel_until": CancelWindow.PAYMENT.value}
    ).save()
    order = new_order()
    confirm(order.name)
    record_payment(order.name, 10, "PART")
    with pytest.raises(StepRefused, match="unpaid orders only"):
        request_cancellation(order.name, REASON)
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.CONFIRMED


def test_a_request_that_a_deadlock_gave_up_is_started_over(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two transactions that wait for each other one is given up: not the caller's matter (R-386)."""
    order = new_order()
    frappe.db.commit()
    unlucky = [frappe.QueryDeadlockError("deadlock"), frappe.QueryDeadlockError("deadlock")]
    take_step = api.take_step

    def step(*args: Any, **kwargs: Any) -> None:
        if unlucky:
            raise unlucky.pop()
        take_step(*args, **kwargs)

    monkeypatch.setattr(api, "take_step", step)
    try:
        assert confirm(order.name)["state"] == OrderState.CONFIRMED
    finally:
        remove_orders([order.name])
