"""Ways around the flow that the framework offers: copying, amending, sharing, rows, disabled masters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from frappe.model.workflow import WorkflowTransitionError

from order_flow.api.orders import ship
from order_flow.domain.goods.shipments import ShipmentState
from order_flow.domain.states import (
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    PaymentStatus,
    Role,
)
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, acting_as, new_order, order_in, user_of


def test_a_copy_starts_from_the_beginning(site: Any) -> None:
    """The desk's Duplicate takes the content, not state, money, goods, dates and numbers (R-101)."""
    source = order_in(OrderState.COMPLETED, PaymentFamily.PAY_FIRST)
    copy = site.copy_doc(source, ignore_no_copy=False).insert()
    assert (copy.workflow_state, copy.docstatus) == (OrderState.UNCONFIRMED, 0)
    assert (copy.payment_status, copy.paid_amount or 0) == (PaymentStatus.UNPAID, 0)
    assert copy.delivery_status == DeliveryStatus.NOT_SHIPPED
    assert {line.shipped_quantity or 0 for line in copy.items} == {0}
    assert copy.order_number == copy.name != source.name
    assert copy.customer_order_number == copy.name
    assert copy.ordered_at > source.ordered_at
    assert not (copy.confirmed_at or copy.paid_at or copy.shipped_at or copy.completed_at)
    assert copy.total == source.total


@pytest.mark.parametrize("role", [Role.ORDER_DESK, None], ids=str)
def test_a_cancelled_order_is_not_amended(site: Any, role: Role | None) -> None:
    """An amendment would carry a number that the system did not make (R-101, K-07)."""
    cancelled = order_in(OrderState.CANCELLED, PaymentFamily.PAY_FIRST)
    amended = site.copy_doc(cancelled, ignore_no_copy=False)
    amended.amended_from = cancelled.name
    amended.docstatus = 0
    before = site.db.count("Order")
    with (
        acting_as(user_of(role) if role else "Administrator"),
        pytest.raises((StepRefused, site.PermissionError)),
    ):
        amended.insert()
    assert site.db.count("Order") == before


def test_a_shared_order_gives_no_step(site: Any) -> None:
    """Sharing with all rights does not make an order taker of a planner (R-388)."""
    order = new_order()
    planner = user_of(Role.PLANNING)
    site.share.add("Order", order.name, planner, write=1, submit=1, share=1)
    with acting_as(planner):
        for step in (OrderStep.SEND_TO_REVIEW, OrderStep.CONFIRM, OrderStep.CANCEL):
            document = site.get_doc("Order", order.name)
            with pytest.raises((site.PermissionError, WorkflowTransitionError)):
                site.call("frappe.model.workflow.apply_workflow", document, step.value)
        with pytest.raises(site.PermissionError):
            take_step(site.get_doc("Order", order.name), OrderStep.CONFIRM)
        document = site.get_doc("Order", order.name)
        document.items[0].unit_price = 0.01
        with pytest.raises(site.PermissionError):
            document.save()


@pytest.mark.parametrize(
    ("doctype", "name"),
    [("Sales Channel", OFFLINE_CHANNEL), ("Customer", "Test Customer"), ("Product", PRODUCTS[0])],
)
def test_nothing_is_ordered_from_what_is_disabled(site: Any, doctype: str, name: str) -> None:
    """Neither a new order nor the confirmation of an old one (R-013, R-042)."""
    waiting = new_order()
    master = site.get_doc(doctype, {"customer_name": name} if doctype == "Customer" else name)
    master.update({"enabled": 0, "disabled": 1})
    master.save()
    with pytest.raises((StepRefused, site.LinkValidationError), match="disabled"):
        new_order()
    with pytest.raises((StepRefused, site.LinkValidationError), match="disabled"):
        take_step(site.get_doc("Order", waiting.name), OrderStep.CONFIRM)
    assert site.db.get_value("Order", waiting.name, "workflow_state") == OrderState.UNCONFIRMED


@pytest.mark.parametrize(
    ("typed", "stored"), [({}, 13), ({"tax_percent": 0}, 0), ({"tax_percent": 9}, 9)], ids=str
)
def test_a_typed_tax_rate_stays(site: Any, typed: dict[str, Any], stored: int) -> None:
    """The product's rate fills what was left out; 0 % is a rate too, e.g. for exports (R-044)."""
    line = {"product": PRODUCTS[0], "quantity": 1, "unit_price": 113}
    order = new_order(items=[line | typed])
    assert order.items[0].tax_percent == stored
    assert site.get_doc("Order", order.name).items[0].tax_percent == stored


@pytest.mark.parametrize("field", ["freight", "other_fees", "discount"])
@pytest.mark.parametrize("value", [-1, "NaN", "Infinity", "1e30", "x"])
def test_no_strange_amounts(site: Any, field: str, value: Any) -> None:
    """Negative, endless or no numbers are refused by name, on the order and on its lines (R-044, R-386)."""
    with pytest.raises(site.ValidationError):
        new_order(**{field: value})
    line = {"product": PRODUCTS[0], "quantity": 1, "unit_price": 10}
    for name in ("quantity", "unit_price", "discount"):
        with pytest.raises(site.ValidationError):
            new_order(items=[line | {name: value}])


def test_rows_are_not_added_past_a_confirmed_order(site: Any) -> None:
    """``frappe.client`` offers rows as documents of their own (K-07, R-026)."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    row = {"doctype": "Order Item", "parent": order.name, "parenttype": "Order", "parentfield": "items"}
    row |= {"product": PRODUCTS[0], "quantity": 1, "unit_price": 1}
    total, lines = order.total, len(order.items)
    calls = {
        "frappe.client.insert": {"doc": json.dumps(row)},
        "frappe.client.insert_many": {"docs": json.dumps([row])},
        "frappe.client.delete": {"doctype": "Order Item", "name": order.items[0].name},
        "frappe.client.set_value": {
            "doctype": "Order Item",
            "name": order.items[0].name,
            "fieldname": "unit_price",
            "value": 1,
        },
    }
    for method, arguments in calls.items():
        with pytest.raises(site.ValidationError):
            site.call(method, **arguments)
    stored = site.get_doc("Order", order.name)
    assert (stored.total, len(stored.items)) == (total, lines)


def test_masters_keep_their_names(site: Any) -> None:
    """Codes are known outside; renaming or merging is refused (R-049, R-101)."""
    order = new_order()
    for doctype, name in {"Customer": order.customer, "Product": PRODUCTS[0], "Order": order.name}.items():
        with pytest.raises(site.ValidationError):
            site.call("frappe.client.rename_doc", doctype=doctype, old_name=name, new_name="OTHER")


def test_a_shipped_orders_shipment_is_not_voided(site: Any) -> None:
    """A part that left by mistake is voided; once everything has left no step leads back (R-026, K-06)."""
    order = order_in(OrderState.PAID, PaymentFamily.PAY_FIRST)
    part = [{"order_item": order.items[0].name, "quantity": 1}]
    shipment = site.get_doc("Shipment", ship(order.name, waybill_number="PART", items=part)["shipment"])
    shipment.shipment_state = ShipmentState.VOIDED.value
    shipment.save()
    assert site.db.get_value("Order", order.name, "delivery_status") == DeliveryStatus.NOT_SHIPPED

    shipment = site.get_doc("Shipment", ship(order.name, waybill_number="ALL")["shipment"])
    shipment.shipment_state = ShipmentState.VOIDED.value
    with pytest.raises(StepRefused, match="cannot be voided"):
        shipment.save()
    assert site.db.get_value("Order", order.name, "delivery_status") == DeliveryStatus.SHIPPED
