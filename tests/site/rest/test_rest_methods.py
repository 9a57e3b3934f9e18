"""The few methods for integrators: idempotent, typed, bound to their verbs (R-046, R-351, R-386)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.states import OrderState, PaymentFamily, PaymentStatus, Role
from order_flow.flow.cancelling.requests import ASKABLE_REASONS, CancelReason
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, order_in, test_customer
from tests.site.support.committed_orders import remove_orders, stored_rows
from tests.site.support.rest_client import Callers, Rest, message_of

OK, NOT_ALLOWED, MISSING, CONFLICT, RULE = 200, 403, 404, 409, 417
REFUSED = frozenset({RULE, NOT_ALLOWED, MISSING, CONFLICT})


@pytest.fixture
def number(site: Any) -> Iterator[str]:
    """A fresh external number; the orders that got it are taken out again."""
    value = f"EXT-{frappe.generate_hash(length=10)}"
    yield value
    frappe.db.rollback()
    remove_orders(frappe.get_all("Order", {"external_number": ("like", f"{value}%")}, pluck="name"))


@pytest.fixture(scope="module")
def orders(test_site: str) -> Iterator[dict[OrderState, str]]:
    """One committed order in every state that a pay-later order reaches."""
    frappe.set_user("Administrator")
    names: dict[OrderState, str] = {}
    try:
        for state in set(OrderState) - {OrderState.PAID}:
            names[state] = order_in(state, PaymentFamily.PAY_LATER).name
        frappe.db.commit()
        yield names
    finally:
        remove_orders(names.values())


@pytest.fixture
def shop(callers: Callers) -> Rest:
    """The integrator."""
    return callers.of(Role.INTEGRATION)


def request_body(number: str) -> dict[str, Any]:
    """A complete order of two lines as a shop sends it."""
    return {
        "channel": OFFLINE_CHANNEL,
        "external_number": number,
        "order": {
            "customer": test_customer(),
            "payment_term": "Online Payment",
            "contact_person": "黄经理",
            "mobile": "13800000000",
            "province": "广东省",
            "city": "珠海市",
            "address_line": "情侣中路1号",
            "freight": 12,
        },
        "items": [
            {"product": PRODUCTS[0], "quantity": 2, "unit_price": "9.99"},
            {"product": PRODUCTS[1], "quantity": 1, "unit_price": 100},
        ],
    }


def test_the_same_order_twice_is_one_order(shop: Rest, number: str) -> None:
    """The second call is answered with the first one's order (R-046)."""
    first = shop.call("place_order", **request_body(number)).json()["message"]
    second = shop.call("place_order", **request_body(number)).json()["message"]
    assert (first["created"], second["created"]) == (True, False)
    assert second == {**first, "created": False}
    assert (first["total"], first["state"]) == (131.98, OrderState.UNCONFIRMED)
    frappe.db.rollback()
    assert frappe.db.count("Order", {"external_number": number}) == 1


def changed(path: str, value: object) -> Any:
    """A change of one value in the request's body."""
    return pytest.param(path, value, id=path)


@pytest.mark.parametrize(
    "path, value",
    [
        changed("order.city", "深圳市"),
        changed("order.freight", 13),
        changed("items.0.quantity", 3),
        changed("items.1.unit_price", 99),
        changed("order.buyer_message", "please hurry"),
    ],
)
def test_the_same_number_with_another_body_is_refused(
    shop: Rest, number: str, path: str, value: object
) -> None:
    """409, the refusal names what differs, and nothing changes (issue section 4)."""
    order = shop.call("place_order", **request_body(number)).json()["message"]["order"]
    frappe.db.rollback()
    before = stored_rows(order)
    body: Any = copy.deepcopy(request_body(number))
    *parents, last = path.split(".")
    target = body
    for key in parents:
        target = target[int(key)] if key.isdigit() else target[key]
    target[last] = value
    answer = shop.call("place_order", **body)
    assert answer.status_code == CONFLICT, answer.text
    assert last in message_of(answer) and str(value) in message_of(answer)
    assert order in message_of(answer)
    frappe.db.rollback()
    assert stored_rows(order) == before


BAD_ORDERS: dict[str, dict[str, Any]] = {
    "no number": {"external_number": " "},
    "no lines": {"items": []},
    "lines are text": {"items": "none"},
    "lines are numbers": {"items": [1, 2]},
    "order is a list": {"order": []},
    "order is broken JSON": {"order": "{"},
    "unknown channel": {"channel": "Nowhere"},
    "channel is a list": {"channel": ["Test Counter"]},
    "unknown field": {"order": {"paid_amount": 5}},
    "system field": {"order": {"workflow_state": "Confirmed"}},
    "unknown customer": {"order": {"customer": "ZZZ"}},
    "unknown payment term": {"order": {"payment_term": "Barter"}},
    "unknown currency": {"order": {"currency": "???"}},
    "negative freight": {"order": {"freight": -1}},
    "endless discount": {"order": {"discount": float("inf")}},
    "typed total": {"order": {"total": 1}},
    "no such day": {"order": {"ordered_at": "2026-02-31 10:00:00"}},
    "date is text": {"order": {"requested_delivery_at": "soon"}},
    "product unknown": {"items": [{"product": "NOPE", "quantity": 1, "unit_price": 1}]},
    "product missing": {"items": [{"quantity": 1, "unit_price": 1}]},
    "quantity zero": {"items": [{"product": PRODUCTS[0], "quantity": 0, "unit_price": 1}]},
    "quantity negative": {"items": [{"product": PRODUCTS[0], "quantity": -1, "unit_price": 1}]},
    "quantity NaN": {"items": [{"product": PRODUCTS[0], "quantity": float("nan"), "unit_price": 1}]},
    "quantity huge": {"items": [{"product": PRODUCTS[0], "quantity": 1e30, "unit_price": 1}]},
    "quantity text": {"items": [{"product": PRODUCTS[0], "quantity": "many", "unit_price": 1}]},
    "price missing": {"items": [{"product": PRODUCTS[0], "quantity": 1}]},
    "price huge": {"items": [{"product": PRODUCTS[0], "quantity": 1000000, "unit_price": 99999999999}]},
    "line discount too large": {
        "items": [{"product": PRODUCTS[0], "quantity": 1, "unit_price": 1, "discount": 2}]
    },
    "tax rate": {"items": [{"product": PRODUCTS[0], "quantity": 1, "unit_price": 1, "tax_percent": 113}]},
    "shipped quantity": {
        "items": [{"product": PRODUCTS[0], "quantity": 1, "unit_price": 1, "shipped_quantity": 1}]
    },
}


@pytest.mark.parametrize("change", BAD_ORDERS.values(), ids=list(BAD_ORDERS))
def test_a_bad_order_is_refused_with_a_reason(shop: Rest, number: str, change: dict[str, Any]) -> None:
    """Never a server error, never a half-stored order; the caller reads why (R-040..R-044, R-386)."""
    body = request_body(number)
    for key, value in change.items():
        body[key] = {**body[key], **value} if key == "order" and isinstance(value, dict) else value
    answer = shop.call("place_order", **body)
    assert answer.status_code in REFUSED, (answer.status_code, answer.text[-600:])
    assert message_of(answer)
    frappe.db.rollback()
    assert not frappe.db.exists("Order", {"external_number": ("like", f"{number}%")})


BAD_PAYMENTS: dict[str, dict[str, Any]] = {
    "zero": {"amount": 0},
    "negative": {"amount": -5},
    "NaN": {"amount": float("nan")},
    "infinite": {"amount": "inf"},
    "text": {"amount": "much"},
    "huge": {"amount": 1e30},
    "parts of a cent": {"amount": "0.001"},
    "list": {"amount": [1]},
    "nothing": {"amount": None},
    "no such kind": {"kind": "Gift"},
    "no such day": {"received_on": "yesterday-ish"},
    "future": {"received_on": "2099-01-01 00:00:00"},
    "no order": {"order": "SO99999999"},
}


@pytest.mark.parametrize("change", BAD_PAYMENTS.values(), ids=list(BAD_PAYMENTS))
def test_bad_money_is_refused_with_a_reason(
    callers: Callers, orders: dict[OrderState, str], change: dict[str, Any]
) -> None:
    """No effect, no server error (R-152, R-386)."""
    order = orders[OrderState.CONFIRMED]
    frappe.db.rollback()
    before = stored_rows(order)
    body = {"order": order, "amount": "1.00", "reference": "BAD"} | change
    answer = callers.of(Role.FINANCE).call("record_payment", **body)
    assert answer.status_code in REFUSED, (answer.status_code, answer.text[-600:])
    assert message_of(answer)
    frappe.db.rollback()
    assert stored_rows(order) == before


BAD_SHIPMENTS: dict[str, Any] = {
    "another order's line": [{"order_item": "nope", "quantity": 1}],
    "too much": [{"order_item": "LINE", "quantity": 1000}],
    "in two rows too much": [{"order_item": "LINE", "quantity": 1}, {"order_item": "LINE", "quantity": 1}],
    "nothing": [{"order_item": "LINE", "quantity": 0}],
    "no rows": [],
    "negative": [{"order_item": "LINE", "quantity": -1}],
    "NaN": [{"order_item": "LINE", "quantity": float("nan")}],
    "text": [{"order_item": "LINE", "quantity": "all"}],
    "no quantity": [{"order_item": "LINE"}],
    "not a list": {"LINE": 1},
    "broken JSON": "[{",
}


@pytest.mark.parametrize("items", BAD_SHIPMENTS.values(), ids=list(BAD_SHIPMENTS))
def test_a_bad_shipment_is_refused_with_a_reason(
    callers: Callers, orders: dict[OrderState, str], items: Any
) -> None:
    """No effect, no server error (R-246, R-386)."""
    order = orders[OrderState.CONFIRMED]
    frappe.db.rollback()
    before = stored_rows(order)
    line = frappe.get_doc("Order", order).items[0].name
    if isinstance(items, list):
        items = [{**row, "order_item": row["order_item"].replace("LINE", line)} for row in items]
    answer = callers.of(Role.WAREHOUSE).call("ship", order=order, items=items)
    assert answer.status_code in REFUSED, (answer.status_code, answer.text[-600:])
    assert message_of(answer)
    frappe.db.rollback()
    assert stored_rows(order) == before


WRITING = (
    "place_order", "confirm", "record_payment", "confirm_payment", "reject_payment", "ship",
    "confirm_receipt", "request_cancellation", "delete_order", "hold", "release_hold",
)  # fmt: skip


@pytest.mark.parametrize("method", WRITING)
def test_writing_methods_refuse_get(callers: Callers, orders: dict[OrderState, str], method: str) -> None:
    """A link that is opened, or fetched ahead by a browser, changes nothing (issue section 4)."""
    order = orders[OrderState.UNCONFIRMED]
    frappe.db.rollback()
    before = stored_rows(order)
    answer = callers.of("Administrator").get(
        f"method/order_flow.api.orders.{method}", order=order, reason="x"
    )
    assert answer.status_code == NOT_ALLOWED, answer.text
    frappe.db.rollback()
    assert stored_rows(order) == before


def test_why_is_read_with_get_only(callers: Callers, orders: dict[OrderState, str]) -> None:
    """A question has no effect and its own verb."""
    answer = callers.of("Administrator").call("why", order=orders[OrderState.UNCONFIRMED])
    assert answer.status_code == NOT_ALLOWED


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.PAID}), ids=str)
def test_why_answers_in_every_state(
    callers: Callers, orders: dict[OrderState, str], state: OrderState
) -> None:
    """One sentence that names the order and its state; finished orders wait for nothing (design 3)."""
    answer = callers.of(Role.SALES).get("method/order_flow.api.why", order=orders[state])
    assert answer.status_code == OK, answer.text
    why = answer.json()["message"]
    assert (why["order"], why["state"]) == (orders[state], state)
    assert why["sentence"].startswith(f"Order {orders[state]} is {state.value}")
    finished = state in {OrderState.COMPLETED, OrderState.VOIDED, OrderState.CANCELLED}
    assert ("there is nothing left to do" in why["sentence"]) == finished


def test_a_whole_life_over_rest_and_every_call_repeated(callers: Callers, number: str) -> None:
    """Each call a second time is a quiet no-op with the same answer (R-016..R-022, R-351)."""
    shop, finance = callers.of(Role.INTEGRATION), callers.of(Role.FINANCE)
    warehouse = callers.of(Role.WAREHOUSE)
    order = shop.call("place_order", **request_body(number)).json()["message"]["order"]
    money = {"order": order, "amount": "131.98", "reference": "BANK-9"}
    goods = {"order": order, "carrier": "SF", "waybill_number": "SF-9"}
    calls: list[tuple[Rest, str, dict[str, Any], OrderState]] = [
        (shop, "confirm", {"order": order}, OrderState.CONFIRMED),
        (finance, "record_payment", money, OrderState.PAID),
        (warehouse, "ship", goods, OrderState.SHIPPED),
        (shop, "confirm_receipt", {"order": order}, OrderState.COMPLETED),
    ]
    for caller, method, body, state in calls:
        first = caller.call(method, **body)
        assert (first.status_code, first.json()["message"]["state"]) == (OK, state), first.text
        frappe.db.rollback()
        stored = stored_rows(order)
        second = caller.call(method, **body)
        assert (second.status_code, second.json()) == (OK, first.json()), second.text
        frappe.db.rollback()
        assert stored_rows(order) == stored
    assert first.json()["message"]["payment_status"] == PaymentStatus.PAID


def test_the_same_reference_with_another_amount_is_refused(
    callers: Callers, orders: dict[OrderState, str]
) -> None:
    """409: one bank reference is one movement of money (R-152)."""
    desk = callers.of(Role.ORDER_DESK)
    order = orders[OrderState.UNCONFIRMED]
    assert desk.call("record_payment", order=order, amount="5.00", reference="BANK-X").status_code == OK
    answer = desk.call("record_payment", order=order, amount="6.00", reference="BANK-X")
    assert answer.status_code == CONFLICT
    assert "BANK-X" in message_of(answer)


def test_cancelling_twice_is_quiet_and_reasons_are_checked(callers: Callers, number: str) -> None:
    """R-023, R-151: a reason of the list, the repeated request changes nothing."""
    shop = callers.of(Role.INTEGRATION)
    order = shop.call("place_order", **request_body(number)).json()["message"]["order"]
    for word in ("no mood", CancelReason.DECLINED.value, CancelReason.DELETED.value):
        bad = shop.call("request_cancellation", order=order, reason=word)
        assert bad.status_code == RULE
        assert all(reason.value in message_of(bad) for reason in ASKABLE_REASONS)
    for _time in range(2):
        answer = shop.call("request_cancellation", order=order, reason=CancelReason.SHORTAGE.value)
        assert (answer.status_code, answer.json()["message"]["state"]) == (OK, OrderState.VOIDED)
    frappe.db.rollback()
    assert frappe.db.count("Order Event", {"order_id": order, "state_after": OrderState.VOIDED}) == 1


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.RECEIVED, OrderState.COMPLETED], ids=str)
def test_what_has_shipped_is_not_cancelled(
    callers: Callers, orders: dict[OrderState, str], state: OrderState
) -> None:
    """R-023, K-06: refused with the offer of a return, nothing changes."""
    frappe.db.rollback()
    before = stored_rows(orders[state])
    answer = callers.of(Role.ORDER_DESK).call(
        "request_cancellation", order=orders[state], reason=CancelReason.QUALITY.value
    )
    assert answer.status_code == RULE and "return" in message_of(answer)
    frappe.db.rollback()
    assert stored_rows(orders[state]) == before
