"""A part of an order leaves with the customer's consent where the procedure asks for it (R-186, R-294)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.api.desk import order_form
from order_flow.api.gates import override_gate as override_by_rest
from order_flow.api.orders import ship
from order_flow.defaults.shipped_reviews import ADD
from order_flow.domain.gates.evidence import EvidenceKind
from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.gates.overrides import OverrideKind
from order_flow.domain.goods.shortages import Decision
from order_flow.domain.states import DeliveryStatus, OrderStep, Role
from order_flow.flow.gates.evidence import confirmed_on
from order_flow.flow.lifecycle.evidence import record_evidence
from order_flow.flow.lifecycle.overriding import override_gate
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from tests.site.gates.test_contract_policies import only_gates
from tests.site.goods.test_shortages import answered, decided
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, acting_as, new_order, user_of
from tests.site.support.review_cases import channel_of

AGREED = EvidenceKind.PART_SHIPMENT_AGREED


@pytest.fixture(autouse=True)
def asked_by_contract(site: Any) -> Iterator[None]:
    """A shipped contract procedure; its other gates have tests of their own."""
    with only_gates(ADD, GateCode.PART_SHIPMENT_NOT_AGREED):
        yield


def confirmed(channel: str = "", quantity: int = 10) -> Any:
    """Ten pieces on account, confirmed."""
    channel = channel or channel_of(ADD)
    items = [{"product": PRODUCTS[0], "quantity": quantity, "unit_price": 5}]
    with acting_as(user_of(Role.ORDER_DESK)):
        order = new_order(channel=channel, payment_term="Cash on Delivery", items=items)
        take_step(order, OrderStep.CONFIRM)
    return frappe.get_doc("Order", order.name)


def part(order: Any, quantity: int, number: int = 1) -> dict[str, Any]:
    """So many pieces leave."""
    items = [{"order_item": order.items[0].name, "quantity": quantity}]
    return dict(ship(order.name, waybill_number=f"{order.name}-{number}", items=items))


def delivery(order: Any) -> str:
    return str(frappe.db.get_value("Order", order.name, "delivery_status"))


def test_a_part_that_nobody_agreed_stays(site: Any) -> None:
    """R-186: no consent, no dispatch; all that is open leaves without being asked."""
    order = confirmed()
    with pytest.raises(StepRefused, match=f"{PRODUCTS[0]} × 6"):
        part(order, 4)
    assert not frappe.db.exists("Shipment", {"order_id": order.name})
    part(order, 10)
    assert delivery(order) == DeliveryStatus.SHIPPED


def test_the_web_shop_asks_nobody(site: Any) -> None:
    """V1.0: parts leave as they are ready."""
    part(confirmed(OFFLINE_CHANNEL), 4)


def test_the_customers_word_lets_every_part_leave(site: Any) -> None:
    """R-294: instalments are agreed once; the word is no confirmation of the order (R-007)."""
    order = confirmed()
    with acting_as(user_of(Role.SALES)):
        record_evidence(order.name, AGREED.value, "黄经理", remark="有货先发,其余下周补")
    assert confirmed_on(order) is None
    for number, quantity in enumerate((4, 3, 3), 1):
        part(order, quantity, number)
    assert delivery(order) == DeliveryStatus.SHIPPED


def test_the_word_needs_words(site: Any) -> None:
    """R-186: consent is what somebody said, or a paper."""
    order = confirmed()
    with pytest.raises(StepRefused, match="Write down what the customer said"):
        record_evidence(order.name, AGREED.value, "黄经理")


def short(order: Any, missing: int) -> Any:
    """Goods of the order's line are short."""
    return frappe.get_doc(
        {
            "doctype": "Shortage",
            "order_id": order.name,
            "order_item": order.items[0].name,
            "product": order.items[0].product,
            "missing": missing,
            "shortage_state": "Open",
        }
    ).insert(ignore_permissions=True)


def test_an_agreed_shortage_is_consent_for_what_is_short_and_no_more(site: Any) -> None:
    """R-186, R-260: asked with the shortage, not a second time; only for as much as was named."""
    order = confirmed()
    shortage = short(order, 6)
    decided(shortage, Decision.PARTIAL)
    with pytest.raises(StepRefused, match="stay behind"):
        part(order, 4)
    answered(shortage, agreed=True, remark="可以")
    with pytest.raises(StepRefused, match="× 7"):
        part(order, 3)
    part(order, 4)
    assert delivery(order) == DeliveryStatus.PARTLY_SHIPPED


def test_another_answer_is_no_consent(site: Any) -> None:
    """R-186: who waits for all of it did not agree to a part."""
    order = confirmed()
    shortage = short(order, 6)
    decided(shortage, Decision.WAIT)
    answered(shortage, agreed=True, remark="一起发")
    with pytest.raises(StepRefused, match="stay behind"):
        part(order, 4)


def passed(order: Any, by: Role) -> None:
    """Somebody lets the next part leave."""
    with acting_as(user_of(by)):
        override_gate(
            order.name,
            GateCode.PART_SHIPMENT_NOT_AGREED,
            CheckPoint.SHIP,
            kind=OverrideKind.AGREED_EXCEPTION,
            reason="客户急用",
        )


def test_a_named_override_lets_one_part_leave(site: Any) -> None:
    """K-14: by whom it is offered to, for the next part only."""
    order = confirmed()
    for role in (Role.ORDER_DESK, Role.WAREHOUSE, Role.LOGISTICS, Role.SALES):
        with pytest.raises(frappe.PermissionError):
            passed(order, role)
    with acting_as(user_of(Role.SALES_MANAGER)):
        (offered,) = order_form(order.name)["overridable"]
        override_by_rest(order.name, offered["gate"], offered["check_point"], "Agreed Exception", "急用")
        assert order_form(order.name)["overridable"] == []
    part(order, 4)
    with pytest.raises(StepRefused, match="stay behind"):
        part(order, 3, 2)
    part(order, 6, 2)
    assert delivery(order) == DeliveryStatus.SHIPPED
