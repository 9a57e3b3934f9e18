"""What is read when something is refused: the reason, in words of the reader, and the way that works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.gates.model import CheckPoint, Effect, FactGroup, GateCode, Origin
from order_flow.domain.gates.registry import policy_verdict
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.gates.facts import gate_facts, with_groups
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.values import number_of
from order_flow.flow.refusals import StepRefused, gate_sentence
from tests.site.access.test_private_files import upload
from tests.site.support.builders import new_order, order_in
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, message_of

FIRST = PaymentFamily.PAY_FIRST


@pytest.fixture
def order(site: Any) -> Iterator[Any]:
    """A committed order that waits for money."""
    document = order_in(OrderState.CONFIRMED, FIRST)
    frappe.db.commit()
    yield document
    frappe.db.rollback()
    remove_orders([document.name])


@pytest.mark.parametrize("spelling", [" {}", "\u200b{}", "{} ", "REF-１２{}"])
def test_a_reference_in_another_spelling_is_the_same_money(
    callers: Callers, order: Any, spelling: str
) -> None:
    """What is looked up is what is stored: a repeated call stays quiet."""
    plain = f"REF-12{order.name}"
    told = spelling.format(order.name) if "REF" in spelling else spelling.format(plain)
    desk = callers.of(Role.ORDER_DESK)
    first = desk.call("record_payment", order=order.name, amount=10, reference=plain).json()["message"]
    again = desk.call("record_payment", order=order.name, amount=10, reference=told)
    assert again.status_code == 200, message_of(again)
    assert again.json()["message"]["payment"] == first["payment"]


def test_a_value_that_stands_already_is_named_with_its_record(callers: Callers, order: Any) -> None:
    desk = callers.of(Role.ORDER_DESK)
    sent = {"order_id": order.name, "amount": 10, "reference": f"U-{order.name}", "kind": "Payment"}
    first = desk.post("resource/Order Payment", **sent).json()["data"]["name"]
    again = desk.post("resource/Order Payment", **sent)
    assert again.status_code in (409, 417)
    said = message_of(again)
    assert f"Reference Key U-{order.name}" in said
    assert f"It is {first}." in said
    assert "must be unique" not in said


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        ("api.record_payment", {"reference": "B8", "amount": True}),
        ("api.record_payment", {"reference": "B8", "amount": False}),
        ("api.money.use_balance", {"amount": True}),
        ("api.credit_notes.propose", {"reason": "Damage", "remark": "x", "amount": True}),
    ],
)
def test_true_is_no_number(callers: Callers, order: Any, method: str, sent: dict[str, Any]) -> None:
    answer = callers.of("Administrator").post(f"method/order_flow.{method}", order=order.name, **sent)
    assert (answer.status_code, "Send a number" in message_of(answer)) == (417, True), message_of(answer)
    frappe.db.rollback()
    assert not frappe.db.exists("Order Payment", {"order_id": order.name})


def test_true_is_no_number_inside_a_row_either(site: Any) -> None:
    with pytest.raises(StepRefused, match="not a number"):
        number_of(True, "Quantity")


@pytest.mark.parametrize("role", [Role.FINANCE, Role.WAREHOUSE])
def test_a_missing_right_is_said_with_who_has_it(callers: Callers, order: Any, role: Role) -> None:
    sent = {"order": order.name, "reason": "Damage", "remark": "x", "amount": 1}
    answer = callers.of(role).post("method/order_flow.api.credit_notes.propose", **sent)
    assert answer.status_code == 403
    assert "Entering Credit Note is done by: After-sales, Sales Manager. Ask" in message_of(answer)


def test_no_refusal_of_the_framework_is_without_words(callers: Callers, order: Any) -> None:
    payments = callers.of(Role.WAREHOUSE).get("resource/Credit Note")
    customers = callers.of(Role.WAREHOUSE).post("resource/Sales Channel", channel_name="x")
    for answer in (payments, customers):
        assert answer.status_code == 403
        assert message_of(answer), answer.text


def test_a_confirmed_order_says_which_way_its_content_changes(callers: Callers, order: Any) -> None:
    """Not the framework's English 'Row #1: Not allowed to change'."""
    desk = callers.of(Role.ORDER_DESK)
    rows = desk.get(f"resource/Order/{order.name}").json()["data"]["items"]
    rows[0]["customer_product_code"] = "K-1"
    for sent in ({"items": rows}, {"buyer_message": "please call"}):
        answer = desk.put(f"resource/Order/{order.name}", **sent)
        assert answer.status_code == 417
        assert "Propose a change notice on it" in message_of(answer)
        assert "Row #" not in answer.text


def test_what_a_confirmed_order_lacks_is_entered_with_a_change_notice(site: Any) -> None:
    policy = {GateCode.LINE_DATA_INCOMPLETE: {CheckPoint.PLANNING: Effect.STOP}}
    said = {}
    for document in (new_order(), order_in(OrderState.CONFIRMED, FIRST)):
        facts = gate_facts(document, Origin.SITE)
        facts = with_groups(facts, document, profile_of(document), [FactGroup.DATA])
        (gate,) = policy_verdict(facts, CheckPoint.PLANNING, policy).stops
        said[document.workflow_state] = "with a change notice" in gate_sentence(gate)
    assert said == {"Unconfirmed": False, "Confirmed": True}


def test_a_gift_needs_no_price_and_a_price_is_not_below_zero(callers: Callers, site: Any) -> None:
    gift = new_order(items=[
        {"product": "TEST-A", "quantity": 1, "unit_price": 5},
        {"product": "TEST-A", "quantity": 1, "is_gift": 1},
    ])  # fmt: skip
    assert gift.items[1].unit_price == 0
    with pytest.raises(StepRefused, match="the price is missing"):
        new_order(items=[{"product": "TEST-A", "quantity": 1}])
    with pytest.raises(StepRefused, match="the price is below zero"):
        new_order(items=[{"product": "TEST-A", "quantity": 1, "unit_price": -5}])


def test_who_only_takes_steps_does_not_remove_papers_of_others(callers: Callers, site: Any) -> None:
    """B11: the framework's remove_attach asks for the right to write, which a picker has for his steps."""
    document = order_in(OrderState.UNCONFIRMED, FIRST)
    frappe.db.commit()
    try:
        desk = callers.of(Role.ORDER_DESK)
        file = upload(desk, f"drawing of {document.name}", doctype="Order", docname=document.name)["name"]
        remove = "method/frappe.desk.form.utils.remove_attach"
        sent = {"fid": file, "dt": "Order", "dn": document.name}
        for role in (Role.WAREHOUSE, Role.LOGISTICS, Role.AFTER_SALES):
            assert callers.of(role).post(remove, **sent).status_code in (403, 417), role
        own = upload(callers.of(Role.LOGISTICS), "note", doctype="Order", docname=document.name)["name"]
        gone = callers.of(Role.LOGISTICS).post(remove, **{**sent, "fid": own})
        assert gone.status_code == 200, gone.text
        removed = desk.post(remove, **sent)
        assert removed.status_code == 200, removed.text
    finally:
        frappe.db.rollback()
        remove_orders([document.name])


def test_a_missing_right_names_whom_one_can_ask(callers: Callers, order: Any) -> None:
    """In the reader's language and its sign between words; not the accounts of machines."""
    sent = {"order": order.name, "amount": 10, "reference": f"N-{order.name}"}
    recorded = callers.of(Role.ORDER_DESK).call("record_payment", **sent)
    payment = recorded.json()["message"]["payment"]
    sales = callers.fresh(Role.SALES)
    sales.session.headers["Accept-Language"] = "zh"
    refused = sales.call("confirm_payment", payment=payment)
    assert refused.status_code == 403
    assert "财务" in message_of(refused)
    assert "订单集成" not in message_of(refused)
    assert ", " not in message_of(refused)
