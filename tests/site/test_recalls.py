"""Goods that WDT takes back after they have left: shipped again, or called off, never received (ADR 0032)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from order_flow.api.orders import confirm, confirm_receipt, request_cancellation, ship
from order_flow.domain.states import OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.desk.actions import DeskAction, actions_for
from order_flow.flow.desk.why import why
from order_flow.flow.refusals import StepRefused
from order_flow.outbox.registry import AccountType
from tests.site.support.builders import WDT_ACCOUNT, acting_as, pay_in_full, user_of
from tests.site.support.sync_lab import Lab

DESK, WAREHOUSE = user_of(Role.ORDER_DESK), user_of(Role.WAREHOUSE)


def shipped(lab: Lab) -> Any:
    """A paid order that WDT shipped whole; everything was read."""
    order = lab.order()
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    return order


@pytest.fixture
def recalled(lab: Lab) -> Any:
    """A paid order that WDT shipped whole and took back; everything was read."""
    order = shipped(lab)
    shipped_at = frappe.db.get_value("Shipment", {"order_id": order.name}, "shipped_at")
    while now_datetime().replace(microsecond=0) <= shipped_at:
        frappe.db.sql("select 1")  # WDT's times are whole seconds; a recall is told by a later one
    lab.wdt.admin("POST", "wdt/recall", {"trade_no": lab.wdt.trade(order.name)["trade_no"]})
    lab.read_wdt()
    return lab.reload(order)


def test_what_came_back_is_not_received(lab: Lab, recalled: Any) -> None:
    """Neither at the desk nor by a button: the ledger never hears of goods that nobody has."""
    assert (recalled.workflow_state, recalled.delivery_status) == ("Shipped", "Not Shipped")
    assert "Goods of this order came back" in why(recalled).sentence
    with acting_as(DESK):
        assert DeskAction.CONFIRM_RECEIPT not in actions_for(recalled)
        with pytest.raises(StepRefused, match="Goods of this order came back"):
            confirm_receipt(recalled.name)


def test_the_desk_ships_it_again(lab: Lab, recalled: Any) -> None:
    with acting_as(WAREHOUSE):
        assert DeskAction.SHIP in actions_for(recalled)
        answer = ship(recalled.name, carrier="SF", waybill_number="SF-AGAIN")
    frappe.db.commit()
    assert answer["state"] == OrderState.SHIPPED
    assert lab.reload(recalled).delivery_status == "Shipped"
    with acting_as(DESK):
        assert confirm_receipt(recalled.name)["state"] == OrderState.COMPLETED


def test_what_left_at_the_desk_is_asked_about(lab: Lab) -> None:
    """WDT takes back the trade of a parcel that people here let go: they say where it is."""
    order = lab.order()
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    shipment = ship(order.name, carrier="SF", waybill_number=f"SF-{order.name}")["shipment"]
    frappe.db.commit()
    lab.ship_in_wdt(order.name, logistics_no=f"SF-{order.name}")
    lab.read_wdt()
    next_second()
    trade = lab.wdt.trade(order.name)["trade_no"]
    lab.wdt.admin("POST", "wdt/recall", {"trade_no": trade})
    lab.read_wdt()
    assert lab.reload(order).delivery_status == "Shipped"
    (text,) = asked_of_the_desk(order)
    assert trade in text and shipment in text and "where the goods are" in text
    next_second()
    lab.wdt.verb("ship", trade_no=trade, logistics_code="SF", logistics_no=f"SF-{order.name}")
    lab.read_wdt()
    assert asked_of_the_desk(order) == []


def test_an_early_shipment_is_asked_about_until_the_order_follows(lab: Lab) -> None:
    """WDT shipped before the money was confirmed: the question ends with the money, not with a comparison."""
    order = lab.order()
    confirm(order.name)
    frappe.db.commit()
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    (text,) = asked_of_the_desk(order)
    assert "follows as soon as its gates are clear" in text
    pay_in_full(lab.reload(order))
    frappe.db.commit()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert asked_of_the_desk(order) == []


def next_second() -> None:
    """WDT's times are whole seconds: a recall is told by a later one."""
    second = now_datetime().replace(microsecond=0)
    while now_datetime().replace(microsecond=0) <= second:
        frappe.db.sql("select 1")


def asked_of_the_desk(order: Any) -> list[str]:
    """What open tasks about the discrepancies of an order say."""
    frappe.db.rollback()
    names = frappe.get_all("Sync Discrepancy", {"document": order.name}, pluck="name")
    about = {"reference_type": "Sync Discrepancy", "reference_name": ("in", names), "status": "Open"}
    return list(frappe.get_all("ToDo", {**about, "role": Role.ORDER_DESK.value}, pluck="description"))


def test_it_can_be_called_off_as_nothing_is_out(lab: Lab, recalled: Any) -> None:
    """WDT is asked, agrees, and the money goes back."""
    with acting_as(DESK):
        assert DeskAction.REQUEST_CANCELLATION in actions_for(recalled)
        request_cancellation(recalled.name, CancelReason.CHANGE_OF_MIND.value)
    frappe.db.commit()
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    lab.warehouse(recalled.name, "confirm_interception")
    lab.tell_wdt()
    lab.read_wdt()
    assert lab.reload(recalled).workflow_state == OrderState.CANCELLED
    assert tasks(recalled.name, TaskReason.REFUND_DUE) == ["Finance"]


def test_wdts_cancellation_is_followed(lab: Lab, recalled: Any) -> None:
    lab.warehouse(recalled.name, "reject", "cancel")
    lab.read_wdt()
    assert lab.reload(recalled).workflow_state == OrderState.CANCELLED
    assert tasks(recalled.name, TaskReason.REFUND_DUE) == ["Finance"]
    assert lab.discrepancies(recalled) == []


def test_what_is_out_is_not_cancelled(lab: Lab) -> None:
    order = shipped(lab)
    with acting_as(DESK):
        assert DeskAction.REQUEST_CANCELLATION not in actions_for(lab.reload(order))
        with pytest.raises(StepRefused, match="goods that have left cannot be cancelled"):
            request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)


def tasks(order: str, reason: TaskReason) -> list[str]:
    """Roles with an open task of a reason about an order."""
    frappe.db.rollback()
    wanted = {"reference_name": order, "status": "Open", "name": ("like", f"{reason.value}-%")}
    return list(frappe.get_all("ToDo", wanted, pluck="role"))
