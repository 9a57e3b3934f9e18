"""Credit at the desk: limits, overdue customers, new and large ones, raises (R-156, R-160..R-164, K-21)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from dev.bench.statements import recorded_statements
from order_flow.api.money import assess_customer, check_credit
from order_flow.api.orders import confirm, ship
from order_flow.domain.states import OrderState, PaymentTerm, Role
from order_flow.flow.gates.money import load_money_facts
from order_flow.flow.profiles import profile_of
from order_flow.flow.refusals import StepRefused
from order_flow.flow.terms.credit import standing_of
from tests.site.support.builders import acting_as, also_in_role, user_of
from tests.site.support.money_lab import (
    LARGE,
    contract_order,
    credit_customer,
    dated,
    footprint,
    money,
    money_channel,
    new_customer,
    stored,
    to_planning,
)

__all__ = ["money", "money_channel"]
pytestmark = pytest.mark.usefixtures("money")
ACCOUNT = PaymentTerm.MONTHLY_ACCOUNT
FINANCE, SALES, MANAGER, DIRECTOR, SERVICE = (
    user_of(role)
    for role in (Role.FINANCE, Role.SALES, Role.SALES_MANAGER, Role.MARKETING_DIRECTOR, Role.AFTER_SALES)
)


def overdue_order(customer: Any) -> Any:
    """A shipped order whose money has been due since yesterday."""
    order = contract_order(customer, ACCOUNT, 500)
    confirm(order.name)
    ship(order.name)
    frappe.db.set_value("Order", order.name, "payment_due_date", add_days(nowdate(), -1))
    return order


def test_within_the_limit_goods_leave() -> None:
    """R-163: finance granted it, nobody is asked again."""
    order = contract_order(credit_customer(1000), ACCOUNT)
    confirm(order.name)
    to_planning(order)
    ship(order.name)
    assert stored(order).workflow_state == OrderState.SHIPPED


def test_over_the_limit_goods_stay() -> None:
    """R-163: exposure of the other orders counts; confirming warns, planning and shipping stop."""
    customer = credit_customer(1500)
    first, second = contract_order(customer, ACCOUNT), contract_order(customer, ACCOUNT)
    confirm(first.name)
    confirm(second.name)
    remark = frappe.get_all("Order Event", {"order_id": second.name, "step": "Confirm"}, pluck="remark")
    assert "would owe 2000" in remark[0]
    before = footprint(first, second, customer)
    for attempt in (lambda: to_planning(second), lambda: ship(second.name)):
        with pytest.raises(StepRefused, match=r"would owe 2000.*his limit is 1500"):
            attempt()
    assert footprint(first, second, customer) == before


@pytest.mark.parametrize(
    "values, words",
    [
        ({"credit_valid_until": -1}, "was valid until"),
        ({"account_kind": "Cash"}, "needs a credit account"),
    ],
)
def test_credit_that_does_not_hold(values: dict[str, Any], words: str) -> None:
    """R-160, R-163: run out, or none at all."""
    customer = credit_customer(5000)
    customer.update(dated(values)).save()
    order = contract_order(customer, ACCOUNT)
    with pytest.raises(StepRefused, match=words):
        confirm(order.name)
        to_planning(order)


def test_the_next_order_of_a_late_payer_is_not_processed() -> None:
    """R-156: at confirmation already, with how much and since when; the late order itself goes on."""
    customer = credit_customer(10_000)
    late = overdue_order(customer)
    order = contract_order(customer, ACCOUNT)
    before = footprint(order, late)
    with pytest.raises(StepRefused, match=r"owes 500.* on other orders, due since"):
        confirm(order.name)
    assert footprint(order, late) == before
    frappe.db.set_value("Order", late.name, {"open_amount": 0, "payment_due_date": None})
    confirm(order.name)


def test_a_new_customer_gets_credit_terms_after_the_assessment() -> None:
    """R-160: result, person and time; only finance; without it no credit account."""
    customer = new_customer(relationship="New")
    order = contract_order(customer, ACCOUNT)
    with pytest.raises(StepRefused, match="his credit is not assessed"):
        confirm(order.name)
    with acting_as(SALES), pytest.raises(frappe.PermissionError, match="Finance"):
        assess_customer(customer.name, "Passed")
    customer.reload()
    customer.account_kind = "Credit"
    with acting_as(FINANCE), pytest.raises(StepRefused, match="has not passed an assessment"):
        customer.save()
    with acting_as(FINANCE):
        with pytest.raises(StepRefused, match="why"):
            assess_customer(customer.name, "Failed")
        assess_customer(customer.name, "Passed", "bank reference")
        customer.reload()
        customer.update({"account_kind": "Credit", "credit_limit": 5000}).save()
    assert (customer.credit_assessment, customer.assessed_by) == ("Passed", FINANCE)
    confirm(order.name)


@pytest.mark.parametrize(
    "field, value, exception",
    [
        ("credit_limit", 99999, frappe.PermissionError),
        ("credit_valid_until", "2099-01-01", frappe.PermissionError),
        ("account_kind", "Credit", frappe.PermissionError),
        ("deposit_percent", 1, frappe.PermissionError),
        ("due_days", 365, frappe.PermissionError),
        ("credit_assessment", "Passed", StepRefused),
        ("temporary_limit", 99999, StepRefused),
        ("temporary_limit_until", "2099-01-01", StepRefused),
    ],
)
def test_sales_do_not_grant_credit(field: str, value: Any, exception: type[Exception]) -> None:
    """R-014, R-163, R-164: who sells does not decide how much may be owed, by no way in."""
    customer = new_customer()
    before = footprint(customer)
    document = frappe.get_doc("Customer", customer.name)
    document.set(field, value)
    with acting_as(SALES), pytest.raises(exception):
        document.save()
    assert footprint(customer) == before
    with acting_as(SALES), pytest.raises(exception):
        new_customer(**{field: value})


def test_a_large_order_is_checked_by_finance() -> None:
    """R-161: from the profile's amount on; a higher total would be checked again."""
    order = contract_order(credit_customer(10 * LARGE), ACCOUNT, LARGE)
    confirm(order.name)
    with pytest.raises(StepRefused, match="finance checks its credit first"):
        to_planning(order)
    with acting_as(MANAGER), pytest.raises(frappe.PermissionError, match="Finance"):
        check_credit(order.name, "Passed")
    with acting_as(FINANCE):
        check_credit(order.name, "Failed", "too much for them")
    with pytest.raises(StepRefused, match="it failed"):
        to_planning(order)
    with acting_as(FINANCE):
        check_credit(order.name, "Passed", "guaranteed by the parent")
    to_planning(order)
    frappe.db.set_value("Order", order.name, "credit_checked_total", LARGE - 1)
    with pytest.raises(StepRefused, match="finance checks its credit first"):
        to_planning(order)


def test_facts_take_one_statement_however_much_was_ordered() -> None:
    """Design 8: constant in the customer's history."""
    customer = credit_customer(10_000)
    counts, exposures = [], []
    for _number in range(4):
        order = contract_order(customer, ACCOUNT, 100)
        document = stored(order)
        profile = profile_of(document)
        with recorded_statements() as statements:
            exposures.append(load_money_facts(document, profile).exposure)
        counts.append(len(statements))
        confirm(order.name)
    assert counts == [1, 1, 1, 1]
    assert exposures == [0, 100, 200, 300]
    assert standing_of(customer.name).exposure == 400


def test_exposure_uses_its_index() -> None:
    """Design 8: open orders of one customer only, read from the index."""
    plan = frappe.db.sql(
        """explain select sum(open_amount) from `tabOrder` force index (customer_credit)
        where customer = 'x' and open_amount > 0""",
        as_dict=True,
    )
    assert "Using index" in plan[0].Extra


def new_request(customer: Any, **values: Any) -> Any:
    """A request of after-sales for 5000."""
    with acting_as(SERVICE):
        return frappe.get_doc(
            {
                "doctype": "Credit Raise Request",
                "customer": customer.name,
                "requested_limit": 5000,
                "valid_until": add_days(nowdate(), 30),
                "reason": "season",
                **values,
            }
        ).insert()


def decide(request: Any, state: str, user: str, **values: Any) -> Any:
    """Take a request to a state as a user."""
    with acting_as(user):
        document = frappe.get_doc("Credit Raise Request", request.name)
        document.update({"workflow_state": state, **values}).save()
        return document


SALES_YES, DIRECTOR_YES = "Approved by Sales Manager", "Approved by Marketing Director"


def test_a_raise_goes_through_three_hands() -> None:
    """R-164: sales manager, marketing director, finance; then the limit holds until its day."""
    customer = credit_customer(1000)
    request = new_request(customer)
    assert (request.present_limit, request.requested_by) == (1000, SERVICE)
    decide(request, SALES_YES, MANAGER)
    decide(request, DIRECTOR_YES, DIRECTOR)
    assert frappe.db.get_value("Customer", customer.name, "temporary_limit") == 0
    done = decide(request, "Granted", FINANCE)
    assert (done.sales_decided_by, done.director_decided_by, done.finance_decided_by) == (
        MANAGER,
        DIRECTOR,
        FINANCE,
    )
    customer.reload()
    assert (customer.temporary_limit, str(customer.temporary_limit_until)) == (5000, add_days(nowdate(), 30))
    order = contract_order(customer, ACCOUNT, 5000)
    confirm(order.name)
    to_planning(order)


@pytest.mark.parametrize(
    "led_to, state, user",
    [
        ((), SALES_YES, SALES),
        ((), SALES_YES, SERVICE),
        ((), SALES_YES, DIRECTOR),
        ((), SALES_YES, FINANCE),
        ((), DIRECTOR_YES, DIRECTOR),
        ((), "Granted", FINANCE),
        ((), "Refused", FINANCE),
        ((SALES_YES,), DIRECTOR_YES, MANAGER),
        ((SALES_YES,), "Granted", FINANCE),
        ((SALES_YES, DIRECTOR_YES), "Granted", DIRECTOR),
        ((SALES_YES, DIRECTOR_YES), SALES_YES, MANAGER),
    ],
)
def test_nobody_takes_another_ones_step(led_to: tuple[str, ...], state: str, user: str) -> None:
    """R-164: each step only by its role and in its order, also past the desk."""
    customer = credit_customer(1000)
    request = new_request(customer)
    for reached in led_to:
        decide(request, reached, MANAGER if reached == SALES_YES else DIRECTOR)
    before = footprint(request, customer)
    with pytest.raises((StepRefused, frappe.PermissionError, frappe.ValidationError)):
        decide(request, state, user, refusal_reason="no")
    assert footprint(request, customer) == before


def test_nobody_decides_about_his_own_request() -> None:
    """R-164: a sales manager who also sells asks, another one decides."""
    customer = credit_customer(1000)
    with also_in_role(MANAGER, Role.SALES):
        with acting_as(MANAGER):
            request = frappe.get_doc(
                {
                    "doctype": "Credit Raise Request",
                    "customer": customer.name,
                    "requested_limit": 5000,
                    "valid_until": nowdate(),
                    "reason": "my best customer",
                }
            ).insert()
        before = footprint(request)
        with pytest.raises(StepRefused, match="yourself"):
            decide(request, SALES_YES, MANAGER)
        assert footprint(request) == before


def test_a_refusal_says_why_and_customer_service_hears_of_it() -> None:
    """R-164: without a reason nothing happens; with it the requester has a task."""
    request = new_request(credit_customer(1000))
    with pytest.raises(StepRefused, match="why the limit is refused"):
        decide(request, "Refused", MANAGER)
    decide(request, "Refused", MANAGER, refusal_reason="three late payments")
    task = frappe.get_all("ToDo", {"reference_name": request.name}, ["allocated_to", "description", "status"])
    assert [(row.allocated_to, row.status) for row in task] == [(SERVICE, "Open")]
    assert "three late payments" in task[0].description
    with pytest.raises((StepRefused, frappe.ValidationError)):
        decide(request, SALES_YES, MANAGER)


@pytest.mark.parametrize(
    "values, words",
    [
        ({"requested_limit": 1000}, "not above the present limit"),
        ({"valid_until": -1}, "ended already"),
        ({"workflow_state": "Granted"}, "starts as requested"),
    ],
)
def test_wishes_that_cannot_be(values: dict[str, Any], words: str) -> None:
    """R-164."""
    customer = credit_customer(1000)
    with pytest.raises(StepRefused, match=words):
        new_request(customer, **dated(values))


def test_a_request_under_decision_keeps_its_content() -> None:
    """R-164: what was approved is what is granted."""
    request = new_request(credit_customer(1000))
    with pytest.raises(StepRefused, match="do not change any more"):
        decide(request, SALES_YES, MANAGER, requested_limit=90_000)
    decide(request, SALES_YES, MANAGER)
    with acting_as(SERVICE), pytest.raises(StepRefused, match="do not change any more"):
        document = frappe.get_doc("Credit Raise Request", request.name)
        document.requested_limit = 90_000
        document.save()
