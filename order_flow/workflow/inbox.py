"""Keeps the framework's Workflow Actions ("waiting for me") with a fixed number of statements.

The framework fills them by asking, for every transition, every user of its role, which grows with the
company. It leaves them alone where they exist already, so they are written here from the lifecycle table.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.states import ROLES_OF_STEP, TRANSITIONS, OrderState, PaymentFamily, Role
from order_flow.flow.rows import insert_rows

_ACTION = "Workflow Action"


def waiting_roles(state: OrderState, family: PaymentFamily) -> tuple[Role, ...]:
    """The roles that can take the order further from a state, without those that could only cancel it."""
    roles = {
        role: None
        for transition in TRANSITIONS
        if transition.source is state and transition.family in (None, family)
        for role in ROLES_OF_STEP[transition.step]
    }
    return tuple(roles)


def refresh_inbox(order: Any) -> None:
    """Close what was waiting before and open what waits now: three statements.

    Args:
        order: the Order document, in its new state.
    """
    frappe.db.sql(
        """update `tabWorkflow Action` set status = 'Completed', completed_by = %s, modified = %s
        where reference_doctype = %s and reference_name = %s and status = 'Open'""",
        (frappe.session.user, now_datetime(), order.doctype, order.name),
    )
    open_inbox(order)


def open_inbox(order: Any) -> None:
    """Write down who may take the order further from its state: two statements.

    Args:
        order: the Order document; nothing is waiting for it.
    """
    now = now_datetime()
    user = frappe.session.user
    state = OrderState(order.workflow_state)
    roles = waiting_roles(state, PaymentFamily(order.payment_family))
    if not roles:
        return
    action = frappe.generate_hash(length=10)
    insert_rows(
        _ACTION,
        [
            "name",
            "creation",
            "modified",
            "owner",
            "modified_by",
            "reference_doctype",
            "reference_name",
            "workflow_state",
            "status",
        ],
        [(action, now, now, user, user, order.doctype, order.name, state.value, "Open")],
    )
    insert_rows(
        "Workflow Action Permitted Role",
        [
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
        ],
        [
            (
                frappe.generate_hash(length=10),
                now,
                now,
                user,
                user,
                action,
                _ACTION,
                "permitted_roles",
                idx,
                role.value,
            )
            for idx, role in enumerate(roles, 1)
        ],
    )
