"""What an order is about and how urgent it is decide who works on it, and how soon (R-008..R-012, R-065)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.defaults.shipped_reviews import OMM
from order_flow.domain.orders.classes import OrderKind, Urgency
from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import acting_as, new_order, order_in, pay_in_full, user_of
from tests.site.support.review_cases import channel_of


def teams(order: str) -> list[str]:
    """Roles with an open task about an order."""
    found = {"reference_type": "Order", "reference_name": order, "status": "Open"}
    return sorted(filter(None, frappe.get_all("ToDo", found, pluck="role")))


@pytest.mark.parametrize(
    "kind, team",
    [
        (OrderKind.PRODUCT_SALE, []),
        (OrderKind.AFTER_SALES_SERVICE, [Role.AFTER_SALES]),
        (OrderKind.COMPLAINT, [Role.AFTER_SALES, Role.QUALITY]),
        (OrderKind.REFUND, [Role.FINANCE]),
    ],
    ids=str,
)
def test_an_order_goes_to_the_team_of_its_kind(site: Any, kind: OrderKind, team: list[Role]) -> None:
    """R-012: a sale stays in the order desk's inbox."""
    order = new_order(order_kind=kind.value)
    assert teams(order.name) == team
    order.seller_memo = "again"
    order.save()
    assert teams(order.name) == team


def test_a_kind_that_was_entered_wrong_is_routed_when_it_is_corrected(site: Any) -> None:
    """R-012, R-065."""
    order = new_order()
    order.order_kind = OrderKind.COMPLAINT.value
    order.save()
    assert teams(order.name) == [Role.AFTER_SALES, Role.QUALITY]
    order.reload()
    order.order_kind = OrderKind.PRODUCT_SALE.value
    order.save()
    assert frappe.db.count("ToDo", {"reference_name": order.name, "status": "Open"}) == 0


@pytest.mark.parametrize(
    "urgency, rule, hours",
    [
        (Urgency.NORMAL, "R-224-N", 24),
        (Urgency.EXPEDITED, "R-224-S", 12),
        (Urgency.URGENT, "R-224-U", 2),
    ],
    ids=str,
)
def test_the_urgency_selects_the_handling_time(site: Any, urgency: Urgency, rule: str, hours: int) -> None:
    """R-011, R-224: one of the three shipped limits runs, counted from the order's arrival."""
    order = new_order(channel=channel_of(OMM), urgency=urgency.value, emergency_cause="Other")
    limits = {"order_id": order.name, "rule": ("like", "R-224-%")}
    running = frappe.get_all("Order Clock", limits, ["rule", "opens_at", "due_at"])
    assert [clock.rule for clock in running] == [rule]
    stored = frappe.db.get_value("Clock Rule", rule, ["amount", "unit"])
    assert stored == (hours, "Hours")
    received = frappe.utils.get_datetime(order.ordered_at).replace(microsecond=0)
    assert (running[0].due_at - received).total_seconds() == hours * 3600


def test_a_corrected_entry_is_on_record(site: Any) -> None:
    """R-065: who corrected it and when in the timeline, what it was before in the version."""
    order = new_order(mobile="13800000000")
    with acting_as(user_of(Role.ORDER_DESK)):
        entry = frappe.get_doc("Order", order.name)
        entry.mobile = "13911111111"
        entry.save()
    edits = frappe.get_all("Order Event", {"order_id": order.name, "step": "Edit"}, ["actor", "state_after"])
    assert [(row.actor, row.state_after) for row in edits] == [
        (user_of(Role.ORDER_DESK), OrderState.UNCONFIRMED)
    ]
    (version,) = frappe.get_all("Version", {"ref_doctype": "Order", "docname": order.name}, ["owner", "data"])
    changed = {name: (old, new) for name, old, new in frappe.parse_json(version.data)["changed"]}
    assert (version.owner, changed["mobile"]) == (user_of(Role.ORDER_DESK), ("13800000000", "13911111111"))


def test_a_sale_is_over_when_what_was_shipped_is_paid(site: Any) -> None:
    """R-008: shipped and unpaid stays open for settlement."""
    order = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
    assert order.settlement_status == "Open"
    pay_in_full(order)
    order.reload()
    assert order.settlement_status == "Settled"
