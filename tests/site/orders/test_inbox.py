"""What waits for people is written without locking neighbouring orders (R-386)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.database import get_db

from dev.bench.statements import recorded_statements
from order_flow.api.orders import confirm_receipt, record_payment, ship
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily
from order_flow.flow.lifecycle.steps import take_step
from order_flow.patches.v0_1 import name_what_waits, name_what_waits_of_all
from tests.site.support.builders import PRODUCTS, order_in
from tests.site.support.change_lab import QUANTITY, line_change, written
from tests.site.support.committed_orders import remove_orders

OPEN = "select name, workflow_state from `tabWorkflow Action` where reference_name = %s and status = 'Open'"


@pytest.fixture
def neighbours(site: Any) -> Iterator[tuple[str, str]]:
    """Two committed orders, one after the other."""
    names = [order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST).name for _ in range(2)]
    frappe.db.commit()
    yield names[0], names[1]
    frappe.db.rollback()
    remove_orders(names)


def write_beside(*names: str) -> None:
    """Write work for documents of these names on another connection, without waiting."""
    beside = get_db()
    try:
        beside.sql("set session innodb_lock_wait_timeout = 1")
        for name in names:
            beside.sql(
                """insert into `tabWorkflow Action` (name, reference_doctype, reference_name, status)
                values (%s, 'Order', %s, 'Open')""",
                (f"{name} x", name),
            )
        beside.rollback()
    finally:
        beside.close()


def test_a_step_locks_nothing_of_its_neighbour(neighbours: tuple[str, str]) -> None:
    """While one order's step is not stored yet, work is written for the orders beside it without waiting."""
    first, second = neighbours
    take_step(frappe.get_doc("Order", first), OrderStep.CONFIRM)
    write_beside(first, second)


def _shipped(order: str) -> str:
    take_step(frappe.get_doc("Order", order), OrderStep.CONFIRM)
    return str(ship(order, waybill_number=f"W-{order}")["shipment"])


def _shipped_in_wdt(order: str) -> str:
    """As WDT tells of it: goods in its house, of which nobody here is asked."""
    take_step(frappe.get_doc("Order", order), OrderStep.CONFIRM)
    document = frappe.get_doc("Order", order)
    line = {"order_item": document.items[0].name, "quantity": 1}
    shipment = frappe.new_doc("Shipment")
    values = {"order_id": order, "led_by": "WDT", "shipment_state": "Picking", "items": [line]}
    shipment.update({**values, "wdt_trade_number": f"JY-{order}"})
    shipment.flags.from_wdt = True
    shipment.insert(ignore_permissions=True)
    return str(shipment.name)


def _changed(order: str) -> str:
    take_step(frappe.get_doc("Order", order), OrderStep.CONFIRM)
    document = frappe.get_doc("Order", order)
    return str(written(document, QUANTITY, line_change(document, "quantity", 12)).name)


def _completed(order: str) -> str:
    _shipped(order)
    confirm_receipt(order)
    record_payment(order, 600, f"PAY-{order}", kind="Cash on Delivery")
    return order


@pytest.fixture
def monthly(site: Any) -> Iterator[str]:
    """A committed order that ships before it is paid."""
    line = {"product": PRODUCTS[0], "quantity": 10, "unit_price": 60}
    name = order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_LATER, items=[line]).name
    frappe.db.commit()
    yield name
    frappe.db.rollback()
    remove_orders([name])


@pytest.mark.parametrize("deed", [_shipped, _shipped_in_wdt, _changed, _completed])
def test_what_is_written_locks_nothing_of_its_neighbours(monthly: str, deed: Callable[[str], str]) -> None:
    """The same for shipments, change notices and the last step: the framework searches for none of them."""
    with recorded_statements() as statements:
        name = deed(monthly)
    searched = [
        one
        for one in statements
        if "tabworkflow action`" in one.lower()
        and one.lower().lstrip().startswith(("delete", "update"))
        and "where name =" not in one.lower()
    ]
    assert searched == []
    write_beside(name, f"{name}-1", "ZZZ")


def test_what_waits_at_a_shipment_is_in_one_state(monthly: str) -> None:
    """A parcel that is on its way waits for logistics, a delivered one for nobody."""
    shipment = _shipped(monthly)
    assert frappe.db.sql(OPEN, shipment) == ((f"{shipment} Shipped", "Shipped"),)
    roles = {"parent": f"{shipment} Shipped"}
    assert "Logistics" in frappe.get_all("Workflow Action Permitted Role", roles, pluck="role")
    document = frappe.get_doc("Shipment", shipment)
    document.shipment_state = "In Transit"
    document.save()
    assert frappe.db.sql(OPEN, shipment) == ((f"{shipment} In Transit", "In Transit"),)


def test_what_waits_at_a_change_notice_is_in_one_state(monthly: str) -> None:
    notice = _changed(monthly)
    assert frappe.db.sql(OPEN, notice) == ((f"{notice} Draft", "Draft"),)


def test_what_waited_at_a_shipment_before_gets_its_name(monthly: str) -> None:
    """Rows that the framework named by chance are closed by the next step."""
    shipment = _shipped(monthly)
    frappe.db.sql("update `tabWorkflow Action` set name = 'def' where reference_name = %s", shipment)
    frappe.db.set_value("Workflow Action Permitted Role", {"parent": f"{shipment} Shipped"}, "parent", "def")
    name_what_waits_of_all.execute()
    assert frappe.db.sql(OPEN, shipment) == ((f"{shipment} Shipped", "Shipped"),)
    assert frappe.db.count("Workflow Action Permitted Role", {"parent": f"{shipment} Shipped"})


def test_an_order_waits_in_one_state_at_a_time(neighbours: tuple[str, str]) -> None:
    """Also where it comes back to a state."""
    order = neighbours[0]
    for step in (OrderStep.SEND_TO_REVIEW, OrderStep.RETURN_TO_ENTRY, OrderStep.CONFIRM):
        take_step(frappe.get_doc("Order", order), step)
        state = frappe.db.get_value("Order", order, "workflow_state")
        assert frappe.db.sql(OPEN, order) == ((f"{order} {state}", state),)


def test_what_waited_before_gets_its_name(neighbours: tuple[str, str]) -> None:
    """Rows of an earlier version are found by the next step, with their roles."""
    order = neighbours[0]
    frappe.db.sql("update `tabWorkflow Action` set name = 'abc' where reference_name = %s", order)
    roles = {"parent": f"{order} Unconfirmed"}
    count = frappe.db.count("Workflow Action Permitted Role", roles)
    frappe.db.set_value("Workflow Action Permitted Role", roles, "parent", "abc")
    name_what_waits.execute()
    assert count and frappe.db.count("Workflow Action Permitted Role", roles) == count
    take_step(frappe.get_doc("Order", order), OrderStep.CONFIRM)
    assert frappe.db.sql(OPEN, order) == ((f"{order} Confirmed", "Confirmed"),)
