"""Who had a hand in something does not decide about it, by no detour (K-14, R-092, R-164)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.notices.links import issue
from order_flow.flow.orders.hands import hands_on_order
from tests.site.support.builders import (
    OFFLINE_CHANNEL,
    acting_as,
    new_order,
    order_in,
    order_values,
    test_customer,
    user_of,
)
from tests.site.support.committed_orders import remove_orders
from tests.site.support.gate_orders import STRICT, complete_values
from tests.site.support.rest_client import Callers, message_of

THREE_ROLES = "three.hats@test.example.com"
MANAGER, SALES = user_of(Role.SALES_MANAGER), user_of(Role.SALES)


@pytest.fixture
def kept(test_site: str) -> Iterator[list[str]]:
    """Names of committed orders, taken out again."""
    frappe.db.rollback()
    frappe.set_user("Administrator")
    orders: list[str] = []
    yield orders
    frappe.db.rollback()
    frappe.set_user("Administrator")
    for doctype in ("Gate Override", "Customer Link", "Order Evidence", "Delivery Case"):
        frappe.db.delete(doctype, {"order_id": ("in", orders or [""])})
    remove_orders(orders)


def discounted(kept: list[str]) -> str:
    """An order with a discount nobody approved, in the manager's care."""
    with acting_as(SALES):
        values = complete_values(STRICT, discount=1, discount_reason="x", sales_rep=MANAGER)
        order = frappe.get_doc({**order_values(), **values}).insert()
    frappe.db.commit()
    kept.append(str(order.name))
    return str(order.name)


def approve(callers: Callers, order: str) -> Any:
    return callers.of(Role.SALES_MANAGER).post(
        "method/order_flow.api.gates.override_gate",
        order=order,
        gate="discount_not_approved",
        check_point="Confirm",
        kind="Manager Override",
        reason="r",
        due_date="2099-01-01",
    )


def test_giving_an_order_away_for_a_moment_does_not_help(callers: Callers, kept: list[str]) -> None:
    """S9: own, given away, approved, taken back."""
    order = discounted(kept)
    manager = callers.of(Role.SALES_MANAGER)
    assert approve(callers, order).status_code == 403
    assert manager.put(f"resource/Order/{order}", sales_rep=SALES).status_code == 200
    refused = approve(callers, order)
    assert refused.status_code == 403
    assert "your own" in message_of(refused)


def test_whoever_wrote_an_order_lets_it_not_pass(callers: Callers, kept: list[str]) -> None:
    order = discounted(kept)
    frappe.db.set_value("Order", order, {"sales_rep": SALES, "hands": SALES})
    frappe.db.commit()
    manager = callers.of(Role.SALES_MANAGER)
    assert manager.put(f"resource/Order/{order}", buyer_message="more").status_code == 200
    assert approve(callers, order).status_code == 403


def test_a_manager_without_a_part_in_it_lets_it_pass(callers: Callers, kept: list[str]) -> None:
    """The rule can be met: nobody is stuck."""
    order = discounted(kept)
    frappe.db.set_value("Order", order, {"sales_rep": SALES, "hands": SALES})
    frappe.db.commit()
    answer = approve(callers, order)
    assert answer.status_code == 200, answer.text


def test_nobody_writes_the_list_of_hands(callers: Callers, kept: list[str]) -> None:
    order = discounted(kept)
    answer = callers.of(Role.SALES_MANAGER).put(f"resource/Order/{order}", hands=SALES)
    assert answer.status_code == 417, answer.text
    assert MANAGER in hands_on_order(order)


def test_steps_of_other_departments_are_no_writing(site: Any) -> None:
    """Finance, who confirms money, stays free to decide."""
    order = order_in(OrderState.PAID, PaymentFamily.PAY_FIRST)
    assert user_of(Role.FINANCE) not in hands_on_order(order.name)
    with acting_as(user_of(Role.ORDER_DESK)):
        other = new_order(channel=OFFLINE_CHANNEL)
    assert hands_on_order(other.name) == {user_of(Role.ORDER_DESK)}


@pytest.fixture
def three_hats(test_site: str) -> str:
    if not frappe.db.exists("User", THREE_ROLES):
        roles = [Role.SALES_MANAGER, Role.MARKETING_DIRECTOR, Role.FINANCE, Role.ORDER_DESK]
        user = {"doctype": "User", "email": THREE_ROLES, "first_name": "Three", "send_welcome_email": 0}
        frappe.get_doc({**user, "roles": [{"role": role.value} for role in roles]}).insert()
    frappe.db.commit()
    return THREE_ROLES


@pytest.fixture
def raise_request(callers: Callers) -> Iterator[str]:
    answer = callers.of(Role.SALES).post(
        "resource/Credit Raise Request",
        customer=test_customer(),
        requested_limit=90_000_000,
        valid_until=add_days(nowdate(), 30),
        reason="season",
    )
    assert answer.status_code == 200, answer.text
    name = answer.json()["data"]["name"]
    yield name
    frappe.db.rollback()
    frappe.set_user("Administrator")
    frappe.db.delete("Workflow Action", {"reference_name": name})
    frappe.db.delete("Credit Raise Request", {"name": name})
    frappe.db.set_value("Customer", test_customer(), {"temporary_limit": 0, "temporary_limit_until": None})
    frappe.db.commit()


def test_three_roles_are_one_pair_of_eyes(callers: Callers, three_hats: str, raise_request: str) -> None:
    """R-164: two decisions and finance's check, by three people."""
    caller = callers.of(three_hats)
    path = f"resource/Credit Raise Request/{raise_request}"
    first = caller.put(path, workflow_state="Approved by Sales Manager")
    assert first.status_code == 200, first.text
    second = caller.put(path, workflow_state="Approved by Marketing Director")
    assert second.status_code == 417
    assert "somebody else" in message_of(second)
    other = callers.of(Role.MARKETING_DIRECTOR).put(path, workflow_state="Approved by Marketing Director")
    assert other.status_code == 200, other.text
    third = caller.put(path, workflow_state="Granted")
    assert third.status_code == 417


@pytest.fixture
def letter(callers: Callers) -> Iterator[str]:
    number = f"LC-{frappe.generate_hash(length=6)}"
    answer = callers.of(Role.ORDER_DESK).post(
        "resource/Letter of Credit",
        lc_number=number,
        customer=test_customer(),
        currency="CNY",
        amount=1000,
        issuing_bank="Bank",
    )
    assert answer.status_code == 200, answer.text
    yield number
    frappe.db.rollback()
    frappe.db.delete("Letter of Credit", {"name": number})
    frappe.db.commit()


def verify(callers: Callers, role: Role, letter: str) -> Any:
    return callers.of(role).post(
        "method/order_flow.api.money.verify_letter_of_credit", letter_of_credit=letter, result="Correct"
    )


def test_nobody_verifies_his_own_words(callers: Callers, letter: str) -> None:
    """S11: finance rewrote the amount and then found it correct."""
    finance = callers.of(Role.FINANCE)
    assert finance.put(f"resource/Letter of Credit/{letter}", amount=999_999).status_code == 200
    assert verify(callers, Role.FINANCE, letter).status_code == 403
    assert verify(callers, Role.ORDER_DESK, letter).status_code == 403, "the desk entered it"
    forged = finance.put(f"resource/Letter of Credit/{letter}", hands="")
    assert forged.status_code == 417


def test_who_wrote_nothing_verifies(callers: Callers, letter: str) -> None:
    answer = verify(callers, Role.FINANCE, letter)
    assert answer.status_code == 200, answer.text


def test_the_figures_of_an_evaluation_are_the_systems(callers: Callers) -> None:
    """S17: a read-only field is one for REST, too."""
    name = frappe.get_doc(
        {"doctype": "Customer Evaluation", "customer": test_customer(), "year": 2031, "quarter": 3}
    ).insert()
    frappe.db.commit()
    try:
        for role in (Role.SALES, Role.SALES_MANAGER, Role.GENERAL_MANAGER):
            for forged in ({"turnover": 1}, {"orders": 5}, {"evaluated_by": MANAGER}, {"overdue_amount": 3}):
                answer = callers.of(role).put(f"resource/Customer Evaluation/{name.name}", **forged)
                assert answer.status_code == 417, (role, forged, answer.text)
        given = callers.of(Role.SALES_MANAGER).put(
            f"resource/Customer Evaluation/{name.name}", overall="Good"
        )
        assert given.status_code in (200, 417), given.text
    finally:
        frappe.db.rollback()
        frappe.set_user("Administrator")
        frappe.db.delete("Customer Evaluation", {"name": name.name})
        frappe.db.commit()


BOUND = ["Flow Profile", "Sales Channel", "Review Template", "Change Kind", "Clock Rule", "Working Calendar"]


@pytest.mark.parametrize("doctype", BOUND)
def test_no_role_of_the_flow_edits_what_binds_it(callers: Callers, site: Any, doctype: str) -> None:
    """Gates, reviews and clocks are set up by the administrator (issue 10 section 4)."""
    name = frappe.get_all(doctype, pluck="name", limit=1)[0]
    for role in Role:
        caller = callers.of(role)
        for answer in (
            caller.put(f"resource/{doctype}/{name}", description="x"),
            caller.post(f"resource/{doctype}", name="New"),
            caller.delete(f"resource/{doctype}/{name}"),
        ):
            assert answer.status_code == 403, (role, answer.text[:200])


def receipt_link(kept: list[str]) -> tuple[str, str]:
    order = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
    url = issue(order.name, LinkPurpose.RECEIPT)
    frappe.db.commit()
    kept.append(str(order.name))
    return str(order.name), url.partition("t=")[2]


@pytest.mark.parametrize("role", [Role.SALES, Role.SALES_MANAGER])
def test_sales_makes_no_link_that_confirms_a_receipt(callers: Callers, kept: list[str], role: Role) -> None:
    """S10: who may not confirm a receipt gets no link for it."""
    order, _token = receipt_link(kept)
    make = "method/order_flow.api.links.create_link"
    assert callers.of(role).post(make, order=order, purpose="Receipt").status_code == 403
    assert callers.of(role).post(make, order=order, purpose="Tracking").status_code == 200
    assert callers.of(Role.AFTER_SALES).post(make, order=order, purpose="Receipt").status_code == 200


@pytest.mark.parametrize("role", [Role.SALES, Role.SALES_MANAGER, Role.ORDER_DESK])
def test_employees_use_no_link_of_customers(callers: Callers, kept: list[str], role: Role) -> None:
    order, token = receipt_link(kept)
    for method, args in (("confirm_arrival", {}), ("report_problem", {"text": "broken"})):
        answer = callers.of(role).post(f"method/order_flow.api.links.{method}", t=token, **args)
        assert answer.status_code == 403, answer.text
    assert frappe.db.get_value("Order", order, "workflow_state") == OrderState.SHIPPED.value
    answer = callers.of(None).post("method/order_flow.api.links.confirm_arrival", t=token)
    assert answer.status_code == 200, answer.text


def test_one_link_makes_five_cases_a_day_from_any_address(callers: Callers, kept: list[str]) -> None:
    """S19: the caller writes X-Forwarded-For himself."""
    _order, token = receipt_link(kept)
    guest = callers.fresh("Administrator")
    guest.session.headers.pop("Authorization", None)
    answers = []
    for number in range(8):
        guest.session.headers["X-Forwarded-For"] = f"10.0.0.{number}"
        answers.append(guest.post("method/order_flow.api.links.report_problem", t=token, text=f"no {number}"))
    assert [answer.status_code for answer in answers[:5]] == [200] * 5, answers[0].text
    assert {answer.status_code for answer in answers[5:]} == {429}
    assert all("used too often" in message_of(answer) for answer in answers[5:])
