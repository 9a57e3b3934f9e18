"""R-231 ended with the first answer of any department; sites from before get its own event."""

from __future__ import annotations

import frappe

from order_flow.domain.clocks.model import ClockEvent
from order_flow.flow.clocks.rules import forget_rules

_RULE = "R-231"


def execute() -> None:
    """Change the event where the limit still stops at what was shipped; who set other events keeps them."""
    rows = frappe.get_all(
        "Clock Rule Event", {"parent": _RULE, "parentfield": "stop_events"}, ["name", "event"]
    )
    if [row.event for row in rows] == [ClockEvent.CHANGE_ANSWERED.value]:
        frappe.db.set_value(
            "Clock Rule Event", rows[0].name, "event", ClockEvent.TECHNICAL_CHANGE_ANSWERED.value
        )
        forget_rules()
