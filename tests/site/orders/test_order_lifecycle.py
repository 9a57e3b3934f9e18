"""The order's life on the site: both payment families, from entry to completion (R-016..R-025)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, confirm_receipt, record_payment, ship
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily, PaymentStatus
from tests.site.support.builders import TERM_OF_FAMILY, new_order, order_in, pay_in_full


def test_pay_first_life(site: Any) -> None:
    """未确认 → 已确认 → 已支付 → 已发货 → 已完成 (requirements 2.1, prepaid branch)."""
    order = new_order()
    assert order.workflow_state == OrderState.UNCONFIRMED
    assert confirm(order.name)["state"] == OrderState.CONFIRMED
    assert pay_in_full(order)["state"] == OrderState.PAID
    assert ship(order.name, carrier="SF", waybill_number="SF1")["state"] == OrderState.SHIPPED
    assert confirm_receipt(order.name)["state"] == OrderState.COMPLETED


def test_pay_later_life(site: Any) -> None:
    """未确认 → 已确认 → 已发货 → 已收货 → 已完成 (requirements 2.1, COD branch)."""
    order = new_order(payment_term=TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value)
    confirm(order.name)
    assert ship(order.name, carrier="SF", waybill_number="SF1")["state"] == OrderState.SHIPPED
    assert confirm_receipt(order.name)["state"] == OrderState.RECEIVED
    assert pay_in_full(order)["state"] == OrderState.COMPLETED


@pytest.mark.parametrize("family", list(PaymentFamily))
@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_is_reachable(site: Any, state: OrderState, family: PaymentFamily) -> None:
    """Every state of the table can be reached by ordinary steps, except those of the other branch."""
    other_branch = {PaymentFamily.PAY_FIRST: OrderState.RECEIVED, PaymentFamily.PAY_LATER: OrderState.PAID}
    if other_branch[family] is state:
        return
    assert order_in(state, family).workflow_state == state


def test_totals_are_computed(site: Any) -> None:
    """Total = lines + freight + fees - discount (R-044)."""
    order = new_order(freight=12, other_fees=3, discount=5.5)
    lines = sum(Decimal(number) * Decimal("10.5") * number for number in range(1, 6))
    assert Decimal(str(order.total)) == lines + 12 + 3 - Decimal("5.5")


def test_partial_payment_and_shipment(site: Any) -> None:
    """Statuses are derived from payments and shipments, never set by hand (design 3)."""
    order = new_order()
    confirm(order.name)
    first = record_payment(order.name, 100, "A-1")
    assert (first["state"], first["payment_status"]) == (OrderState.CONFIRMED, PaymentStatus.PARTLY_PAID)
    rest = record_payment(order.name, str(Decimal(str(order.total)) - 100), "A-2")
    assert rest["state"] == OrderState.PAID
    line = frappe.get_doc("Order", order.name).items[4]
    part = ship(order.name, waybill_number="W-1", items=[{"order_item": line.name, "quantity": 2}])
    assert (part["state"], part["delivery_status"]) == (OrderState.PAID, DeliveryStatus.PARTLY_SHIPPED)
    last = ship(order.name, waybill_number="W-2")
    assert (last["state"], last["delivery_status"]) == (OrderState.SHIPPED, DeliveryStatus.SHIPPED)
