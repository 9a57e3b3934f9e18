"""Keeps the framework's Workflow Actions ("waiting for me") with a fixed number of statements.

The framework fills them by asking, for every transition, every user of its role, which grows with the
company. It leaves them alone where they exist already, so they are written here from the lifecycle table.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.states import ROLES_OF_STEP, TRANSITIONS, OrderState, PaymentFamily, Role
from order_flow.flow.rows import insert_new_rows

_ACTION, _ROLES = "Workflow Action", "Workflow Action Permitted Role"
_ROLE_COLUMNS = (
    "name",
    "creation",
    "modified",
    "owner",
    "modified_by",
    "parent",
    "parenttype",
    "parentfield",
    "idx",
    "role",
)


def waiting_roles(state: OrderState, family: PaymentFamily) -> tuple[Role, ...]:
    """The roles that can take the order further from a state, without those that could only cancel it."""
    roles = {
        role: None
        for transition in TRANSITIONS
        if transition.source is state and transition.family in (None, family)
        for role in ROLES_OF_STEP[transition.step]
    }
    return tuple(roles)


def refresh_inbox(order: Any, before: OrderState) -> None:
    """Close what was waiting before and open what waits now: three statements.

    Args:
        order: the Order document, in its new state.
        before: the state that it came from.
    """
    frappe.db.sql(
        """update `tabWorkflow Action` set status = 'Completed', completed_by = %s, modified = %s
        where name = %s""",
        (frappe.session.user, now_datetime(), _name(order, before)),
    )
    open_inbox(order)


def open_inbox(order: Any) -> None:
    """Write down who may take the order further from its state: two statements.

    Args:
        order: the Order document; nothing is waiting for it.
    """
    state = OrderState(order.workflow_state)
    roles = waiting_roles(state, PaymentFamily(order.payment_family))
    if not roles:
        return
    action, now, user = _name(order, state), now_datetime(), frappe.session.user
    # An order that goes back to a state waits there again.
    frappe.db.sql(
        """insert into `tabWorkflow Action` (name, creation, modified, owner, modified_by, reference_doctype,
            reference_name, workflow_state, status)
        values (%s, %s, %s, %s, %s, %s, %s, %s, 'Open')
        on duplicate key update status = 'Open', completed_by = null, modified = values(modified)""",
        (action, now, now, user, user, order.doctype, order.name, state.value),
    )
    frame = (now, now, user, user, action, _ACTION, "permitted_roles")
    rows = [(f"{action} {role.value}", *frame, idx, role.value) for idx, role in enumerate(roles, 1)]
    insert_new_rows(_ROLES, _ROLE_COLUMNS, rows)


def _name(order: Any, state: OrderState) -> str:
    """The name of what waits in a state.

    It can be told without looking, so that no statement searches the table: a search that locks also locks
    the gaps between the orders, and people at neighbouring orders would wait for each other in a circle.
    """
    return f"{order.name} {state.value}"
