"""Records how far an order's lines are: bought, in work, packed, invoiced (R-126, R-127)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import frappe
from frappe import _

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message, joined
from order_flow.domain.orders.line_progress import PROGRESS_RULES, ProgressKind
from order_flow.domain.states import ENTRY_STATES, FINAL_STATES, OrderState
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_without_role

PROGRESS_EVENT = "Progress Recorded"


def record_progress(name: str, kind: ProgressKind, quantities: Mapping[str, Decimal]) -> None:
    """Write down for how many pieces of each line something is done; the same again changes nothing.

    Args:
        name: the order.
        kind: what is counted.
        quantities: the quantity reached so far by line id, not what was added.

    Raises:
        StepRefused: an unknown line, a quantity below zero, or an order that is not being worked on.
        frappe.PermissionError: the user's roles do not record this quantity.
    """
    rule = PROGRESS_RULES[kind]
    # The place of the roles stays open for the refusal to fill.
    refuse_without_role(
        rule.roles, _("'{0}' is recorded by: {1}. Ask one of them.").format(_(kind.value), "{0}")
    )
    order = locked_order(name)
    state = OrderState(order.workflow_state)
    if state in ENTRY_STATES or state in FINAL_STATES:
        frappe.throw(
            _("Order {0} is {1}; nothing is bought or made for it now.").format(name, _(state.value)),
            StepRefused,
        )
    lines = {line.name: line for line in order.items}
    for line_id, quantity in quantities.items():
        if line_id not in lines:
            frappe.throw(_("The order has no such line. Choose one of its lines."), StepRefused)
        if quantity < ZERO:
            frappe.throw(
                _("Line {0}: a quantity cannot be below zero.").format(lines[line_id].idx), StepRefused
            )
    changed = {
        line_id: quantity
        for line_id, quantity in quantities.items()
        if Decimal(str(lines[line_id].get(rule.field) or 0)) != quantity
    }
    if not changed:
        return
    for line_id, quantity in changed.items():
        lines[line_id].set(rule.field, float(quantity))
    save_internally(order)
    pieces = ", ".join(f"{lines[line].idx}: {quantity.normalize():f}" for line, quantity in changed.items())
    words = joined((Message(kind.value), pieces))
    record_event(order, PROGRESS_EVENT, order.workflow_state, order.workflow_state, words)
