"""Exposure, due list and receipts, to the cent and in a fixed number of statements (R-165, R-168, R-169)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from dev.bench.statements import recorded_statements
from order_flow.api.orders import confirm, record_payment, ship
from order_flow.domain.states import PaymentTerm, Role
from order_flow.flow.terms.overdue import tell_sales_of_overdue
from order_flow.order_flow.report.customer_exposure import customer_exposure
from order_flow.order_flow.report.due_list import due_list
from order_flow.order_flow.report.monthly_receipts import monthly_receipts
from tests.site.support.builders import acting_as, user_of
from tests.site.support.money_lab import contract_order, credit_customer, money, money_channel, stored

__all__ = ["money", "money_channel"]
pytestmark = pytest.mark.usefixtures("money")


def two_shipments(customer: Any) -> Any:
    """An order of 1000: 400 left 40 days ago, 600 five days ago; 100 is paid; due 30 days after shipment."""
    order = contract_order(customer, PaymentTerm.MONTHLY_ACCOUNT)
    confirm(order.name)
    line = order.items[0].name
    for quantity, days in ((4, 40), (6, 5)):
        answer = ship(order.name, items=[{"order_item": line, "quantity": quantity}])
        moment = f"{add_days(nowdate(), -days)} 12:00:00"
        frappe.db.set_value("Shipment", answer["shipment"], "shipped_at", moment)
    record_payment(order.name, 100, f"P-{order.name}")
    return stored(order)


def debtor() -> Any:
    """A customer who pays 30 days after shipment."""
    return credit_customer(5000, due_rule="Days after Shipment", due_days=30)


def rows_of(report: Any, **filters: Any) -> list[dict[str, Any]]:
    """A report's rows."""
    return report.execute(filters)[1]


def test_the_due_list_splits_an_order_by_its_shipments() -> None:
    """R-168: 300 are ten days late, 600 come due in 25 days; money paid the older ones first."""
    customer = debtor()
    two_shipments(customer)
    rows = rows_of(due_list, customer=customer.name)
    assert [(row["due_on"], row["amount"], row["late_days"]) for row in rows] == [
        (getdate(add_days(nowdate(), -10)), 300, 10),
        (getdate(add_days(nowdate(), 25)), 600, 0),
    ]
    assert [row["amount"] for row in rows_of(due_list, customer=customer.name, only_overdue=1)] == [300]
    assert [row["amount"] for row in rows_of(due_list, customer=customer.name, until=nowdate())] == [300]


def test_exposure_shows_limit_and_lateness() -> None:
    """R-165: what the customer owes, what is left of the limit, since when he is late."""
    customer = debtor()
    order = two_shipments(customer)
    (row,) = rows_of(customer_exposure, customer=customer.name)
    assert (row["exposure"], row["limit"], row["free"], row["orders"]) == (900, 5000, 4100, 1)
    assert (row["overdue"], row["overdue_since"]) == (900, stored(order).payment_due_date)
    assert row["late_days"] == 10
    assert rows_of(customer_exposure, customer=customer.name, only_over_limit=1) == []


def test_receipts_of_the_month() -> None:
    """R-169: confirmed money of the month, refunds negative, nothing that no bank saw."""
    customer = debtor()
    order = two_shipments(customer)
    record_payment(order.name, 30, "BACK", kind="Reversal")
    record_payment(order.name, 7, "EARLIER", received_on="2026-01-31 23:59:59")
    rows = rows_of(monthly_receipts, customer=customer.name)
    assert sorted(row["amount"] for row in rows) == [-30, 100]
    january = rows_of(monthly_receipts, customer=customer.name, month="2026-01-15")
    assert [row["reference"] for row in january] == ["EARLIER"]


@pytest.mark.parametrize("report, statements", [(due_list, 2), (customer_exposure, 1), (monthly_receipts, 1)])
def test_statements_are_constant(report: Any, statements: int) -> None:
    """Design 8: one order or five, the same statements."""
    for count in (1, 4):
        for _number in range(count):
            two_shipments(debtor())
        with recorded_statements() as recorded:
            report.execute({})
        assert len(recorded) == statements, recorded


def test_the_reports_open_for_finance_and_not_for_the_warehouse() -> None:
    """R-388: who collects and who sells see them."""
    for name in ("Customer Exposure", "Due List", "Monthly Receipts"):
        report = frappe.get_doc("Report", name)
        with acting_as(user_of(Role.FINANCE)):
            assert report.is_permitted()
        with acting_as(user_of(Role.WAREHOUSE)):
            assert not report.is_permitted()


def test_sales_hear_of_late_money_once(site: Any) -> None:
    """R-169: a task for the salesperson at the first run, none at the second, another for a new due date."""
    sales = user_of(Role.SALES)
    customer = credit_customer(5000, due_rule="Days after Shipment", due_days=30, sales_rep=sales)
    order = two_shipments(customer)
    tell_sales_of_overdue()
    tell_sales_of_overdue()
    tasks = frappe.get_all("ToDo", {"reference_name": order.name, "allocated_to": sales}, pluck="description")
    assert len(tasks) == 1
    assert "900" in tasks[0]
    asked = {"reference_name": order.name, "allocated_to": sales, "status": "Open"}
    record_payment(order.name, "900", "LATE-1")
    assert frappe.db.count("ToDo", asked) == 0, "it was paid"
    record_payment(order.name, "100", "LATE-2", kind="Reversal")
    frappe.db.set_value("Order", order.name, "payment_due_date", add_days(nowdate(), -1))
    tell_sales_of_overdue()
    assert frappe.db.count("ToDo", asked) == 1, "it is owed again"
