"""What an order says about itself is true: whom it names can do it."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api import hold, release_hold, why
from order_flow.domain.gates.model import GateCode
from order_flow.domain.states import Role
from order_flow.flow.holds import HOLDER_ROLES
from tests.site.builders import acting_as, new_order, user_of


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
