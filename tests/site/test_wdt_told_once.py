"""What WDT was told last is not told again: two facts between two runs of the relay cost one call."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm
from order_flow.flow.outside import announce
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.worker import Point
from order_flow.outbox.states import RowState
from tests.site.support.builders import WDT_ACCOUNT, pay_in_full
from tests.site.support.sync_lab import Lab


def pushed(lab: Lab, order: Any) -> list[int]:
    """The raw statuses that were pushed of an order, call by call."""
    calls = lab.wdt.admin("GET", "requests", endpoint="trade_push")["requests"]
    told = [trade for call in calls for trade in json.loads(call["parameters"]["trade_list"])]
    return [int(trade["trade_status"]) for trade in told if trade["tid"] == order.name]


@pytest.fixture
def order(lab: Lab) -> Any:
    """Known to WDT as waiting for payment."""
    lab.wdt.admin("DELETE", "requests")
    found = lab.order()
    lab.tell_wdt()
    assert pushed(lab, found) == [10]
    return found


def confirmed_and_paid(order: Any) -> None:
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()


def test_confirmed_and_paid_between_two_runs_is_one_call(lab: Lab, order: Any) -> None:
    confirmed_and_paid(order)
    lab.tell_wdt()
    assert pushed(lab, order) == [10, 30]
    assert {state for _action, _revision, state in lab.rows(order)} == {RowState.DONE}
    assert lab.wdt.inside(order.name)["raw"]["pushed"]["pay_status"] == 2


def test_what_changed_since_is_told(lab: Lab, order: Any) -> None:
    confirm(order.name)
    frappe.db.commit()
    lab.tell_wdt()
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    assert pushed(lab, order) == [10, 30, 30]
    assert lab.wdt.inside(order.name)["raw"]["pushed"]["pay_status"] == 2


def test_what_changed_while_a_message_was_under_way_is_told(lab: Lab, order: Any) -> None:
    """The first message left before the money came: what it said is remembered, not what is true now."""
    confirm(order.name)
    frappe.db.commit()

    def pay_while_under_way(point: Point) -> None:
        if point is Point.SENT and lab.checkpoint is pay_while_under_way:
            lab.checkpoint = lambda _point: None
            pay_in_full(order)
            frappe.db.commit()

    lab.checkpoint = pay_while_under_way
    lab.tell_wdt()
    assert pushed(lab, order) == [10, 30, 30]
    assert lab.wdt.inside(order.name)["raw"]["pushed"]["pay_status"] == 2


def test_after_a_worker_died_it_is_told_again(lab: Lab, order: Any) -> None:
    """Nobody knows what arrived, so the next worker does not trust what was told before."""

    class Died(BaseException):
        pass

    def die(point: Point) -> None:
        if point is Point.SENT:
            raise Died

    confirmed_and_paid(order)
    lab.checkpoint = die
    with pytest.raises(Died):
        lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    frappe.db.rollback()
    lab.checkpoint = lambda _point: None
    lab.tell_wdt()
    # Once by the worker that died, once by the next one; the message behind it has nothing new.
    assert pushed(lab, order) == [10, 30, 30]


def test_a_lost_answer_does_not_hide_what_became_true_again(lab: Lab, order: Any) -> None:
    """Told A; B may have arrived without an answer; A is true again: A must be told again."""
    lab.wdt.arm("drop_after_commit", endpoint="trade_push", times=1)
    stored = frappe.get_doc("Order", order.name)
    before, stored.buyer_message = stored.buyer_message, "请周五送货"
    stored.save()
    frappe.db.commit()
    lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    stored = lab.reload(order)
    stored.buyer_message = before
    stored.save()
    frappe.db.commit()
    lab.tell_wdt()
    assert lab.wdt.inside(order.name)["raw"]["pushed"]["buyer_message"] == (before or "")


def test_who_asks_for_it_gets_it_told_again(lab: Lab, order: Any) -> None:
    confirmed_and_paid(order)
    lab.tell_wdt()
    assert announce.told_again(lab.reload(order), "repair 1")
    frappe.db.commit()
    lab.tell_wdt()
    assert pushed(lab, order) == [10, 30, 30]
