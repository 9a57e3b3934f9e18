"""Short lines get a decision and the customer's answer, or their order goes on hold (R-259, R-260, K-20)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.api import stock as stock_api
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.goods.allocation import DEFAULT_KEYS
from order_flow.domain.goods.shortages import NEEDS_DATE, TASKS, Decision, ShortageState
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.customers.page import answer_offer, offers_to
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.notices.links import LinkUnknown, OpenLink, issue, resolve
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shortages.allocation import run
from order_flow.flow.shortages.decisions import hold_unanswered
from tests.site.goods.test_allocation import stock
from tests.site.goods.test_stock import PRODUCT, PROFILE, ensure_stock_masters
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.change_lab import paper
from tests.site.support.rest_client import Callers


@pytest.fixture(autouse=True)
def masters(site: Any) -> Iterator[None]:
    """Warehouses and a procedure that reserves."""
    ensure_stock_masters()
    yield
    frappe.db.rollback()


def short_by(quantity: int) -> Any:
    """A shortage of so many pieces, found by a run."""
    order = new_order(channel=PROFILE, items=[{"product": PRODUCT, "quantity": 5, "unit_price": 10}])
    take_step(order, OrderStep.CONFIRM)
    stock(5 - quantity)
    run(DEFAULT_KEYS, orders=[order.name])
    return frappe.get_doc("Shortage", {"order_id": order.name})


def decided(shortage: Any, decision: Decision) -> None:
    later = add_days(nowdate(), 5)
    with acting_as(user_of(Role.ORDER_DESK)):
        stock_api.decide_shortage(
            shortage.name, decision.value, later if decision in NEEDS_DATE else "", 12.5
        )


def answered(shortage: Any, **values: Any) -> str:
    with acting_as(user_of(Role.ORDER_DESK)):
        return str(stock_api.answer_shortage(shortage.name, **values)["state"])


def test_a_run_opens_one_shortage_a_line_and_ends_it_when_the_goods_come(site: Any) -> None:
    shortage = short_by(3)
    assert (shortage.missing, shortage.shortage_state) == (3, ShortageState.OPEN)
    run(DEFAULT_KEYS, orders=[shortage.order_id])
    assert frappe.db.count("Shortage", {"order_id": shortage.order_id}) == 1
    stock(50)
    run(DEFAULT_KEYS, orders=[shortage.order_id])
    shortage.reload()
    assert (shortage.missing, shortage.shortage_state) == (0, ShortageState.OVER)


def test_the_call_about_missing_goods_ends_with_the_customers_answer(site: Any) -> None:
    """Asked anew there is one call; answered, or when the goods come, none; then nobody has to act."""
    for end_by_answer in (True, False):
        ensure_stock_masters()
        frappe.db.set_value("Flow Profile", PROFILE, "customer_notices", 1)
        frappe.clear_document_cache("Flow Profile", PROFILE)
        shortage = short_by(3)
        asked = {"reference_name": shortage.order_id, "name": ("like", "customer-notice-shortage-%")}
        for decision in (Decision.WAIT, Decision.PARTIAL):
            decided(shortage, decision)
            assert frappe.db.count("ToDo", {**asked, "status": "Open"}) == 1
        if end_by_answer:
            answered(shortage, agreed=True, remark="可以")
            assert frappe.db.count("ToDo", {**asked, "status": "Open"}) == 0
        stock(50)
        run(DEFAULT_KEYS, orders=[shortage.order_id])
        assert frappe.db.count("ToDo", {**asked, "status": "Open"}) == 0
        assert frappe.db.count("ToDo", {"reference_name": shortage.name, "status": "Open"}) == 0
        frappe.db.rollback()
    frappe.clear_document_cache("Flow Profile", PROFILE)


@pytest.mark.parametrize("decision", list(Decision))
def test_an_agreed_decision_becomes_a_task_of_whoever_acts_on_it(site: Any, decision: Decision) -> None:
    """R-260: each option of the list; the consent is stored with the words or the paper."""
    shortage = short_by(3)
    decided(shortage, decision)
    assert answered(shortage, agreed=True, remark="可以") == ShortageState.AGREED
    shortage.reload()
    assert (shortage.cost, shortage.answer_remark) == (12.5, "可以")
    (task,) = frappe.get_all("ToDo", {"reference_name": shortage.name}, ["role", "description"])
    assert task.role == TASKS[decision][0].value
    assert shortage.order_id in task.description
    events = frappe.get_all("Order Event", {"order_id": shortage.order_id}, pluck="step")
    assert {"Shortage Decided", "Shortage Answered"} <= set(events)


def test_a_refusal_asks_for_another_decision(site: Any) -> None:
    shortage = short_by(3)
    decided(shortage, Decision.WAIT)
    assert answered(shortage, agreed=False, paper=paper()) == ShortageState.REFUSED
    assert not frappe.get_all("ToDo", {"reference_name": shortage.name})
    decided(shortage, Decision.CANCEL)
    assert answered(shortage, agreed=True, remark="好") == ShortageState.AGREED


def test_an_order_without_an_answer_goes_on_hold(site: Any) -> None:
    """R-260: and one that was settled does not."""
    silent, settled = short_by(3), short_by(2)
    decided(settled, Decision.PARTIAL)
    answered(settled, agreed=True, remark="可以")
    frappe.db.set_value(
        "Shortage", {"name": ("in", (silent.name, settled.name))}, "answer_by", add_days(nowdate(), -1)
    )
    assert hold_unanswered() == 1
    assert hold_unanswered() == 0
    assert frappe.db.get_value("Order", silent.order_id, "on_hold") == 1
    assert frappe.db.get_value("Order", settled.order_id, "on_hold") == 0


def test_what_is_refused(site: Any) -> None:
    shortage = short_by(3)
    with pytest.raises(StepRefused, match="Decide first"):
        answered(shortage, agreed=True, remark="x")
    with acting_as(user_of(Role.ORDER_DESK)):
        with pytest.raises(StepRefused, match="by when the goods"):
            stock_api.decide_shortage(shortage.name, Decision.PURCHASE.value)
        with pytest.raises(StepRefused, match="which is past"):
            stock_api.decide_shortage(shortage.name, Decision.WAIT.value, add_days(nowdate(), -1))
        with pytest.raises(StepRefused, match="below zero"):
            stock_api.decide_shortage(shortage.name, Decision.CANCEL.value, cost=-1)
        with pytest.raises(StepRefused, match="is not known"):
            stock_api.decide_shortage(shortage.name, "Pray")
    decided(shortage, Decision.CANCEL)
    with pytest.raises(StepRefused, match="Write down"):
        answered(shortage, agreed=True)
    answered(shortage, agreed=True, remark="好")
    with pytest.raises(StepRefused, match="is settled"):
        decided(shortage, Decision.WAIT)
    with pytest.raises(StepRefused, match="are kept"):
        frappe.delete_doc("Shortage", shortage.name)


def test_who_may_not(site: Any, callers: Callers) -> None:
    for role in (Role.WAREHOUSE, Role.FIELD_REP, Role.FINANCE, Role.PURCHASING):
        path = "method/order_flow.api.stock.decide_shortage"
        assert callers.of(role).post(path, shortage="x", decision="Purchase").status_code == 403, role
    with acting_as(user_of(Role.FIELD_REP)):
        assert not frappe.has_permission("Shortage", "read")


def test_the_customer_answers_with_a_link(site: Any) -> None:
    """K-20: what is offered is read there, each question is answered once, others' orders stay shut."""
    shortage = short_by(3)
    decided(shortage, Decision.WAIT)
    link = opened(shortage.order_id, LinkPurpose.SHORTAGE)
    (offer,) = offers_to(link)
    assert (offer["missing"], offer["offer"]) == ("3", "We deliver it later.")
    assert offer["new_date"] == add_days(nowdate(), 5)
    stranger = opened(new_order().name, LinkPurpose.SHORTAGE)
    with pytest.raises(StepRefused, match="answered already"):
        answer_offer(stranger, shortage.name, True, "")
    with pytest.raises(LinkUnknown):
        answer_offer(opened(shortage.order_id, LinkPurpose.TRACKING), shortage.name, True, "")
    answer_offer(link, shortage.name, True, "please before noon")
    shortage.reload()
    assert shortage.shortage_state == ShortageState.AGREED
    assert shortage.answer_remark == "Answered with the link. please before noon"
    assert offers_to(link) == []
    with pytest.raises(StepRefused, match="answered already"):
        answer_offer(link, shortage.name, False, "")


def opened(order: str, purpose: LinkPurpose) -> OpenLink:
    return resolve(issue(order, purpose).partition("?t=")[2])
