"""Order Clock: one running limit (R-253). Written by ``flow.clock_store`` only, never by hand."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.flow.records.guards import refuse_by_hand


class OrderClock(Document):
    """Start, due time, state and overrun; nobody changes or erases them."""

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
