"""Limits that start with an event nothing tells were shipped switched on; they could never begin."""

from __future__ import annotations

import frappe

from order_flow.domain.clocks.model import NOT_RAISED_YET
from order_flow.flow.clocks.rules import forget_rules


def execute() -> None:
    """Switch them off; the planning of production and purchases switches them on."""
    events = [event.value for event in NOT_RAISED_YET]
    frappe.db.set_value("Clock Rule", {"start_event": ("in", events), "enabled": 1}, "enabled", 0)
    forget_rules()
