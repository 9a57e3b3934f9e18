"""A procedure of its own for tests of clocks: profile, channel and rules, without any gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe

from order_flow.domain.clocks.model import ClockEvent, Unit
from order_flow.flow.clocks.rules import forget_rules
from order_flow.flow.clocks.store import CALL, CLOCK
from order_flow.flow.records.rows import insert_rows
from tests.site.support.builders import new_order

PROFILE = "Test Clocks"
CHANNEL = "Clock Counter"
NOON = datetime(2026, 11, 25, 12, 0)
OWNER, SUPERIOR = "Sales", "Sales Manager"


class ClockLab:
    """Makes rules and orders that listen to them."""

    def __init__(self) -> None:
        if not frappe.db.exists("Flow Profile", PROFILE):
            frappe.get_doc({"doctype": "Flow Profile", "profile_name": PROFILE}).insert()
        if not frappe.db.exists("Sales Channel", CHANNEL):
            frappe.get_doc(
                {"doctype": "Sales Channel", "channel_name": CHANNEL, "flow_profile": PROFILE}
            ).insert()

    def rule(self, code: str = "T-1", **values: Any) -> Any:
        """A stored rule of the test's procedure: received to confirmed in four hours."""
        document = frappe.get_doc(
            {
                "doctype": "Clock Rule",
                "code": code,
                "title": f"Limit {code}",
                "start_event": ClockEvent.ORDER_RECEIVED.value,
                "stop_events": [{"event": ClockEvent.ORDER_CONFIRMED.value}],
                "amount": 4,
                "unit": Unit.HOURS.value,
                "working_calendar": "China",
                "owner_role": OWNER,
                "ladder": [{"percent": 80, "role": OWNER}, {"percent": 150, "role": SUPERIOR}],
                "profiles": [{"flow_profile": PROFILE}],
                **values,
            }
        )
        return document.insert()

    def order(self, **values: Any) -> Any:
        """A new order of the test's procedure."""
        return new_order(channel=CHANNEL, **values)

    def clocks(self, order: str, rule: str = "T-1") -> list[Any]:
        """The stored clocks of a rule on an order, oldest run first."""
        return frappe.get_all(CLOCK, {"order_id": order, "rule": rule}, ["*"], order_by="run")

    def only(self, order: str, rule: str = "T-1") -> Any:
        """The one clock of a rule on an order."""
        (clock,) = self.clocks(order, rule)
        return clock

    def calls(self, clock: str) -> list[Any]:
        """The calls of a clock, by rung."""
        return frappe.get_all(CALL, {"clock": clock}, ["*"], order_by="rung")

    @staticmethod
    def forget() -> None:
        """Let no cached rule outlive the test that made it."""
        forget_rules()


def many_clocks(count: int, order: str, due: datetime) -> None:
    """So many running clocks of one order, each with a call an hour before and one at the due time."""
    stamp = {"creation": NOON, "modified": NOON, "owner": "Administrator", "modified_by": "Administrator"}
    fixed = {
        **stamp,
        "order_id": order,
        "rule": "T-1",
        "title": "Limit T-1",
        "state": "Running",
        "kind": "Deadline",
        "purpose": "Alarm",
        "owner_role": OWNER,
        "unit": "Hours",
        "working_calendar": "China",
        "opens_at": NOON,
        "due_at": due,
    }
    names = [f"many-{number:06}" for number in range(count)]
    insert_rows(CLOCK, ["name", *fixed], [(name, *fixed.values()) for name in names])
    columns = ["name", *stamp, "clock", "rung", "percent", "role", "at"]
    insert_rows(
        CALL,
        columns,
        [
            (f"{name}-{rung}", *stamp.values(), name, rung, percent, role, due - before)
            for name in names
            for rung, percent, role, before in (
                (1, 80, OWNER, timedelta(hours=1)),
                (2, 100, SUPERIOR, timedelta(0)),
            )
        ],
    )
