"""What field reps and drivers look up: their own, and nothing of others (R-377 to R-379, R-388)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api import field as field_api
from order_flow.api.deliveries import report_trouble
from order_flow.api.orders import ship
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.lifecycle.steps import take_step
from tests.site.support.builders import PRODUCTS, acting_as, new_order, user_of

pytestmark = pytest.mark.usefixtures("site")
REP, DRIVER = user_of(Role.FIELD_REP), user_of(Role.LOGISTICS)


def on_its_way(**fields: Any) -> tuple[str, str]:
    order = new_order(payment_term="Cash on Delivery", **fields)
    take_step(order, OrderStep.CONFIRM)
    return order.name, str(ship(order.name)["shipment"])


def test_a_rep_finds_his_own_orders_and_shipments_only() -> None:
    own, own_shipment = on_its_way(sales_rep=REP)
    others, others_shipment = on_its_way()
    with acting_as(REP):
        found = {row["name"]: row for row in field_api.orders()}
        shipments = {row["name"]: row for row in field_api.shipments()}
    assert own in found
    assert others not in found
    assert found[own]["state"] == "Shipped"
    assert own_shipment in shipments
    assert others_shipment not in shipments
    assert shipments[own_shipment]["lines"][0]["quantity"] > 0


def test_a_driver_sees_all_that_is_on_its_way_without_prices() -> None:
    _order, shipment = on_its_way()
    with acting_as(DRIVER):
        rows = {row["name"]: row for row in field_api.shipments()}
    assert shipment in rows
    assert set(rows[shipment]["lines"][0]) == {"order_item", "product", "quantity", "unit"}


def test_lists_take_the_same_statements_for_one_and_for_many() -> None:
    counts = []
    for _round in range(2):
        on_its_way(sales_rep=REP)
        with acting_as(DRIVER), recorded_statements() as statements:
            field_api.shipments()
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_products_are_found_by_barcode_and_customers_only_in_care() -> None:
    frappe.db.set_value("Product", PRODUCTS[0], "barcode", "6900000000017")
    order = frappe.get_doc("Order", new_order().name)
    with acting_as(REP):
        assert [row["name"] for row in field_api.products("6900000000017")] == [PRODUCTS[0]]
        assert order.customer not in [row["name"] for row in field_api.customers("")]
    frappe.db.set_value("Customer", order.customer, "sales_rep", REP)
    with acting_as(REP):
        assert order.customer in [row["name"] for row in field_api.customers(order.customer_name)]


def test_the_same_report_again_gives_the_same_case() -> None:
    """A phone that lost the answer sends it again."""
    order, _shipment = on_its_way(sales_rep=REP)
    with acting_as(REP):
        first = report_trouble(order, "Damage", "a dent", request_id="phone-77")
        assert report_trouble(order, "Damage", "a dent", request_id="phone-77") == first
    assert frappe.db.count("Delivery Case", {"order_id": order}) == 1


@pytest.mark.parametrize("method", ["customers", "orders", "shipments"])
def test_a_guest_finds_nothing(method: str) -> None:
    with acting_as("Guest"), pytest.raises(frappe.PermissionError):
        getattr(field_api, method)()
