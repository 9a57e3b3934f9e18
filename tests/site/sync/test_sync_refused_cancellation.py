"""After a cancellation that the warehouse refused the order goes on to its end (R-147, wdt-openapi 2.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, confirm_receipt, record_payment, request_cancellation
from order_flow.domain.states import OrderState
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.desk.why import why
from order_flow.integrations.wdt.codes import TradeStatus
from order_flow.outbox.registry import AccountType
from order_flow.sync.wdt import cancel
from tests.site.support.builders import WDT_ACCOUNT, pay_in_full
from tests.site.support.sync_lab import Lab

WAREHOUSE_STEPS = ("print", "pick", "scan", "weigh", "ship")


def reviewed(lab: Lab) -> Any:
    """A paid order that WDT has handed to its warehouse; the site has not read that yet."""
    order = lab.order()
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    lab.warehouse(order.name, "audit")
    return order


def ship_all_the_same(lab: Lab, order: Any) -> None:
    """WDT is told of the cancellation, and its warehouse lets the parcel go."""
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    lab.warehouse(order.name, "refuse_interception", *WAREHOUSE_STEPS, logistics_no="SF9")


def test_order_completes_after_a_refused_cancellation(lab: Lab) -> None:
    """WDT's raw order stays at its closing status; what follows is not pushed and no row dies of it."""
    order = reviewed(lab)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    frappe.db.commit()
    ship_all_the_same(lab, order)
    lab.tell_wdt()
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    lab.tell_wdt()
    lab.post_u8()
    assert lab.reload(order).workflow_state == OrderState.COMPLETED
    assert lab.open_rows() == []
    assert lab.wdt.inside(order.name)["raw"]["pushed"]["trade_status"] == 80


def test_the_warehouse_is_asked_to_stop_what_it_has_in_hand(lab: Lab) -> None:
    """R-147: WDT has no call that stops a reviewed trade; its warehouse is told, until it is settled."""
    order = reviewed(lab)
    lab.read_wdt()
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    frappe.db.commit()
    assert [task.role for task in _asked(order.name)] == ["Warehouse"]
    ship_all_the_same(lab, order)
    lab.read_wdt()
    lab.tell_wdt()
    assert _asked(order.name) == []


def test_a_review_that_is_read_after_the_request_asks_as_well(lab: Lab) -> None:
    order = reviewed(lab)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    frappe.db.commit()
    assert _asked(order.name) == []
    lab.read_wdt()
    assert [task.role for task in _asked(order.name)] == ["Warehouse"]


def test_what_is_sent_back_to_review_after_all_is_cancelled_by_hand(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WDT let the parcel go on and sent it back to review: the push has had its answer, nothing stops it."""
    monkeypatch.setattr(cancel, "database_now", lab.now)
    order = reviewed(lab)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    lab.warehouse(order.name, "refuse_interception", "reject")
    lab.read_wdt()
    assert _asked(order.name) == [], "WDT may still take the goods out by itself"
    lab.turn(timedelta(minutes=3))
    assert lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    assert [task.role for task in _asked(order.name)] == ["Warehouse"]
    (gate,) = why(lab.reload(order)).reasons[:1]
    assert gate.freed_by == ("Warehouse",)
    lab.warehouse(order.name, "cancel")
    lab.read_wdt()
    lab.tell_wdt()
    assert lab.reload(order).workflow_state == OrderState.CANCELLED
    assert _asked(order.name) == []


def _asked(order: str) -> list[Any]:
    frappe.db.rollback()
    wanted = ("like", f"{TaskReason.CANCEL_IN_WDT.value}-%")
    return list(
        frappe.get_all("ToDo", {"reference_name": order, "status": "Open", "name": wanted}, ["name", "role"])
    )


def test_money_that_comes_before_the_shipment_is_read_kills_no_message(lab: Lab) -> None:
    """WDT has answered that the goods have left; their shipment was not read yet when money is booked."""
    order = reviewed(lab)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    frappe.db.commit()
    ship_all_the_same(lab, order)
    lab.tell_wdt()
    assert lab.reload(order).wdt_trade_status < TradeStatus.SHIPPED
    record_payment(order.name, "30", "R-SURPLUS")
    frappe.db.commit()
    lab.tell_wdt()
    assert [row for row in lab.open_rows() if row.state == "Dead"] == []
