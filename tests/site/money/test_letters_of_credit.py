"""Letters of credit at the desk: gates, verification, amendments, who may not (R-157..R-159, R-104, K-03)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from order_flow.api.money import amend_letter_of_credit, put_under_letter_of_credit, verify_letter_of_credit
from order_flow.api.orders import confirm, ship
from order_flow.domain.states import PaymentTerm, Role
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, user_of
from tests.site.support.money_lab import (
    contract_order,
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
CLERK, MANAGER, FINANCE = (user_of(role) for role in (Role.ORDER_DESK, Role.SALES_MANAGER, Role.FINANCE))


def new_letter(customer: Any, **values: Any) -> Any:
    """A letter of credit over 1000 that the sales manager entered."""
    with acting_as(MANAGER):
        return frappe.get_doc(
            {
                "doctype": "Letter of Credit",
                "lc_number": f"LC-{frappe.generate_hash(length=8)}",
                "customer": customer.name,
                "issuing_bank": "Bank of Test",
                "currency": "CNY",
                "amount": 1000,
                "received_on": nowdate(),
                "expiry_date": add_days(nowdate(), 60),
                **values,
            }
        ).insert()


def verified(letter: Any) -> Any:
    """The same, found correct by finance."""
    with acting_as(FINANCE):
        verify_letter_of_credit(letter.name, "Correct")
    return frappe.get_doc("Letter of Credit", letter.name)


def lc_order(customer: Any, **values: Any) -> Any:
    """A confirmed order that is paid by letter of credit."""
    order = contract_order(customer, PaymentTerm.LETTER_OF_CREDIT, **values)
    confirm(order.name)
    return order


def test_a_good_letter_lets_the_order_go_all_the_way() -> None:
    """K-03, R-157, R-007: present, verified, in time; goods leave before the money."""
    customer = new_customer()
    order = lc_order(customer, promised_date=add_days(nowdate(), 53))
    assert stored(order).delivery_start is None
    letter = verified(new_letter(customer))
    put_under_letter_of_credit(order.name, letter.name)
    after = stored(order)
    assert (after.lc_expiry_date, after.delivery_start) == (
        getdate(add_days(nowdate(), 60)),
        getdate(nowdate()),
    )
    to_planning(order)
    ship(order.name)
    assert stored(order).delivery_status == "Shipped"


@pytest.mark.parametrize(
    "letter, promised, words",
    [
        (None, 10, "none is entered"),
        ({"expiry_date": None}, 10, "expiry date of the letter of credit is not known"),
        ({}, 54, "wants them to leave by"),
        ({"latest_ship_date": 20}, 21, "wants them to leave by"),
    ],
)
def test_what_keeps_an_order_from_planning(letter: dict[str, Any] | None, promised: int, words: str) -> None:
    """R-157: expiry known, a week in hand, the bank's own date; refused and nothing changed."""
    customer = new_customer()
    order = lc_order(customer, promised_date=add_days(nowdate(), promised))
    if letter is not None:
        put_under_letter_of_credit(order.name, verified(new_letter(customer, **dated(letter))).name)
    before = footprint(order)
    with pytest.raises(StepRefused, match=words):
        to_planning(order)
    assert footprint(order) == before


def test_the_planned_day_counts_before_the_promised_one() -> None:
    """R-157: promised in time, but planned to leave six days before the letter expires."""
    customer = new_customer()
    order = lc_order(customer, promised_date=add_days(nowdate(), 10))
    put_under_letter_of_credit(order.name, verified(new_letter(customer)).name)
    frappe.db.set_value("Order", order.name, "planned_ship_date", add_days(nowdate(), 54))
    with pytest.raises(StepRefused, match="wants them to leave by"):
        to_planning(order)


def test_what_keeps_goods_from_leaving() -> None:
    """R-159: an unverified letter, and one that two orders claim beyond its amount, both said at once."""
    customer = new_customer()
    letter = new_letter(customer)
    orders = [lc_order(customer), lc_order(customer)]
    for order in orders:
        put_under_letter_of_credit(order.name, letter.name)
    before = footprint(*orders)
    with pytest.raises(StepRefused) as refused:
        ship(orders[0].name)
    assert "Not Verified" in str(refused.value)
    assert "its orders claim 2000" in str(refused.value)
    assert footprint(*orders) == before


def test_an_amendment_keeps_the_old_values_and_wants_verification_again() -> None:
    """R-159: history, and the orders under it show the new expiry (R-104)."""
    customer = new_customer()
    letter = verified(new_letter(customer))
    order = lc_order(customer)
    put_under_letter_of_credit(order.name, letter.name)
    later = add_days(nowdate(), 90)
    with acting_as(MANAGER):
        amend_letter_of_credit(letter.name, nowdate(), expiry_date=str(later), remark="bank wrote")
    after = frappe.get_doc("Letter of Credit", letter.name)
    row = after.amendments[0]
    assert (after.verification, after.expiry_date) == ("Not Verified", getdate(later))
    assert (row.expiry_before, row.expiry_after, row.entered_by) == (
        getdate(add_days(nowdate(), 60)),
        getdate(later),
        MANAGER,
    )
    assert stored(order).lc_expiry_date == getdate(later)


@pytest.mark.parametrize(
    "user, exception",
    [
        (user_of(Role.SALES), frappe.PermissionError),
        (user_of(Role.WAREHOUSE), frappe.PermissionError),
        (MANAGER, frappe.PermissionError),
    ],
)
def test_who_does_not_verify(user: str, exception: type[Exception]) -> None:
    """R-159: sales do not, the warehouse does not, and the sales manager who entered it does not."""
    letter = new_letter(new_customer())
    before = footprint(letter)
    with acting_as(user), pytest.raises(exception):
        verify_letter_of_credit(letter.name, "Correct")
    assert footprint(letter) == before


def test_the_clerk_who_entered_it_does_not_verify_it() -> None:
    """R-159: the order desk verifies, but four eyes do."""
    customer = new_customer()
    with acting_as(CLERK):
        letter = frappe.get_doc(
            {
                "doctype": "Letter of Credit",
                "lc_number": "LC-CLERK",
                "customer": customer.name,
                "issuing_bank": "Bank of Test",
                "currency": "CNY",
                "amount": 1000,
                "received_on": nowdate(),
            }
        ).insert()
        with pytest.raises(frappe.PermissionError, match="somebody else"):
            verify_letter_of_credit(letter.name, "Correct")


def test_only_the_sales_manager_fixes_the_expiry() -> None:
    """R-158: neither by form or REST nor by amendment."""
    letter = verified(new_letter(new_customer()))
    with acting_as(CLERK):
        with pytest.raises(frappe.PermissionError, match="Sales Manager"):
            amend_letter_of_credit(letter.name, nowdate(), expiry_date=str(add_days(nowdate(), 99)))
        fresh = frappe.get_doc("Letter of Credit", new_letter(new_customer()).name)
        fresh.expiry_date = add_days(nowdate(), 99)
        with pytest.raises(frappe.PermissionError, match="Sales Manager"):
            fresh.save()


@pytest.mark.parametrize(
    "field, value",
    [("verification", "Correct"), ("verified_by", CLERK), ("amount", 5000), ("received_on", "2026-01-01")],
)
def test_what_was_verified_does_not_change_by_hand(field: str, value: Any) -> None:
    """R-159: a verified paper changes by an amendment only; a verification is no field to fill in."""
    letter = verified(new_letter(new_customer())) if field in ("amount", "received_on") else None
    letter = letter or new_letter(new_customer())
    before = footprint(letter)
    document = frappe.get_doc("Letter of Credit", letter.name)
    document.set(field, value)
    with acting_as(CLERK), pytest.raises(StepRefused):
        document.save()
    assert footprint(letter) == before


def test_a_faulty_paper_needs_words() -> None:
    """R-159: the customer must know what to have amended."""
    letter = new_letter(new_customer())
    with acting_as(FINANCE):
        with pytest.raises(StepRefused, match="what is wrong"):
            verify_letter_of_credit(letter.name, "Faulty")
        verify_letter_of_credit(letter.name, "Faulty", "wrong port")
        with pytest.raises(StepRefused, match="Choose one of"):
            verify_letter_of_credit(letter.name, "Perhaps")


@pytest.mark.parametrize("values", [{"closed": 1}, {"currency": "USD"}])
def test_a_letter_that_does_not_fit_is_refused(values: dict[str, Any]) -> None:
    """R-157: closed, or in another currency."""
    customer = new_customer()
    order, letter = lc_order(customer), new_letter(customer, **values)
    with pytest.raises(StepRefused, match="Choose another"):
        put_under_letter_of_credit(order.name, letter.name)


def test_another_customers_letter_is_refused() -> None:
    """R-157."""
    order, letter = lc_order(new_customer()), new_letter(new_customer())
    with pytest.raises(StepRefused, match="of another customer"):
        put_under_letter_of_credit(order.name, letter.name)


def test_papers_stay() -> None:
    """R-382."""
    letter = new_letter(new_customer())
    with pytest.raises(StepRefused, match="kept"):
        letter.delete()
