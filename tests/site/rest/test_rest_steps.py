"""The matrix of states and steps over HTTP: PUT of a state to the web server (R-026)."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
import pytest

from order_flow.domain.states import (
    CALLED_OFF_STATES,
    DOCSTATUS,
    ORDER,
    DeliveryStatus,
    OrderState,
    PaymentFamily,
)
from tests.site.orders.test_illegal_steps import Orders, order_with_clear_gates
from tests.site.support.committed_orders import remove_orders, restore, stored_rows
from tests.site.support.rest_client import Callers, message_of

RULE, ROLE = 417, 403


@pytest.fixture(scope="module")
def orders(test_site: str) -> Iterator[Orders]:
    """One committed order in every state of every family, whose gates are clear."""
    frappe.set_user("Administrator")
    names: Orders = {}
    try:
        for family in PaymentFamily:
            for state in OrderState:
                names[state, family] = order_with_clear_gates(state, family)
        frappe.db.commit()
        yield names
    finally:
        remove_orders(names.values())


@pytest.mark.parametrize("family", list(PaymentFamily), ids=str)
@pytest.mark.parametrize("source", list(OrderState), ids=str)
def test_put_of_a_state(callers: Callers, orders: Orders, source: OrderState, family: PaymentFamily) -> None:
    """Legal targets are taken, all others are answered with a refusal and change nothing (R-026).

    These orders are paid and shipped, so facts lead them on from the target at once.
    """
    frappe.db.rollback()
    order, admin = orders[source, family], callers.of("Administrator")
    before = stored_rows(order)
    legal = {target for target in OrderState if ORDER.between(source, target, family)}
    for target in set(OrderState) - legal - {source}:
        answer = admin.put(
            f"resource/Order/{order}", workflow_state=target.value, docstatus=DOCSTATUS[target]
        )
        assert answer.status_code in (RULE, ROLE), (target, answer.text)
        assert message_of(answer), answer.text
    frappe.db.rollback()
    assert stored_rows(order) == before
    for target in legal:
        if target in CALLED_OFF_STATES:
            # The one step that nothing may have left for.
            frappe.db.set_value("Order", order, "delivery_status", DeliveryStatus.NOT_SHIPPED.value)
            frappe.db.commit()
        answer = admin.put(
            f"resource/Order/{order}", workflow_state=target.value, docstatus=DOCSTATUS[target]
        )
        assert answer.status_code == 200, answer.text
        frappe.db.rollback()
        taken = frappe.get_all(
            "Order Event",
            {"order_id": order, "name": ("not in", [row[0] for row in before["Order Event"]] or [""])},
            ["state_before", "state_after"],
            order_by="creation",
        )
        assert (taken[0].state_before, taken[0].state_after) == (source, target)
        assert answer.json()["data"]["workflow_state"] == taken[-1].state_after
        restore(order, before)


def test_delete_is_refused(callers: Callers, orders: Orders) -> None:
    """DELETE removes no order, not even for an administrator (R-149, R-382)."""
    for order in orders.values():
        assert callers.of("Administrator").delete(f"resource/Order/{order}").status_code in (RULE, ROLE)
    frappe.db.rollback()
    assert frappe.db.count("Order", {"name": ("in", list(orders.values()))}) == len(orders)
