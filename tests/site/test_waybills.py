"""One parcel, one waybill: what the desk wrote and what WDT shows (R-026)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, ship
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import reason_of
from order_flow.outbox.accounts import discrepancies
from order_flow.sync.compare.reconcile import reconcile
from tests.site.support.builders import acting_as, pay_in_full, user_of
from tests.site.support.sync_lab import Lab

DESK, THERE = "DESK-1", "THERE-1"


@pytest.fixture
def order(lab: Lab) -> Any:
    """Confirmed, paid, and a trade over there."""
    found = lab.order()
    confirm(found.name)
    pay_in_full(found)
    frappe.db.commit()
    lab.tell_wdt()
    return found


def left_here(order: Any, waybill: str = DESK) -> str:
    shipment = ship(order.name, carrier="SF", waybill_number=waybill)["shipment"]
    frappe.db.commit()
    return str(shipment)


def left_there(lab: Lab, order: Any, waybill: str) -> None:
    lab.ship_in_wdt(order.name, logistics_no=waybill)
    lab.read_wdt()


def tasks(shipment: str) -> list[str]:
    frappe.db.rollback()
    about = {"reference_name": shipment, "status": "Open"}
    return [reason_of(name) for name in frappe.get_all("ToDo", about, pluck="name")]


def waybill_of(shipment: str) -> str:
    frappe.db.rollback()
    return str(frappe.db.get_value("Shipment", shipment, "waybill_number"))


def differences(order: Any) -> list[str]:
    """What a comparison of the three sides finds; those it expects to vanish among them."""
    frappe.db.commit()
    return [one["kind"] for one in reconcile([order.name])[0]["differences"]]


def test_the_same_number_on_both_sides_is_nothing_to_look_at(lab: Lab, order: Any) -> None:
    shipment = left_here(order)
    assert tasks(shipment) == [TaskReason.SHIP_IN_WDT]
    left_there(lab, order, DESK)
    assert (tasks(shipment), lab.discrepancies(order), differences(order)) == ([], [], [])


def test_a_parcel_without_number_takes_wdts(lab: Lab, order: Any) -> None:
    shipment = left_here(order, "")
    left_there(lab, order, THERE)
    assert (waybill_of(shipment), lab.discrepancies(order), differences(order)) == (THERE, [], [])


def test_another_number_is_asked_about_at_once_and_kept(lab: Lab, order: Any) -> None:
    """Reading it again changes nothing: the parcel carries the desk's number until somebody looked."""
    shipment = left_here(order)
    left_there(lab, order, THERE)
    for _time in range(2):
        assert waybill_of(shipment) == DESK
        assert tasks(shipment) == [TaskReason.WAYBILL_DIFFERS]
        assert lab.discrepancies(order) == ["Shipment Differs"]
        assert differences(order) == ["Shipment Differs"]
        lab.read_wdt()


def test_the_number_is_corrected_here(lab: Lab, order: Any) -> None:
    shipment = left_here(order)
    left_there(lab, order, THERE)
    with acting_as(user_of(Role.WAREHOUSE)):
        document = frappe.get_doc("Shipment", shipment)
        document.waybill_number = THERE
        document.save()
    frappe.db.commit()
    assert (tasks(shipment), lab.discrepancies(order), differences(order)) == ([], [], [])


def test_the_number_is_corrected_over_there(lab: Lab, order: Any) -> None:
    shipment = left_here(order)
    left_there(lab, order, THERE)
    lab.wdt.verb("correct_waybill", tid=order.name, logistics_no=DESK)
    lab.read_wdt()
    assert differences(order) == []
    assert (tasks(shipment), lab.discrepancies(order)) == ([], [])


def test_who_says_that_it_is_no_problem_ends_the_task(lab: Lab, order: Any) -> None:
    shipment = left_here(order)
    left_there(lab, order, THERE)
    frappe.db.rollback()
    name = frappe.db.get_value("Sync Discrepancy", {"document": order.name, "state": "Open"})
    discrepancies.dismiss(name, "two labels on one parcel")
    frappe.db.commit()
    assert tasks(shipment) == []
