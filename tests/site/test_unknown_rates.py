"""An order of an earlier version without an exchange rate: nobody knows what it is worth (D2)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.api import orders as api
from order_flow.domain.customers.evaluation import Quarter
from order_flow.domain.states import OrderState, OrderStep, PaymentTerm
from order_flow.flow.customers.evaluations import prepare
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.money.settling import tolerance_of
from order_flow.flow.refusals import StepRefused
from order_flow.flow.worth import known_worth
from tests.site.support.builders import new_order

RATE = 7.1


def confirmed_abroad(**values: Any) -> Any:
    order = new_order(currency="USD", exchange_rate=RATE, **values)
    take_step(order, OrderStep.CONFIRM)
    return frappe.get_doc("Order", order.name)


def without_rate(order: Any) -> Any:
    frappe.db.set_value("Order", order.name, "exchange_rate", 0)
    return frappe.get_doc("Order", order.name)


def test_money_for_it_is_refused_with_what_to_do(site: Any) -> None:
    order = without_rate(confirmed_abroad(payment_term=PaymentTerm.CASH_ON_DELIVERY.value))
    before = order.open_amount
    with pytest.raises(StepRefused, match="no exchange rate"):
        api.record_payment(order=order.name, amount=1, reference="BANK-1")
        payment = frappe.get_last_doc("Order Payment", {"order_id": order.name})
        payment.confirm()
    frappe.db.rollback()
    assert before > 0


def test_it_can_still_be_called_off(site: Any) -> None:
    """Nothing is owed then, and nothing is nothing in every currency."""
    order = without_rate(confirmed_abroad())
    api.request_cancellation(order=order.name, reason="Customer's Change of Mind")
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.CANCELLED.value


def test_lists_leave_its_worth_empty(site: Any) -> None:
    order = without_rate(confirmed_abroad())
    assert (known_worth(order, order.total), tolerance_of(order)) == (None, 0)


def test_what_a_customer_owes_is_converted_once(site: Any) -> None:
    """R-252: the open amount is kept in the company's currency already."""
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": "Foreign and late"}).insert().name
    order = confirmed_abroad(customer=customer)
    frappe.db.set_value(
        "Order",
        order.name,
        {
            "ordered_at": "2031-05-07 08:00:00",
            "open_amount": 710,
            "payment_due_date": add_days(nowdate(), -1),
        },
    )
    prepare(Quarter(2031, 2))
    owed = frappe.db.get_value("Customer Evaluation", {"customer": customer}, "overdue_amount")
    assert owed == 710
