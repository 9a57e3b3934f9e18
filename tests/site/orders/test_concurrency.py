"""Several people on one order at one moment, over HTTP, each with a connection (R-152, R-246, R-386)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import frappe
import pytest

from order_flow.domain.money.payments import PaymentKind
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily, PaymentStatus, Role
from order_flow.flow.cancelling.requests import CancelReason
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, order_in, order_values
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, at_once, message_of

OK, RULE, CONFLICT = 200, 417, 409
AT_ONCE = 6

Committed = Callable[[OrderState, PaymentFamily], Any]


@pytest.fixture
def committed(site: Any) -> Iterator[Committed]:
    """Builds committed orders of one line with ten pieces, and takes them out again."""
    names: list[str] = []

    def build(state: OrderState, family: PaymentFamily) -> Any:
        line = {"product": PRODUCTS[0], "quantity": 10, "unit_price": 60}
        order = order_in(state, family, items=[line])
        frappe.db.commit()
        names.append(order.name)
        return order

    yield build
    remove_orders(names)


def fresh(name: str) -> Any:
    """The order as it is committed now."""
    frappe.db.rollback()
    return frappe.get_doc("Order", name)


def states_reached(name: str) -> list[str]:
    """The states an order went through, as its events tell."""
    rows = frappe.get_all("Order Event", {"order_id": name}, ["state_after"], order_by="at, creation")
    return [row.state_after for row in rows]


def test_payments_at_once_lose_no_money(callers: Callers, committed: Committed) -> None:
    """Six parts of the total at one moment: the sum is the total, the order is paid once (R-152)."""
    order = committed(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    finance = [callers.fresh(Role.FINANCE) for _ in range(AT_ONCE)]
    part = str(Decimal(str(order.total)) / AT_ONCE)
    answers = at_once(
        [
            partial(caller.call, "record_payment", order=order.name, amount=part, reference=f"PART-{number}")
            for number, caller in enumerate(finance)
        ]
    )
    assert [answer.status_code for answer in answers] == [OK] * AT_ONCE, [a.text for a in answers]
    stored = fresh(order.name)
    assert Decimal(str(stored.paid_amount)) == Decimal(str(order.total))
    assert (stored.workflow_state, stored.payment_status) == (OrderState.PAID, PaymentStatus.PAID)
    assert frappe.db.count("Order Event", {"order_id": order.name, "state_after": OrderState.PAID}) == 1


def open_money_tasks(name: str) -> list[str]:
    """What finance is asked to do about an order's money, as it is committed now."""
    frappe.db.rollback()
    asked = {"reference_name": name, "status": "Open", "role": Role.FINANCE.value}
    return list(frappe.get_all("ToDo", asked, pluck="description"))


def test_money_at_once_leaves_one_task_with_the_last_amount(callers: Callers, committed: Committed) -> None:
    """Too much money from six people: one task says the whole of it; paid back as fast, none is left."""
    order = committed(OrderState.PAID, PaymentFamily.PAY_FIRST)
    finance = [callers.fresh(Role.FINANCE) for _ in range(AT_ONCE)]

    def record(amount: int, kind: PaymentKind, callers_at_work: list[Any]) -> None:
        answers = at_once(
            [
                partial(
                    caller.call,
                    "record_payment",
                    order=order.name,
                    amount=str(amount),
                    reference=f"{kind.value}-{number}",
                    kind=kind.value,
                )
                for number, caller in enumerate(callers_at_work)
            ]
        )
        assert [answer.status_code for answer in answers] == [OK] * len(answers), [a.text for a in answers]

    record(20, PaymentKind.PAYMENT, finance)
    (task,) = open_money_tasks(order.name)
    assert "120.00 CNY" in task
    record(30, PaymentKind.REFUND, finance[:4])
    assert open_money_tasks(order.name) == []
    record(30, PaymentKind.REVERSAL, finance)
    (task,) = open_money_tasks(order.name)
    assert "180.00 CNY" in task


def test_the_same_payment_at_once_is_recorded_once(callers: Callers, committed: Committed) -> None:
    """A nervous integrator sends one reference several times: one record, its money counted once (R-152)."""
    order = committed(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    finance = [callers.fresh(Role.FINANCE) for _ in range(AT_ONCE)]
    answers = at_once(
        [
            partial(caller.call, "record_payment", order=order.name, amount="100.00", reference="BANK-1")
            for caller in finance
        ]
    )
    assert {answer.status_code for answer in answers} == {OK}, [a.text for a in answers]
    assert len({answer.json()["message"]["payment"] for answer in answers}) == 1
    assert fresh(order.name).paid_amount == 100


def test_who_comes_second_is_told_how_it_stands(callers: Callers, committed: Committed) -> None:
    """Both confirm the same money, both call the same order off: no answer is older than what is stored."""
    order = committed(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    desk = callers.fresh(Role.ORDER_DESK)
    payment = desk.call("record_payment", order=order.name, amount="100.00", reference="BANK-1")
    name = payment.json()["message"]["payment"]
    finance = [callers.fresh(Role.FINANCE) for _ in range(AT_ONCE)]
    answers = at_once([partial(caller.call, "confirm_payment", payment=name) for caller in finance])
    told = [answer.json()["message"] for answer in answers]
    assert {(one["payment_record"], one["paid_amount"]) for one in told} == {("Confirmed", 100.0)}
    other = committed(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST)
    desks = [callers.fresh(Role.ORDER_DESK) for _ in range(AT_ONCE)]
    calls = [
        partial(caller.call, "request_cancellation", order=other.name, reason="Customer's Change of Mind")
        for caller in desks
    ]
    answers = [answer for answer in at_once(calls) if answer.status_code == OK]
    assert {answer.json()["message"]["state"] for answer in answers} == {fresh(other.name).workflow_state}


def test_shipments_at_once_never_exceed_the_order(callers: Callers, committed: Committed) -> None:
    """Six shipments of three pieces out of ten: three leave, three are told what is open (R-246)."""
    order = committed(OrderState.PAID, PaymentFamily.PAY_FIRST)
    items = [{"order_item": order.items[0].name, "quantity": 3}]
    warehouse = [callers.fresh(Role.WAREHOUSE) for _ in range(AT_ONCE)]
    answers = at_once(
        [
            partial(caller.call, "ship", order=order.name, items=items, waybill_number=f"W-{number}")
            for number, caller in enumerate(warehouse)
        ]
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [OK] * 3 + [RULE] * 3, [message_of(answer) for answer in answers if not answer.ok]
    assert {"only 1 of 10 is open" in message_of(answer) for answer in answers if not answer.ok} == {True}, [
        message_of(answer) for answer in answers
    ]
    stored = fresh(order.name)
    assert stored.items[0].shipped_quantity == 9
    assert stored.delivery_status == DeliveryStatus.PARTLY_SHIPPED


def test_confirm_and_cancel_at_once_have_one_outcome(callers: Callers, committed: Committed) -> None:
    """Whoever comes first decides, and both are told the truth (R-017, R-023, R-386)."""
    for _attempt in range(4):
        order = committed(OrderState.UNCONFIRMED, PaymentFamily.PAY_LATER).name
        desk, other = callers.fresh(Role.ORDER_DESK), callers.fresh(Role.ORDER_DESK)
        reason = CancelReason.CHANGE_OF_MIND.value
        confirmed, cancelled = at_once(
            [
                partial(desk.call, "confirm", order=order),
                partial(other.call, "request_cancellation", order=order, reason=reason),
            ]
        )
        assert cancelled.status_code == OK, cancelled.text
        state, path = fresh(order).workflow_state, states_reached(order)
        if confirmed.status_code == OK:
            assert state == OrderState.CANCELLED
            assert path == [OrderState.UNCONFIRMED, OrderState.CONFIRMED, OrderState.CANCELLED]
        else:
            assert confirmed.status_code == RULE, confirmed.text
            assert state == OrderState.VOIDED
            assert path == [OrderState.UNCONFIRMED, OrderState.VOIDED]


def test_confirmations_at_once_confirm_once(callers: Callers, committed: Committed) -> None:
    """All are told that it is confirmed; it happened once (R-017, R-351)."""
    order = committed(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST)
    desks = [callers.fresh(Role.ORDER_DESK) for _ in range(AT_ONCE)]
    answers = at_once([partial(desk.call, "confirm", order=order.name) for desk in desks])
    assert {answer.status_code for answer in answers} == {OK}, [a.text for a in answers]
    assert {answer.json()["message"]["state"] for answer in answers} == {OrderState.CONFIRMED}
    fresh(order.name)
    assert frappe.db.count("Order Event", {"order_id": order.name, "state_after": OrderState.CONFIRMED}) == 1


def test_one_order_placed_at_once_is_stored_once(callers: Callers, site: Any) -> None:
    """The same external number from several requests at one moment: one order for all of them (R-046)."""
    number = f"TWIN-{frappe.generate_hash(length=10)}"
    values = order_values()
    items = values.pop("items")
    values.pop("doctype"), values.pop("channel")
    shops = [callers.fresh(Role.INTEGRATION) for _ in range(AT_ONCE)]
    answers = at_once(
        [
            partial(
                shop.call,
                "place_order",
                channel=OFFLINE_CHANNEL,
                external_number=number,
                order=values,
                items=items,
            )
            for shop in shops
        ]
    )
    frappe.db.rollback()
    stored = frappe.get_all("Order", {"external_number": number}, pluck="name")
    try:
        assert {answer.status_code for answer in answers} == {OK}, [a.text for a in answers]
        placed = [answer.json()["message"] for answer in answers]
        assert {answer["order"] for answer in placed} == set(stored)
        assert (len(stored), sum(answer["created"] for answer in placed)) == (1, 1)
    finally:
        remove_orders(stored)


def test_the_second_writer_is_told(callers: Callers, committed: Committed) -> None:
    """Two people have one order open; the second one to save hears of the first (R-386)."""
    order = committed(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST)
    desk, sales = callers.of(Role.ORDER_DESK), callers.of(Role.SALES)
    seen = desk.get(f"resource/Order/{order.name}").json()["data"]
    first = desk.put(f"resource/Order/{order.name}", modified=seen["modified"], buyer_message="first")
    second = sales.put(f"resource/Order/{order.name}", modified=seen["modified"], buyer_message="second")
    assert (first.status_code, second.ok) == (OK, False)
    assert "TimestampMismatchError" in second.text
    assert fresh(order.name).buyer_message == "first"


def test_the_second_writer_on_the_desk_is_told(committed: Committed) -> None:
    """The same for documents: the stale one is refused (R-386)."""
    order = committed(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST)
    first, second = frappe.get_doc("Order", order.name), frappe.get_doc("Order", order.name)
    first.buyer_message = "first"
    first.save()
    second.buyer_message = "second"
    with pytest.raises(frappe.TimestampMismatchError):
        second.save()
