"""The desk shipped, and WDT ships or cancels the same goods: who does what, in true words (R-026)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.workflow import apply_workflow

from order_flow.api.orders import confirm, ship, why
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.sync.compare.repairs import read_unfit_again
from order_flow.sync.wdt import unfit_shipments
from order_flow.sync.wdt.unfit_shipments import report_unfit
from tests.site.support.builders import acting_as, pay_in_full, user_of
from tests.site.support.change_lab import QUANTITY, applied, line_change
from tests.site.support.sync_lab import Lab
from tests.site.test_waybills import tasks


@pytest.fixture
def order(lab: Lab) -> Any:
    """Confirmed, paid, and a trade over there."""
    found = lab.order()
    confirm(found.name)
    pay_in_full(found)
    frappe.db.commit()
    lab.tell_wdt()
    return found


def left_here(order: Any, *, part: bool) -> str:
    """The shipment of the desk: one piece of the first line, or everything."""
    items = [{"order_item": order.items[0].name, "quantity": 1}] if part else None
    shipment = ship(order.name, carrier="SF", waybill_number="DESK", items=items)["shipment"]
    frappe.db.commit()
    return str(shipment)


def test_a_part_left_here_and_wdt_ships_everything(
    lab: Lab, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The warehouse is told what to do about its parcel; then WDT's shipment is read again by itself."""
    shipment = left_here(order, part=True)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    assert lab.discrepancies(order) == ["Shipment Differs"]
    standing = why(order.name)
    assert "void it" in standing["sentence"]
    assert "Ship the remaining quantities" not in standing["sentence"]
    assert tasks(shipment) == [TaskReason.SHIP_IN_WDT]
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        unfit_shipments.frappe, "enqueue", lambda job, **values: asked.append({"job": job, **values})
    )
    with acting_as(user_of(Role.WAREHOUSE)):
        apply_workflow(frappe.get_doc("Shipment", shipment), "Void Shipment")
    frappe.db.commit()
    monkeypatch.undo()
    (job,) = (each for each in asked if each["job"] == unfit_shipments.JOB)
    read_unfit_again(job["order"], job["account"])
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.delivery_status) == ("Shipped", "Shipped")
    assert (lab.discrepancies(order), tasks(shipment)) == ([], [])


def test_more_left_in_wdt_than_is_ordered(order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order desk is named; what fits once the order was raised is read again by itself."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        unfit_shipments.frappe, "enqueue", lambda job, **values: asked.append({"job": job, **values})
    )
    document = locked_order(order.name)
    report_unfit(document, "JY-1", StepRefused("3 would be shipped, but only 2 of 2 is open."))
    reason = next(one for one in why(order.name)["reasons"] if one["code"] == "more_left_than_ordered")
    assert reason["freed_by"] == ("Order Desk",)
    assert "change notice" in reason["text"]
    applied(order, QUANTITY, line_change(order, "quantity", float(order.items[0].quantity) + 1))
    (job,) = (each for each in asked if each["job"] == unfit_shipments.JOB)
    assert job["order"] == order.name


def test_all_left_here_and_wdt_cancels(lab: Lab, order: Any) -> None:
    """Nothing can be shipped over there any more: its stock is put right by hand, and is asked for once."""
    shipment = left_here(order, part=False)
    assert tasks(shipment) == [TaskReason.SHIP_IN_WDT]
    lab.wdt.settle()
    lab.warehouse(order.name, "cancel")
    lab.read_wdt()
    assert lab.reload(order).workflow_state == "Shipped"
    assert tasks(shipment) == [TaskReason.BOOK_OUT_BY_HAND]
    assert lab.discrepancies(order) == ["Contradiction"]
    summary = frappe.db.get_value("Sync Discrepancy", {"document": order.name, "state": "Open"}, "summary")
    assert "books them out" in summary
    frappe.db.set_value("ToDo", {"reference_name": shipment}, "status", "Closed")
    frappe.db.commit()
    lab.read_wdt()
    assert tasks(shipment) == []
