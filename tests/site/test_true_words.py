"""What an order says about itself is true: whom it names can do it."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, hold, release_hold, why
from order_flow.defaults.change_kinds import install_change_kinds
from order_flow.defaults.shipped_change_kinds import SETTLED_POINT
from order_flow.domain.changes.model import ChangeState
from order_flow.domain.gates.model import GateCode
from order_flow.domain.states import OrderState, Role
from order_flow.flow.lifecycle.holds import HOLDER_ROLES
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.change_lab import order_change, written


def freed_by(order: str, code: GateCode) -> list[str]:
    """Whom ``why`` names for an open gate."""
    (reason,) = (each for each in why(order)["reasons"] if each["code"] == code.value)
    return list(reason["freed_by"])


def test_why_names_exactly_those_who_may_release_a_hold(site: Any) -> None:
    order = new_order().name
    hold(order, "the customer asks")
    named = freed_by(order, GateCode.ON_HOLD)
    for role in HOLDER_ROLES - set(named):
        with acting_as(user_of(Role(role))), pytest.raises(frappe.PermissionError):
            release_hold(order)
    for role in named:
        with acting_as(user_of(Role(role))):
            release_hold(order)
        assert not frappe.db.get_value("Order", order, "on_hold"), role
        hold(order, "the customer asks")


def test_what_was_settled_late_is_entered_by_a_notice_as_the_gate_says(site: Any) -> None:
    """After the confirmation no form edits these fields; the notice takes effect when it is sent."""
    install_change_kinds()
    order = new_order()
    confirm(order.name)
    fields = {"contract_number": "HT-2026-7", "availability_confirmed": 1, "special_request_settled": 1}
    changes = [order_change(field, value) for field, value in fields.items()]
    notice = written(order, SETTLED_POINT, *changes, send=True)
    assert notice.change_state == ChangeState.APPLIED
    stored = frappe.get_doc("Order", order.name)
    assert {field: stored.get(field) for field in fields} == fields


def test_a_new_order_that_says_it_is_paid_is_told_how_it_gets_there(site: Any) -> None:
    """Not that it is finished."""
    with pytest.raises(StepRefused, match="begins as Unconfirmed, not as Paid") as refused:
        new_order(workflow_state=OrderState.PAID.value)
    assert "finished" not in str(refused.value)
