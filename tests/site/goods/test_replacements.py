"""Cases about goods, and the good pieces that are sent for them (R-303, R-307, R-308, K-22)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.deliveries import close_case, report_trouble, send_replacement
from order_flow.api.orders import confirm_receipt
from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import order_in


def delivered() -> tuple[Any, str]:
    """A completed order, and its shipment."""
    order = order_in(OrderState.COMPLETED, PaymentFamily.PAY_FIRST)
    return order, str(frappe.db.get_value("Shipment", {"order_id": order.name}))


def figures(order: Any) -> tuple[Any, ...]:
    """What a replacement must not move."""
    stored = frappe.get_doc("Order", order.name)
    shipped = [line.shipped_quantity for line in stored.items]
    return stored.workflow_state, stored.shipped_amount, stored.open_amount, stored.delivery_status, shipped


def due(case: str) -> int:
    """Open tasks to send a replacement."""
    name = ("like", f"{TaskReason.REPLACEMENT_DUE.value}-%")
    return int(frappe.db.count("ToDo", {"reference_name": case, "status": "Open", "name": name}))


def test_a_replacement_leaves_after_the_order_is_complete(site: Any) -> None:
    """Settled by a replacement: the warehouse has a task until it has left; the order stays as it is."""
    order, shipment = delivered()
    before = figures(order)
    case = report_trouble(order.name, "Damage", "broken", shipment=shipment)["case"]
    close_case(case, "Replace", cause="packing")
    assert due(case) == 1
    items = [{"order_item": order.items[1].name, "quantity": 1}]
    sent = send_replacement(case, items, carrier="SF", waybill_number="R-1")["shipment"]
    assert send_replacement(case, items, carrier="SF", waybill_number="R-1")["shipment"] == sent
    assert (due(case), figures(order)) == (0, before)
    assert frappe.db.get_value("Shipment", sent, ["delivery_case", "shipment_state"]) == (case, "Shipped")


@pytest.mark.parametrize("quantity", [0, 2.5, -1])
def test_no_more_is_replaced_than_has_left(site: Any, quantity: float) -> None:
    """Two pieces left in that line, one of them is replaced already."""
    order, shipment = delivered()
    case = report_trouble(order.name, "Damage", "broken", shipment=shipment)["case"]
    line = order.items[1].name
    send_replacement(case, [{"order_item": line, "quantity": 1}], waybill_number="R-1")
    with pytest.raises(StepRefused, match="would be replaced"):
        send_replacement(case, [{"order_item": line, "quantity": quantity}], waybill_number="R-2")


def test_a_case_settled_otherwise_sends_nothing(site: Any) -> None:
    """The customer has his money already."""
    order, shipment = delivered()
    case = report_trouble(order.name, "Damage", "broken", shipment=shipment)["case"]
    close_case(case, "Refund", cause="packing")
    assert due(case) == 0
    with pytest.raises(StepRefused, match="Nothing is replaced"):
        send_replacement(case, [{"order_item": order.items[0].name, "quantity": 1}])


def test_nobody_makes_a_shipment_free_by_hand(site: Any) -> None:
    """The case on a shipment is written by the method alone: else goods would leave past every gate."""
    order, shipment = delivered()
    case = report_trouble(order.name, "Damage", "broken", shipment=shipment)["case"]
    values = {
        "doctype": "Shipment",
        "order_id": order.name,
        "delivery_case": case,
        "shipment_state": "Shipped",
    }
    items = [{"order_item": order.items[0].name, "product": "TEST-A", "quantity": 1}]
    with pytest.raises(StepRefused, match="cannot be changed here"):
        frappe.get_doc({**values, "items": items}).insert()


@pytest.mark.parametrize("kind", ["Damage", "Short Delivery", "Wrong Goods", "Receipt Refused", "Loss"])
def test_nothing_is_broken_that_has_not_left(site: Any, kind: str) -> None:
    """A case about goods needs goods that are out."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    with pytest.raises(StepRefused, match="has left yet"):
        report_trouble(order.name, kind, "broken")
    assert report_trouble(order.name, "Delay", "late")["state"] == "Open"


def test_claims_end_however_the_receipt_was_confirmed(site: Any, monkeypatch: Any) -> None:
    """K-22: also where nobody recorded the delivery at the door."""
    order = order_in(OrderState.SHIPPED, PaymentFamily.PAY_FIRST)
    profile = frappe.get_cached_doc("Flow Profile", "Web Shop")
    monkeypatch.setattr(profile, "claim_days", 10)
    monkeypatch.setattr("order_flow.flow.deliveries.claims.profile_of", lambda _order: profile)
    confirm_receipt(order.name)
    assert frappe.db.get_value("Shipment", {"order_id": order.name}, "claim_until")
