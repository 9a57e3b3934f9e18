"""Order Clock: one running limit (R-253). Written by ``flow.clock_store`` only, never by hand."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.flow.records.guards import refuse_by_hand


class OrderClock(Document):
    """Start, due time, state and overrun; nobody changes or erases them."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        calendar_uncertain: DF.Check
        due_at: DF.Datetime | None
        flow_profile: DF.Data | None
        is_late: DF.Check
        kind: DF.Literal["Deadline", "Period"]
        opens_at: DF.Datetime | None
        order_id: DF.Link | None
        overrun_minutes: DF.Int
        owner_role: DF.Link
        pause_reasons: DF.Data | None
        paused_at: DF.Datetime | None
        paused_minutes: DF.Int
        purpose: DF.Literal["Alarm", "Escalation"]
        reference_name: DF.Data | None
        reference_type: DF.Data | None
        remark: DF.SmallText | None
        rule: DF.Link
        run: DF.Int
        started_at: DF.Datetime | None
        state: DF.Literal["Running", "Paused", "Met", "Missed", "Void"]
        stopped_at: DF.Datetime | None
        stopped_by: DF.Link | None
        title: DF.Data | None
        unit: DF.Literal[
            "Minutes", "Hours", "Calendar Days", "Months", "Working Minutes", "Working Hours", "Working Days"
        ]
        working_calendar: DF.Link | None
    # end: auto-generated types

    def validate(self) -> None:
        """Not by REST, import or script either."""
        refuse_by_hand(self)

    def on_trash(self) -> None:
        """An overrun is not erasable (R-253)."""
        refuse_by_hand(self)


def on_doctype_update() -> None:
    """Create the indexes for the sweep, the order's form and the lists."""
    frappe.db.add_index("Order Clock", ["order_id", "rule"], index_name="order_rule")
    frappe.db.add_index("Order Clock", ["state", "is_late", "due_at"], index_name="state_late_due")
    frappe.db.add_index("Order Clock", ["owner_role", "state", "due_at"], index_name="role_state_due")
    frappe.db.add_index("Order Clock", ["stopped_at"], index_name="stopped")
    frappe.db.add_index("Order Clock", ["rule", "state"], index_name="rule_state")
