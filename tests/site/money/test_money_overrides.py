"""Who lets an order pass although money is missing, and who does not (R-153, R-162, R-163, K-14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.api.gates import override_gate, release_to_planning
from order_flow.api.orders import confirm, record_payment, ship
from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.states import PaymentTerm, Role
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, user_of
from tests.site.support.money_lab import (
    contract_order,
    credit_customer,
    footprint,
    money,
    money_channel,
    new_customer,
    stored,
    to_planning,
)

__all__ = ["money", "money_channel"]
pytestmark = pytest.mark.usefixtures("money")


def without_deposit() -> Any:
    """A confirmed order whose deposit of 300 is missing."""
    order = contract_order(new_customer(), PaymentTerm.DEPOSIT_AND_BALANCE)
    confirm(order.name)
    return order


def over_the_limit() -> Any:
    """A confirmed order of 1000 on a limit of 500."""
    order = contract_order(credit_customer(500), PaymentTerm.MONTHLY_ACCOUNT)
    confirm(order.name)
    return order


def without_letter() -> Any:
    """A confirmed order whose letter of credit is missing."""
    order = contract_order(new_customer(), PaymentTerm.LETTER_OF_CREDIT)
    confirm(order.name)
    return order


def let_pass(order: Any, gate: GateCode, role: Role, point: CheckPoint = CheckPoint.PLANNING) -> None:
    """Override a gate as somebody with one role."""
    with acting_as(user_of(role)):
        override_gate(
            order.name,
            gate.value,
            point.value,
            kind="Manager Override",
            reason="agreed with the general manager",
            due_date=add_days(nowdate(), 7),
        )


CASES: list[tuple[Callable[[], Any], GateCode, Role, tuple[Role, ...]]] = [
    (without_deposit, GateCode.DEPOSIT_MISSING, Role.SALES_MANAGER, (Role.SALES, Role.FINANCE)),
    (
        over_the_limit,
        GateCode.CREDIT_OVER_LIMIT,
        Role.MARKETING_DIRECTOR,
        (Role.SALES, Role.SALES_MANAGER, Role.FINANCE),
    ),
    (
        without_letter,
        GateCode.LETTER_OF_CREDIT_MISSING,
        Role.SALES_MANAGER,
        (Role.ORDER_DESK, Role.SALES, Role.PLANNING),
    ),
]


@pytest.mark.parametrize("build, gate, may, may_not", CASES, ids=[case[1].value for case in CASES])
def test_a_named_override_by_the_right_role(
    build: Callable[[], Any], gate: GateCode, may: Role, may_not: tuple[Role, ...]
) -> None:
    """R-153, K-14: refused for all others without a trace; then the order goes on, and the event says why."""
    order = build()
    with pytest.raises(StepRefused):
        release_to_planning(order.name)
    before = footprint(order)
    for role in may_not:
        with pytest.raises((frappe.PermissionError, StepRefused)):
            let_pass(order, gate, role)
    assert footprint(order) == before
    let_pass(order, gate, may)
    release_to_planning(order.name)
    assert stored(order).planning_released_at
    remarks = frappe.get_all("Order Event", {"order_id": order.name}, pluck="remark")
    assert any("Overridden" in (remark or "") for remark in remarks)


def test_an_override_counts_for_what_was_looked_at_only() -> None:
    """K-14: 300 missing was let pass; 200 missing is another fact, and shipping another check point."""
    order = without_deposit()
    let_pass(order, GateCode.DEPOSIT_MISSING, Role.SALES_MANAGER)
    to_planning(order)
    record_payment(order.name, 100, "PART", kind="Deposit")
    with pytest.raises(StepRefused, match="200"):
        to_planning(order)


def test_credit_let_pass_at_planning_is_asked_again_at_shipping() -> None:
    """R-163: every check point for itself."""
    order = over_the_limit()
    let_pass(order, GateCode.CREDIT_OVER_LIMIT, Role.MARKETING_DIRECTOR)
    release_to_planning(order.name)
    with pytest.raises(StepRefused, match="his limit is 500"):
        ship(order.name)
    let_pass(order, GateCode.CREDIT_OVER_LIMIT, Role.MARKETING_DIRECTOR, CheckPoint.SHIP)
    ship(order.name)
    assert stored(order).delivery_status == "Shipped"
