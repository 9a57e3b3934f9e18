"""Why does an order not move: the sentence names what is true, who can act, and nothing else (design 3)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api.deliveries import close_case, report_trouble
from order_flow.api.orders import request_cancellation, why
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.desk.why import open_matters
from tests.site.support.builders import acting_as, order_in, user_of

pytestmark = pytest.mark.usefixtures("site")
DONE = "there is nothing left to do."


def completed() -> Any:
    return order_in(OrderState.COMPLETED, PaymentFamily.PAY_FIRST)


def test_a_finished_order_waits_for_nothing() -> None:
    order = completed()
    answer = why(order.name)
    assert answer["sentence"] == f"Order {order.name} is Completed; {DONE}"
    assert answer["reasons"] == ()
    with recorded_statements() as statements:
        assert open_matters(order) == []
    assert len(statements) == 1


def test_money_that_goes_back_is_still_open() -> None:
    order = order_in(OrderState.PAID, PaymentFamily.PAY_FIRST)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    answer = why(order.name)
    assert answer["state"] == OrderState.CANCELLED
    assert "nothing left to do with its goods. Still open: a task of Finance." in answer["sentence"]
    assert [reason["freed_by"] for reason in answer["reasons"]] == [(Role.FINANCE,)]
    frappe.local.lang, before = "zh", frappe.local.lang
    try:
        assert "尚未了结：财务的待办" in why(order.name)["sentence"]
    finally:
        frappe.local.lang = before


def test_a_case_is_still_open_until_it_is_settled() -> None:
    order = completed()
    with acting_as(user_of(Role.AFTER_SALES)):
        case = report_trouble(order.name, "Damage", "a dent")["case"]
    answer = why(order.name)
    assert DONE not in answer["sentence"]
    assert f"Delivery Case {case} (After-sales, Logistics, Order Desk)" in answer["sentence"]
    with acting_as(user_of(Role.AFTER_SALES)):
        close_case(case, "Explained", 0, "thin cartons")
    assert DONE in why(order.name)["sentence"]


def test_a_proposed_credit_note_is_still_open() -> None:
    order = completed()
    note = frappe.new_doc("Credit Note")
    note.update({"name": frappe.generate_hash(length=10), "order_id": order.name, "note_state": "Proposed"})
    note.db_insert()
    assert f"Still open: Credit Note {note.name} (Finance)." in why(order.name)["sentence"]
    frappe.db.set_value("Credit Note", note.name, "note_state", "Rejected")
    assert DONE in why(order.name)["sentence"]


@pytest.mark.parametrize("state", [OrderState.CONFIRMED, OrderState.PAID], ids=str)
def test_a_requested_cancellation_waits_for_its_answer_only(state: OrderState) -> None:
    """Nobody is told to ship what is being called off."""
    order = order_in(state, PaymentFamily.PAY_FIRST)
    frappe.db.set_value("Order", order.name, "cancel_requested", 1)
    answer = why(order.name)
    assert [reason["code"] for reason in answer["reasons"]] == ["cancel_requested"]
    assert (answer["next_step"], answer["taken_by"]) == ("", ())
    assert "Ship" not in answer["sentence"]


def test_a_queued_message_hides_nobody_who_goes_on() -> None:
    """It stops no step: the sentence begins with the step and its people, then says what is not told yet."""
    order = order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST)
    row = frappe.new_doc("Sync Outbox")
    row.update(
        {
            "name": 999_999_999,
            "account": "Somewhere",
            "action": "wdt_trade_push",
            "document_type": "Order",
            "document": order.name,
            "state": "Pending",
        }
    )
    row.db_insert()
    sentence = why(order.name)["sentence"]
    assert sentence.startswith(f"Order {order.name} is Unconfirmed and waits for 'Confirm' by ")
    assert "Somewhere has not been told yet (Pending)" in sentence
