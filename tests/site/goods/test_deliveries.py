"""Proof of delivery, cases of trouble, the claim period (R-249, R-296 to R-308, K-19, K-22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, nowdate

from order_flow.api.deliveries import close_case, record_delivery, report_trouble, tell_customer
from order_flow.api.orders import ship
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, Role
from order_flow.flow.customers.page import report_problem
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.notices.links import issue, resolve
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, acting_as, drawn_signature, new_order, order_in, user_of

PROFILE = "Test Delivery"
PNG = drawn_signature()
BLANK = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5Er"
    "kJggg=="
)
"""A picture of one colour: an untouched pad."""
DRIVER, DESK, CARE = user_of(Role.LOGISTICS), user_of(Role.ORDER_DESK), user_of(Role.AFTER_SALES)


@pytest.fixture(autouse=True)
def masters(site: Any) -> Iterator[None]:
    frappe.get_doc(
        {
            "doctype": "Flow Profile",
            "profile_name": PROFILE,
            "claim_days": 10,
            "customer_notices": 1,
            "ship_date_tolerance_days": 2,
        }
    ).insert()
    frappe.get_doc({"doctype": "Sales Channel", "channel_name": PROFILE, "flow_profile": PROFILE}).insert()
    yield
    frappe.db.rollback()
    frappe.clear_document_cache("Flow Profile", PROFILE)
    frappe.clear_document_cache("Sales Channel", PROFILE)


def on_its_way(**fields: Any) -> tuple[Any, str]:
    """A pay-later order whose goods have all left; gives its shipment too."""
    items = [{"product": PRODUCTS[0], "quantity": 5, "unit_price": 10}]
    order = new_order(channel=PROFILE, payment_term="Cash on Delivery", items=items, **fields)
    take_step(order, OrderStep.CONFIRM)
    return order, str(ship(order.name, carrier="SF", waybill_number=f"W{order.name}")["shipment"])


def delivered(shipment: str, **values: Any) -> dict[str, Any]:
    with acting_as(DRIVER):
        return record_delivery(shipment, **{"received_by": "王先生", "signature": PNG, **values})


def cases_of(order: Any) -> list[Any]:
    return frappe.get_all(
        "Delivery Case",
        filters={"order_id": order.name},
        fields=["name", "kind", "case_state", "description"],
    )


def told(case: str) -> list[str]:
    return sorted(
        frappe.get_all(
            "ToDo", filters={"reference_name": case, "status": "Open"}, pluck="role", order_by="role"
        )
    )


def test_a_signed_delivery_confirms_the_receipt() -> None:
    """R-303, R-304, R-305: who, when, where, by what; the order follows its lifecycle."""
    order, shipment = on_its_way()
    answer = delivered(shipment, place="22.27,113.57", proof="Signature")
    assert answer == {"shipment": shipment, "state": "Delivered", "order_state": "Received"}
    document = frappe.get_doc("Shipment", shipment)
    assert (document.received_by, document.proof_kind, document.delivered_by) == (
        "王先生",
        "Signature",
        DRIVER,
    )
    assert document.delivered_place == "22.27,113.57"
    assert document.items[0].received_quantity == 5
    assert cases_of(order) == []


def test_the_claim_period_starts_with_the_signature() -> None:
    """K-22: ten working days; later a supervisor opens the case, and the link says so."""
    order, shipment = on_its_way()
    delivered(shipment)
    until = frappe.db.get_value("Shipment", shipment, "claim_until")
    assert 13 <= (until - getdate()).days <= 24
    link = resolve(issue(order.name, LinkPurpose.RECEIPT).partition("?t=")[2])
    frappe.db.set_value("Shipment", shipment, "claim_until", add_days(nowdate(), -1))
    with acting_as(CARE), pytest.raises(frappe.PermissionError, match="Sales Manager"):
        report_trouble(order.name, "Damage", "scratches")
    with acting_as(user_of(Role.SALES_MANAGER)):
        report_trouble(order.name, "Damage", "scratches")
    with pytest.raises(StepRefused, match="Please call us"):
        report_problem(link, "scratches")
    assert [case.kind for case in cases_of(order)] == ["Damage"]


def test_the_same_request_again_changes_nothing() -> None:
    """A phone that lost the connection sends again; another delivery of the same goods is refused."""
    _order, shipment = on_its_way()
    first = delivered(shipment, request_id="phone-1")
    stamp = frappe.db.get_value("Shipment", shipment, "modified")
    assert delivered(shipment, request_id="phone-1") == first
    assert frappe.db.get_value("Shipment", shipment, "modified") == stamp
    with pytest.raises(StepRefused, match="was delivered already, to 王先生"):
        delivered(shipment, request_id="phone-2")


def test_what_is_missing_opens_a_case_and_the_receipt_stays_open() -> None:
    """R-303: partial receipt."""
    order, shipment = on_its_way()
    line = order.items[0].name
    answer = delivered(shipment, counted=[{"order_item": line, "quantity": 3}], remark="two cups broken")
    assert (answer["state"], answer["order_state"]) == ("Delivered", "Shipped")
    (case,) = cases_of(order)
    assert case.kind == "Short Delivery"
    assert case.description == f"Not received: {PRODUCTS[0]}: 2. two cups broken"
    assert told(case.name) == ["After-sales", "Warehouse"]


def test_refused_goods_are_an_exception() -> None:
    order, shipment = on_its_way()
    line = order.items[0].name
    answer = delivered(
        shipment, counted=[{"order_item": line, "quantity": 0}], proof="Order Number", remark="wrong colour"
    )
    assert (answer["state"], answer["order_state"]) == ("Exception", "Shipped")
    assert [case.kind for case in cases_of(order)] == ["Receipt Refused"]
    assert not frappe.db.get_value("Shipment", shipment, "delivered_at")


def test_an_order_in_two_shipments_is_received_with_the_second() -> None:
    items = [{"product": PRODUCTS[0], "quantity": 5, "unit_price": 10}]
    order = new_order(channel=PROFILE, payment_term="Cash on Delivery", items=items)
    take_step(order, OrderStep.CONFIRM)
    line = order.items[0].name
    first, second = (
        ship(order.name, waybill_number=f"{number}", items=[{"order_item": line, "quantity": number}])[
            "shipment"
        ]
        for number in (2, 3)
    )
    assert delivered(first)["order_state"] == "Shipped"
    assert delivered(second)["order_state"] == "Received"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"received_by": " "}, "Enter who received"),
        ({"signature": ""}, "Let the receiver sign"),
        ({"signature": "javascript:alert(1)"}, "is no picture"),
        ({"signature": "data:image/png;base64,iVBORw0KGgo="}, "is no picture"),
        ({"signature": "data:image/png;base64,!"}, "is no picture"),
        ({"signature": BLANK}, "is no picture"),
        ({"signature": "data:image/png;base64," + "A" * 200_001}, "too large"),
        ({"delivered_at": "2031-01-01 10:00:00"}, "lies in the future"),
        ({"delivered_at": "2020-01-01 10:00:00"}, "The goods left only on"),
        ({"proof": "Handshake"}, "Handshake"),
        ({"counted": [{"order_item": "none", "quantity": 1}]}, "no line none"),
        ({"counted": [{"quantity": 1}]}, "each needs"),
        ({"photo": "/files/nothing.png"}, "The attachment was not found"),
    ],
)
def test_what_proves_nothing_is_refused(values: dict[str, Any], words: str) -> None:
    order, shipment = on_its_way()
    with pytest.raises(StepRefused, match=words):
        delivered(shipment, **values)
    order.reload()
    assert order.workflow_state == OrderState.SHIPPED.value


def test_goods_in_the_house_are_not_delivered() -> None:
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    shipment = frappe.get_doc(
        {
            "doctype": "Shipment",
            "order_id": order.name,
            "delivery_place": "here",
            "items": [{"order_item": order.items[0].name, "product": order.items[0].product, "quantity": 1}],
        }
    ).insert()
    with pytest.raises(StepRefused, match="have not left yet"):
        delivered(shipment.name)


def test_a_state_alone_is_no_delivery() -> None:
    """R-303: neither by the form nor over REST."""
    _order, shipment = on_its_way()
    document = frappe.get_doc("Shipment", shipment)
    document.shipment_state = "Delivered"
    with acting_as(DRIVER), pytest.raises(StepRefused, match="who received"):
        document.save()
    document.reload()
    document.received_by = "nobody"
    with acting_as(DRIVER), pytest.raises(StepRefused, match="Received By"):
        document.save()


@pytest.mark.parametrize("role", [Role.SALES, Role.FINANCE, Role.QUALITY, Role.FIELD_REP])
def test_who_may_not_record_a_delivery(role: Role) -> None:
    """A field rep only for his own customers' orders; others not at all."""
    _order, shipment = on_its_way()
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
        record_delivery(shipment, "me", signature=PNG)


def test_a_field_rep_delivers_to_his_own_customers() -> None:
    rep = user_of(Role.FIELD_REP)
    order, shipment = on_its_way(sales_rep=rep)
    with acting_as(rep):
        assert record_delivery(shipment, "王先生", signature=PNG)["order_state"] == "Received"
        assert report_trouble(order.name, "Damage", "a dent")["state"] == "Open"


def test_damage_comes_to_three_lists_and_is_closed_with_its_cause() -> None:
    """R-307, R-308."""
    order, shipment = on_its_way()
    with acting_as(DESK):
        case = report_trouble(order.name, "Damage", "the box is crushed", shipment)["case"]
    assert told(case) == ["After-sales", "Finance", "Logistics"]
    with acting_as(CARE):
        tell_customer(case, "We replace the cups.")
        with pytest.raises(StepRefused, match="Find the cause"):
            close_case(case, "Replace", 120)
        answer = close_case(case, "Replace", 120, "thin cartons", "SF")
    assert answer["state"] == "Closed"
    assert told(case) == ["Warehouse"], "the replacement is still to be sent"
    with acting_as(CARE), pytest.raises(StepRefused, match="is closed"):
        tell_customer(case, "again")


def test_a_delay_is_told_with_its_reason_and_the_new_day() -> None:
    """R-296, R-374: as a notice in the customer's way, here a call."""
    order, shipment = on_its_way()
    with acting_as(DRIVER):
        case = report_trouble(order.name, "Delay", "snow on the road", shipment)["case"]
    with acting_as(DESK):
        with pytest.raises(StepRefused, match="by when the goods come"):
            tell_customer(case, "snow on the road")
        with pytest.raises(StepRefused, match="in the past"):
            tell_customer(case, "snow", add_days(nowdate(), -1))
        tell_customer(case, "snow on the road", add_days(nowdate(), 3))
    call = frappe.get_last_doc("ToDo", {"reference_name": order.name, "role": "Order Desk"})
    assert "snow on the road" in call.description
    assert add_days(nowdate(), 3) in call.description
    with acting_as(CARE):
        tell_customer(case, "more snow", add_days(nowdate(), 5))
        delayed = ("like", "customer-notice-delayed-%")
        asked = {"reference_name": order.name, "name": delayed, "status": "Open"}
        (words,) = frappe.get_all("ToDo", asked, pluck="description")
        assert "more snow" in words, "the newer day only"
        close_case(case, "Explained", 0)
    assert frappe.db.count("ToDo", asked) == 0


@pytest.mark.parametrize(
    ("days", "cases"),
    [(0, []), (2, []), (-2, []), (3, ["Ship Date Deviation"]), (-3, ["Ship Date Deviation"])],
)
def test_goods_that_leave_on_another_day_open_a_case(days: int, cases: list[str]) -> None:
    """R-249, K-19: beyond the two days of this procedure, early or late."""
    order = new_order(
        channel=PROFILE,
        payment_term="Cash on Delivery",
        items=[{"product": PRODUCTS[0], "quantity": 5, "unit_price": 10}],
    )
    take_step(order, OrderStep.CONFIRM)
    order.db_set("planned_ship_date", add_days(nowdate(), days))
    ship(order.name)
    assert [case.kind for case in cases_of(order)] == cases


def test_a_complaint_keeps_the_receipt_open() -> None:
    order, shipment = on_its_way()
    with acting_as(CARE):
        report_trouble(order.name, "Wrong Goods", "blue instead of red", shipment)
    assert delivered(shipment)["order_state"] == "Shipped"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.PURCHASING, Role.TECHNOLOGY])
def test_who_may_not_open_tell_or_close(role: Role) -> None:
    order, shipment = on_its_way()
    with acting_as(DESK):
        case = report_trouble(order.name, "Damage", "dents", shipment)["case"]
    with acting_as(user_of(role)):
        for act in (
            lambda: report_trouble(order.name, "Damage", "dents"),
            lambda: tell_customer(case, "words"),
            lambda: close_case(case, "Explained"),
        ):
            with pytest.raises(frappe.PermissionError):
                act()


def test_a_rep_sees_only_cases_of_his_own_orders() -> None:
    order, _shipment = on_its_way()
    with acting_as(DESK):
        case = report_trouble(order.name, "Delay", "snow")["case"]
    with acting_as(user_of(Role.FIELD_REP)):
        assert frappe.get_list("Delivery Case", filters={"name": case}) == []
        assert not frappe.get_doc("Delivery Case", case).has_permission("read")


def test_a_phones_clock_may_be_a_little_ahead() -> None:
    _order, shipment = on_its_way()
    ahead = add_to_date(now_datetime(), minutes=5)
    assert delivered(shipment, delivered_at=str(ahead)[:19])["state"] == "Delivered"
