"""What is due when, and the gates over it, on real orders (R-004, R-007, R-153..R-155, R-162, R-168)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from order_flow.api.orders import confirm, record_payment, ship
from order_flow.domain.states import OrderState, PaymentFamily, PaymentTerm
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, new_order
from tests.site.support.money_lab import (
    contract_order,
    credit_customer,
    footprint,
    money,
    money_channel,
    new_customer,
    stored,
    to_planning,
)

__all__ = ["money", "money_channel"]
pytestmark = pytest.mark.usefixtures("money")
TERM = PaymentTerm


@pytest.mark.parametrize(
    "term, values, deposit, shipment, family",
    [
        (TERM.DEPOSIT_AND_BALANCE, {}, 300, 1000, PaymentFamily.PAY_FIRST),
        (TERM.DEPOSIT_AND_BALANCE, {"deposit_percent": 40}, 400, 1000, PaymentFamily.PAY_FIRST),
        (TERM.DEPOSIT_AND_BALANCE, {"deposit_amount": 123.45}, 123.45, 1000, PaymentFamily.PAY_FIRST),
        (TERM.PREPAYMENT, {}, 1000, 1000, PaymentFamily.PAY_FIRST),
        (TERM.LETTER_OF_CREDIT, {}, 0, 0, PaymentFamily.PAY_LATER),
        (TERM.LETTER_OF_CREDIT, {"deposit_percent": 30}, 300, 300, PaymentFamily.PAY_LATER),
        (TERM.MONTHLY_ACCOUNT, {}, 0, 0, PaymentFamily.PAY_LATER),
        (TERM.BANK_TRANSFER, {}, 0, 1000, PaymentFamily.PAY_FIRST),
    ],
)
def test_an_order_knows_what_is_due_when(
    term: PaymentTerm, values: dict[str, Any], deposit: float, shipment: float, family: PaymentFamily
) -> None:
    """K-03, R-004: the contract's deposit first, else the company's policy; the branch follows."""
    order = contract_order(new_customer(), term, **values)
    assert (order.deposit_due, order.shipment_due) == (deposit, shipment)
    assert order.payment_family == family


def test_the_customers_contract_is_taken_over() -> None:
    """R-004, R-014: deposit and due days of the customer go before the company's policy."""
    customer = new_customer(deposit_percent=20, due_rule="Days after Shipment", due_days=45)
    order = contract_order(customer, TERM.DEPOSIT_AND_BALANCE)
    assert (order.deposit_due, order.due_rule, order.due_days) == (200, "Days after Shipment", 45)


@pytest.mark.parametrize("values", [{"deposit_percent": 101}, {"deposit_amount": 1000.01}])
def test_an_impossible_deposit_is_refused(values: dict[str, Any]) -> None:
    """R-004: nothing is stored."""
    customer = new_customer()
    with pytest.raises(StepRefused):
        contract_order(customer, TERM.DEPOSIT_AND_BALANCE, **values)


@pytest.mark.parametrize("field", ["deposit_due", "shipment_due", "open_amount", "payment_due_date"])
def test_nobody_writes_what_is_derived(field: str) -> None:
    """R-044, R-387: read-only fields are the system's, whatever the way in."""
    order = contract_order(new_customer(), TERM.DEPOSIT_AND_BALANCE)
    confirm(order.name)
    document = stored(order)
    document.set(field, nowdate() if field.endswith("date") else 1)
    with pytest.raises(StepRefused, match="written by the system"):
        document.save()


def test_no_deposit_no_planning() -> None:
    """R-004, R-153: refused with what is missing; a cent short is short; then released."""
    order = contract_order(new_customer(), TERM.DEPOSIT_AND_BALANCE)
    confirm(order.name)
    before = footprint(order)
    with pytest.raises(StepRefused, match=r"300.* of the deposit of 300"):
        to_planning(order)
    assert footprint(order) == before
    record_payment(order.name, "299.99", "T1", kind="Deposit")
    with pytest.raises(StepRefused, match=r"0\.01 of the deposit"):
        to_planning(order)
    record_payment(order.name, "0.01", "T2", kind="Deposit")
    to_planning(order)


def test_a_cash_customers_order_waits_for_its_money() -> None:
    """R-162: production only after finance has seen the money."""
    order = contract_order(new_customer(), TERM.BANK_TRANSFER)
    confirm(order.name)
    with pytest.raises(StepRefused, match="only after their money is seen"):
        to_planning(order)
    record_payment(order.name, 1000, "T1")
    to_planning(order)


def test_the_rest_is_due_before_shipment() -> None:
    """R-155: a deposit with money due before shipment and a rest after it ships when its part is in."""
    order = contract_order(credit_customer(10_000), TERM.LETTER_OF_CREDIT, deposit_percent=30)
    confirm(order.name)
    with pytest.raises(StepRefused, match=r"due before shipment"):
        ship(order.name)


def test_delivery_time_counts_from_the_deposit() -> None:
    """R-007: empty while the deposit is missing, then the latest of the dates."""
    order = contract_order(new_customer(), TERM.DEPOSIT_AND_BALANCE)
    confirm(order.name)
    assert stored(order).delivery_start is None
    record_payment(order.name, 300, "T1", kind="Deposit", received_on=f"{add_days(nowdate(), -3)} 10:00:00")
    after = stored(order)
    assert after.deposit_received_on == getdate(add_days(nowdate(), -3))
    assert after.delivery_start == getdate(nowdate())


def test_a_deposit_that_came_before_the_confirmation_counts() -> None:
    """R-007: no demanded date is missing, so confirming starts the clock."""
    order = contract_order(new_customer(), TERM.DEPOSIT_AND_BALANCE)
    record_payment(order.name, 300, "T1", kind="Deposit")
    assert stored(order).delivery_start is None
    confirm(order.name)
    assert stored(order).delivery_start == getdate(nowdate())


def test_open_money_and_its_due_date_follow_every_fact() -> None:
    """R-163, R-168: what an order takes of the credit, from confirmation to the last payment."""
    customer = credit_customer(10_000, due_rule="Days after Shipment", due_days=10)
    order = contract_order(customer, TERM.MONTHLY_ACCOUNT)
    assert stored(order).open_amount == 0
    confirm(order.name)
    assert (stored(order).open_amount, stored(order).payment_due_date) == (1000, None)
    line = order.items[0].name
    ship(order.name, items=[{"order_item": line, "quantity": 4}])
    assert stored(order).payment_due_date == getdate(add_days(nowdate(), 10))
    record_payment(order.name, 400, "T1")
    assert (stored(order).open_amount, stored(order).payment_due_date) == (600, None)
    ship(order.name, items=[{"order_item": line, "quantity": 6}])
    assert stored(order).payment_due_date == getdate(add_days(nowdate(), 10))
    record_payment(order.name, 600, "T2")
    after = stored(order)
    assert (after.open_amount, after.payment_due_date, after.workflow_state) == (
        0,
        None,
        OrderState.COMPLETED,
    )


def test_a_foreign_order_counts_in_the_companys_currency() -> None:
    """R-163: with the rate it was entered with."""
    customer = credit_customer(10_000)
    order = contract_order(customer, TERM.MONTHLY_ACCOUNT, currency="USD", exchange_rate=7.1234)
    confirm(order.name)
    assert stored(order).open_amount == 7123.4


@pytest.mark.parametrize(
    "currency, rate, words",
    [
        ("USD", None, "Enter the exchange rate"),
        ("USD", 0, "Enter the exchange rate"),
        ("USD", 1, "Enter the exchange rate"),
        ("CNY", 7.1, "the exchange rate is 1"),
    ],
)
def test_a_foreign_currency_never_counts_one_to_one(currency: str, rate: float | None, words: str) -> None:
    """R-163: 100 USD are not 100 CNY of credit, and no warehouse collects them as such."""
    with pytest.raises(StepRefused, match=words):
        new_order(currency=currency, exchange_rate=rate)


def test_a_rate_does_not_outlive_its_currency() -> None:
    """An order that becomes a foreign one needs a rate of its own."""
    order = stored(new_order())
    assert order.exchange_rate == 1
    order.currency = "USD"
    with pytest.raises(StepRefused, match="Enter the exchange rate"):
        order.save()


def test_the_web_shop_goes_on_as_ever(site: Any) -> None:
    """V1.0: no gate, no new rule; the plan is only shown."""
    order = new_order(items=[{"product": PRODUCTS[0], "quantity": 1, "unit_price": 100}])
    assert (order.payment_family, order.deposit_due, order.shipment_due) == (
        PaymentFamily.PAY_FIRST,
        0,
        100,
    )
    confirm(order.name)
    assert frappe.db.get_value("Order", order.name, "open_amount") == 0


@pytest.mark.parametrize(
    "rows, words",
    [
        ([("Cash", 20, 70, 0)], "add up to 90"),
        ([("Cash", 0, 100, 0), ("Cash", 100, 0, 0)], "twice"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(site: Any, rows: list[tuple[Any, ...]], words: str) -> None:
    """K-03: the three parts make 100, one row a term."""
    names = ("payment_term", "percent_before_planning", "percent_before_shipment", "percent_after_shipment")
    profile = frappe.get_doc("Flow Profile", "Test Money")
    profile.set("payment_terms", [dict(zip(names, row, strict=True)) for row in rows])
    with pytest.raises(StepRefused, match=words):
        profile.save()


def test_response_time_ends_when_the_vessel_sails() -> None:
    """R-006: from confirmation and prepayment; entered by hand, computed by the system."""
    order = contract_order(new_customer(), TERM.DEPOSIT_AND_BALANCE)
    confirm(order.name)
    record_payment(order.name, 300, "T1", kind="Deposit")
    document = stored(order)
    document.sailing_date = add_days(nowdate(), 12)
    document.save()
    assert stored(order).response_days == 12
    document.response_days = 1
    with pytest.raises(StepRefused, match="written by the system"):
        document.save()
