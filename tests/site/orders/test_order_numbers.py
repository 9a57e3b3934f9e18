"""The number of the ADD pattern, given at confirmation (R-096..R-101, K-10, K-16)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import frappe
import pytest
from frappe.desk.search import search_widget
from frappe.utils import add_days, now_datetime

from order_flow.domain.gates.checks import CheckOutcome
from order_flow.domain.gates.evidence import EvidenceKind
from order_flow.domain.gates.model import GateCode
from order_flow.domain.orders.numbering import NumberPattern, Region
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.desk.why import why
from order_flow.flow.lifecycle.checking import check
from order_flow.flow.lifecycle.evidence import record_evidence
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, new_order
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, at_once

PROFILE = "Numbers of ADD"
CHANNEL = "Numbered Counter"
PRODUCT = PRODUCTS[0]
SHOCK_ABSORBER = "Shock Absorber"
CUSTOMER = "珠海数字商行"


@pytest.fixture
def numbered(site: Any) -> Iterator[str]:
    """A channel whose orders get numbers of the pattern, and a fresh customer; committed, taken out again."""
    _take_out()
    frappe.get_doc(
        {"doctype": "Flow Profile", "profile_name": PROFILE, "number_pattern": NumberPattern.ADD.value}
    ).insert()
    frappe.get_doc({"doctype": "Sales Channel", "channel_name": CHANNEL, "flow_profile": PROFILE}).insert()
    frappe.db.set_value("Product", PRODUCT, "product_type", SHOCK_ABSORBER)
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": CUSTOMER}).insert().name
    frappe.db.commit()
    yield customer
    _take_out()


def _take_out() -> None:
    remove_orders(frappe.get_all("Order", {"channel": CHANNEL}, pluck="name"))
    frappe.db.set_value("Product", PRODUCT, "product_type", None)
    frappe.db.set_single_value("Order Flow Settings", "order_number_letters", 0)
    for customer in frappe.get_all("Customer", {"customer_name": CUSTOMER}, pluck="name"):
        frappe.db.delete("Number Counter", {"name": f"Order Number {customer}"})
        frappe.delete_doc("Customer", customer, force=True)
    for doctype, name in (("Sales Channel", CHANNEL), ("Flow Profile", PROFILE)):
        if frappe.db.exists(doctype, name):
            frappe.delete_doc(doctype, name, force=True)
    frappe.db.commit()


def entered(customer: str, **overrides: Any) -> Any:
    """An unconfirmed order of one line."""
    line = {"product": PRODUCT, "quantity": 1, "unit_price": 10}
    return new_order(customer=customer, channel=CHANNEL, items=[line], **overrides)


def confirmed(customer: str, **overrides: Any) -> Any:
    """A confirmed order."""
    order = entered(customer, **overrides)
    take_step(order, OrderStep.CONFIRM)
    return order


def expected(customer: str, sequence: int, region: Region = Region.CHINA) -> str:
    """The number of the pattern for today."""
    return f"{region.value}S{customer}{now_datetime():%y%m}{sequence:02d}"


def test_the_number_comes_with_the_confirmation(numbered: str) -> None:
    """R-099, K-10: the technical name at entry, the pattern's number at confirmation; both are kept."""
    order = entered(numbered)
    assert order.order_number == order.name
    take_step(order, OrderStep.CONFIRM)
    order.reload()
    assert (order.name[:2], order.order_number) == ("SO", expected(numbered, 1))
    assert confirmed(numbered).order_number == expected(numbered, 2)


@pytest.mark.parametrize("own", ["", "PO-77"])
def test_the_given_number_stands_in_for_the_customers(numbered: str, own: str) -> None:
    """R-048: for a customer without a number of his own; his own stays."""
    order = frappe.get_doc("Order", confirmed(numbered, customer_order_number=own).name)
    assert order.customer_order_number == (own or order.order_number) != order.name


def test_number_and_delivery_time_count_from_the_customers_word(numbered: str) -> None:
    """R-007, R-099: the day of the evidence, not of the click here; consent to parts is no confirmation."""
    profile = frappe.get_doc("Flow Profile", PROFILE)
    profile.append("evidence", {"kind": EvidenceKind.PHONE_CALL.value, "together": 1})
    profile.save()
    order = entered(numbered, payment_term="Cash on Delivery")
    said = add_days(now_datetime(), -40)
    record_evidence(
        order.name, "Phone Call", "黄经理", received_at=f"{said:%Y-%m-%d %H:%M:%S}", remark="确认"
    )
    record_evidence(order.name, "Part Shipment Agreed", "黄经理", remark="可以分批")
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
    order.reload()
    assert order.order_number == f"CNS{numbered}{said:%y%m}01"
    assert order.customer_confirmed_on == order.delivery_start == said.date()
    assert order.confirmed_at.date() == now_datetime().date()


@pytest.mark.parametrize(
    "fields, region",
    [
        ({}, Region.CHINA),
        ({"trade": "Foreign"}, Region.UNKNOWN),
        ({"trade": "Foreign", "region": "EU"}, Region.EUROPE),
    ],
    ids=["domestic", "foreign, not said", "said on the order"],
)
def test_the_region_is_where_the_goods_go(numbered: str, fields: dict[str, str], region: Region) -> None:
    """R-097: nine codes, UN where it is unknown."""
    assert confirmed(numbered, **fields).order_number == expected(numbered, 1, region)


def test_the_customers_region_stands_in(numbered: str) -> None:
    """R-097: what is known of the customer holds for his orders."""
    frappe.db.set_value("Customer", numbered, "region", Region.AFRICA.value)
    assert confirmed(numbered).order_number == expected(numbered, 1, Region.AFRICA)


def test_a_product_without_type_is_refused_and_costs_no_number(numbered: str) -> None:
    """R-098: refusal, `why` and check say what to do and who; the order stays, the count goes on from it."""
    order = entered(numbered)
    frappe.db.set_value("Order", order.name, "product_type", None)
    frappe.db.set_value("Product", PRODUCT, "product_type", None)
    frappe.db.savepoint("unchanged")
    with pytest.raises(StepRefused, match="one capital letter"):
        take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
    frappe.db.rollback(save_point="unchanged")
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.UNCONFIRMED
    (reason,) = why(frappe.get_doc("Order", order.name)).reasons
    assert reason.code == GateCode.NUMBER_NOT_POSSIBLE and Role.TECHNOLOGY in reason.freed_by
    checked = check(frappe.get_doc("Order", order.name))
    assert [row.gate for row in checked.rules if row.text] == [GateCode.NUMBER_NOT_POSSIBLE.label]
    assert checked.outcome == CheckOutcome.BLOCKED
    frappe.db.set_value("Product", PRODUCT, "product_type", SHOCK_ABSORBER)
    assert confirmed(numbered).order_number == expected(numbered, 1)


def count_on(customer: str, number: int) -> None:
    """Pretend that a customer has confirmed so many orders before."""
    frappe.db.set_value("Number Counter", f"Order Number {customer}", "last_number", number)


def test_the_hundredth_order_starts_over(numbered: str) -> None:
    """R-100, K-16: 01 again after 99; a number in use is refused, or gets a letter where that is allowed."""
    assert confirmed(numbered).order_number == expected(numbered, 1)
    count_on(numbered, 98)
    assert confirmed(numbered).order_number == expected(numbered, 99)
    frappe.db.savepoint("unchanged")
    with pytest.raises(StepRefused, match="more than 99 orders within a month"):
        confirmed(numbered)
    frappe.db.rollback(save_point="unchanged")
    waiting = entered(numbered)
    (reason,) = why(waiting).reasons
    assert reason.code == GateCode.NUMBER_NOT_POSSIBLE and expected(numbered, 1) in reason.text
    frappe.db.set_single_value("Order Flow Settings", "order_number_letters", 1)
    assert why(waiting).reasons == ()
    assert confirmed(numbered).order_number == expected(numbered, 1) + "A"
    count_on(numbered, 198)
    assert confirmed(numbered).order_number == expected(numbered, 1) + "B"


def test_the_order_is_found_by_either_number(numbered: str) -> None:
    """K-10: search finds both."""
    order = confirmed(numbered)
    for text in (order.name, order.order_number):
        found = search_widget("Order", text) or frappe.response["values"]
        assert order.name in [row[0] for row in found]


def test_confirmations_of_one_customer_at_once(numbered: str, callers: Callers) -> None:
    """Issue 3.5: at one moment no number is given twice and none is left out."""
    names = [entered(numbered).name for _ in range(8)]
    frappe.db.commit()
    desks = [callers.fresh(Role.ORDER_DESK) for _ in names]
    answers = at_once(
        [partial(desk.call, "confirm", order=name) for desk, name in zip(desks, names, strict=True)]
    )
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    frappe.db.rollback()
    given = frappe.get_all("Order", {"name": ("in", names)}, pluck="order_number")
    assert sorted(given) == [expected(numbered, sequence) for sequence in range(1, len(names) + 1)]


def test_a_confirmation_taken_back_leaves_no_gap(numbered: str) -> None:
    """Issue 3.5: nothing is skipped silently."""
    frappe.db.savepoint("unchanged")
    assert confirmed(numbered).order_number == expected(numbered, 1)
    frappe.db.rollback(save_point="unchanged")
    assert confirmed(numbered).order_number == expected(numbered, 1)


def test_other_numbers_cannot_be_typed(numbered: str) -> None:
    """R-096: the system gives it, on every way in."""
    order = entered(numbered)
    order.order_number = "CNS001260199"
    with pytest.raises(StepRefused, match="written by the system"):
        order.save()
